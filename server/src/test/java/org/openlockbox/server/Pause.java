package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waiting for something that a server or another program does.
public final class Pause {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(20);

  private Pause() {}

  /// Looks again and again until it has happened; fails after a minute.
  public static void until(String what, BooleanSupplier happened) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(until);
      shortly();
    }
  }

  public static void shortly() {
    try {
      Thread.sleep(STEP);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
