package org.openlockbox.postgres.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The psql of this machine. Where there is none the tests that type into it are skipped, and fail
/// where `CI=true`.
public final class Psql {
  private static final Path PROGRAM = Path.of("/usr/bin/psql");

  private Psql() {}

  /// psql before this target, not started yet; `words` are its options.
  public static ProcessBuilder to(String target, String password, List<String> words) {
    Needed.isHere(Files.isExecutable(PROGRAM), "psql (postgresql-client)");
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "-X", "-w", "-d", target));
    command.addAll(words);
    var builder = new ProcessBuilder(command);
    builder.environment().put("PGPASSWORD", password);
    return builder;
  }
}
