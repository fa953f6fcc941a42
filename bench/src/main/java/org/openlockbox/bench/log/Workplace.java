package org.openlockbox.bench.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

/// A directory for one measurement, removed afterwards. Others may look into it: PostgreSQL runs as
/// another user.
public final class Workplace implements AutoCloseable {
  private final Path path;

  public Workplace() throws IOException {
    path = Files.createTempDirectory("lockbox-bench");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
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
