package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;

/// What a full disk does to this process, without one: no file of it may grow beyond a size.
public final class FileLimit implements AutoCloseable {
  private FileLimit() {}

  /// Every write beyond this many bytes fails until this is closed.
  public static FileLimit of(long bytes) {
    set(String.valueOf(bytes));
    return new FileLimit();
  }

  private static void set(String limit) {
    try {
      var prlimit =
          new ProcessBuilder(
                  "prlimit",
                  "--pid",
                  String.valueOf(ProcessHandle.current().pid()),
                  "--fsize=" + limit + ":unlimited")
              .inheritIO()
              .start();
      assertThat(prlimit.waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    set("unlimited");
  }
}
