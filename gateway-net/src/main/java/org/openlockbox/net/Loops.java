package org.openlockbox.net;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// The event loops of a gateway, one for each core; sessions take turns.
public final class Loops implements AutoCloseable {
  private final List<Loop> all;
  private final AtomicInteger given = new AtomicInteger();

  public Loops(int count) {
    this.all =
        IntStream.range(0, count)
            .mapToObj(i -> new Loop(Thread.ofPlatform().name("session-loop-" + i).daemon()))
            .toList();
  }

  public Loops start() {
    all.forEach(Loop::start);
    return this;
  }

  /// Whether all of them serve.
  public boolean areRunning() {
    return all.stream().allMatch(Loop::isRunning);
  }

  public Loop next() {
    return all.get(Math.floorMod(given.getAndIncrement(), all.size()));
  }

  @Override
  public void close() {
    all.forEach(Loop::close);
  }
}
