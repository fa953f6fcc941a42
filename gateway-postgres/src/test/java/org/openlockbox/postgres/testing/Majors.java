package org.openlockbox.postgres.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/// A server of each major version of PostgreSQL that the build has fetched.
public final class Majors {
  private Majors() {}

  /// A server of this major, not started yet.
  public static EmbeddedPostgres.Builder of(int major) {
    return EmbeddedPostgres.builder().setPgBinaryResolver((system, machine) -> archive(major));
  }

  private static InputStream archive(int major) throws IOException {
    try (var jar = new ZipFile(Path.of("target/postgres/postgres-" + major + ".jar").toFile())) {
      var entry = jar.getEntry("postgres-linux-x86_64.txz");
      try (var in = jar.getInputStream(entry)) {
        return new ByteArrayInputStream(in.readAllBytes());
      }
    }
  }
}
