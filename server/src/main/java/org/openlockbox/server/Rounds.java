package org.openlockbox.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.server.problem.Lasting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that is repeated until the server closes, each kind on its own thread. A round that fails
/// is tried again at the next, and reported where it fails otherwise than the one before; every
/// kind of work here is safe on several servers at once and picks up what a dead one left.
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private final Lasting lasting = new Lasting(LOG);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  void every(Duration pause, String name, Runnable work) {
    threads.add(Thread.ofVirtual().name(name).start(() -> repeat(pause, name, work)));
  }

  private void repeat(Duration pause, String name, Runnable work) {
    while (!closed) {
      try {
        work.run();
        lasting.over(name, "goes on");
      } catch (RuntimeException e) {
        if (!closed && lasting.isNews(name, e.toString())) {
          LOG.warn("{} failed and will be tried again", name, e);
        }
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    for (var thread : threads) {
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
