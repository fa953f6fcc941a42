package org.openlockbox.postgres.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/// A server of each major version of PostgreSQL that the build has fetched. `-Dlockbox.postgres=16`
/// runs tests on that one which would run on the newest.
public final class Majors {
  private static final int CHOSEN = Integer.getInteger("lockbox.postgres", 0);
  private static final String NEWEST = "minimumVersion: 18.6";

  private Majors() {}

  /// The server that tests run on which name none, not started yet.
  public static EmbeddedPostgres.Builder chosen() {
    return CHOSEN == 0 ? EmbeddedPostgres.builder() : of(CHOSEN);
  }

  /// A catalogue that was written for the newest one, for the one that was chosen.
  public static String fit(String yaml) {
    return CHOSEN == 0 ? yaml : yaml.replace(NEWEST, "minimumVersion: " + CHOSEN + ".0");
  }

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
