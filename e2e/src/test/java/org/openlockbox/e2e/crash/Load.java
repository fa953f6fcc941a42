package org.openlockbox.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Everybody at work at once, each on a thread of their own, until the end.
final class Load {
  private final List<Reader> readers;
  private final Desk desk;
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  private Load(List<Reader> readers, Desk desk) {
    this.readers = readers;
    this.desk = desk;
  }

  static Load begin(String round, List<Reader> readers, Desk desk) {
    var load = new Load(List.copyOf(readers), desk);
    desk.begin(round);
    load.start(round + "-desk", desk::run);
    for (Reader reader : readers) {
      reader.markers().begin(round);
      load.start(round + "-reader", reader::run);
    }
    return load;
  }

  private void start(String name, Runnable work) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .uncaughtExceptionHandler((_, why) -> failures.add(why))
            .start(work));
  }

  /// Whether each reader has had a result in this round and the desk an approval.
  boolean isUnderWay() {
    assertThat(failures).isEmpty();
    return desk.hasApproved()
        && readers.stream().map(Reader::markers).noneMatch(markers -> markers.received().isEmpty());
  }

  /// Waits until nobody works any more; the program is dead, so that is soon.
  void end() throws InterruptedException {
    readers.stream().map(Reader::markers).forEach(Markers::stop);
    desk.stop();
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(40))).as(thread.getName() + " ends").isTrue();
    }
    assertThat(failures).isEmpty();
  }
}
