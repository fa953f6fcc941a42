package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import org.openlockbox.demo.postgres.PostgresBinaries;

/// A directory for one measurement, removed afterwards. Others may look into it: PostgreSQL runs as
/// another user.
public final class Workplace implements AutoCloseable {
  private final Path path;

  public Workplace() throws IOException {
    path = Files.createTempDirectory("lockbox-bench");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// PostgreSQL's programs, which lie there until this program ends: unpacking them takes seconds.
  public static PostgresBinaries postgres() {
    return Programs.UNPACKED;
  }

  private static final class Programs {
    private static final PostgresBinaries UNPACKED = unpacked();

    private static PostgresBinaries unpacked() {
      try {
        var kept = new Workplace();
        Runtime.getRuntime().addShutdownHook(new Thread(kept::remove));
        return PostgresBinaries.under(kept.path().resolve("bin"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void remove() {
    try {
      close();
    } catch (IOException e) {
      // It is a temporary directory of a program that ends.
    }
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
