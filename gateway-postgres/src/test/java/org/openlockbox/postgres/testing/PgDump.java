package org.openlockbox.postgres.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// The pg_dump of this machine that can read one of the servers that the tests start: it refuses a
/// newer one by itself. Where there is none the tests that run it are skipped, and fail where
/// `CI=true`.
public record PgDump(int major, Path program) {
  public static PgDump here() {
    var found = IntStream.of(18, 17, 16).mapToObj(PgDump::of).filter(PgDump::isHere).findFirst();
    Needed.isHere(found.isPresent(), "pg_dump (postgresql-client-17)");
    return found.orElseThrow();
  }

  private static PgDump of(int major) {
    return new PgDump(major, Path.of("/usr/lib/postgresql/" + major + "/bin/pg_dump"));
  }

  private boolean isHere() {
    return Files.isExecutable(program);
  }
}
