package org.openlockbox.node.process;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Lets Ctrl-C and SIGTERM end the main thread in order: the signal's hook opens the latch and then
/// waits until everything is closed.
///
/// A stop comes to its end, whatever one part waits for: where it takes long it is said what it
/// waits for, and after the patience the process ends without the rest of its order. That leaves
/// what a crash leaves, which the next start heals.
public final class ShutdownSignal implements AutoCloseable {
  /// Less than the 90 s after which systemd kills.
  private static final Duration PATIENCE = Duration.ofSeconds(80);

  private static final Duration BEFORE_SAYING = Duration.ofSeconds(20);

  /// How much of the closing thread's stack tells where it stands.
  private static final int FRAMES = 12;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread closing = Thread.currentThread();
  private final Duration beforeSaying;
  private final Duration patience;
  private final PrintStream said;

  /// For the thread that makes it, which then starts, awaits, and closes what it started.
  public ShutdownSignal() {
    this(BEFORE_SAYING, PATIENCE, System.err);
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
  }

  ShutdownSignal(Duration beforeSaying, Duration patience, PrintStream said) {
    this.beforeSaying = beforeSaying;
    this.patience = patience;
    this.said = said;
  }

  /// Waits until the process is told to stop.
  public void await() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Has the process stop as by a signal; returns at once.
  public void ask() {
    asked.countDown();
  }

  void stop() {
    asked.countDown();
    try {
      if (isClosedWithin(beforeSaying)) {
        return;
      }
      say("still stopping after " + beforeSaying.toSeconds() + " s; it waits here:");
      if (!isClosedWithin(patience.minus(beforeSaying))) {
        say("not stopped within " + patience.toSeconds() + " s; it ends now, as after a crash:");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosedWithin(Duration time) throws InterruptedException {
    return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void say(String what) {
    said.println(
        Arrays.stream(closing.getStackTrace())
            .limit(FRAMES)
            .map(frame -> "    at " + frame)
            .collect(Collectors.joining("\n", "lockbox: " + what + "\n", "")));
    said.flush();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
