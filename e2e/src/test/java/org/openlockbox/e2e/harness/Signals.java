package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Signals to processes that the tests started.
public final class Signals {
  private Signals() {}

  /// `kill -NAME PID`.
  public static void send(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
