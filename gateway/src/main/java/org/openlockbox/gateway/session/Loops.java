package org.openlockbox.gateway.session;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// The event loops of a gateway, one for each core; sessions take turns.
final class Loops implements AutoCloseable {
  private final List<Loop> all;
  private final AtomicInteger given = new AtomicInteger();

  Loops(int count) {
    this.all =
        IntStream.range(0, count)
            .mapToObj(i -> new Loop(Thread.ofPlatform().name("session-loop-" + i).daemon()))
            .toList();
  }

  Loops start() {
    all.forEach(Loop::start);
    return this;
  }

  Loop next() {
    return all.get(Math.floorMod(given.getAndIncrement(), all.size()));
  }

  @Override
  public void close() {
    all.forEach(Loop::close);
  }
}
