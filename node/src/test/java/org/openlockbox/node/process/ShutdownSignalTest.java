package org.openlockbox.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A stop waits for the parts, and for none of them for ever.
class ShutdownSignalTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private ShutdownSignal signal(Duration beforeSaying, Duration patience) {
    return new ShutdownSignal(
        beforeSaying, patience, new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  @Test
  void anOrderlyStopSaysNothing() throws InterruptedException {
    ShutdownSignal signal = signal(LONG, LONG.multipliedBy(2));
    Thread main =
        Thread.ofPlatform()
            .start(
                () -> {
                  signal.await();
                  signal.close();
                });
    signal.stop();
    main.join();
    assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aPartThatNeverStopsIsNamedAndLeft() {
    ShutdownSignal signal = signal(Duration.ofMillis(10), Duration.ofMillis(20));
    signal.stop(); // and nobody closes it
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("still stopping after 0 s; it waits here:")
        .contains("not stopped within 0 s; it ends now, as after a crash:")
        .contains("at " + ShutdownSignalTest.class.getName());
  }

  @Test
  void aPartThatComesLateIsWaitedFor() throws InterruptedException {
    ShutdownSignal signal = signal(Duration.ofMillis(10), LONG);
    Thread late =
        Thread.ofPlatform()
            .start(
                () -> {
                  signal.await();
                  while (said.size() == 0) {
                    Thread.onSpinWait();
                  }
                  signal.close();
                });
    signal.stop();
    late.join();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("still stopping")
        .doesNotContain("it ends now");
  }
}
