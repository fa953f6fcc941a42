package org.openlockbox.gateway.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// The psql of this machine. Where there is none the tests that type into it are skipped, and fail
/// where `CI=true`.
public final class Psql {
  private static final Path PROGRAM = Path.of("/usr/bin/psql");

  private Psql() {}

  /// psql before this target, not started yet; `words` are its options.
  public static ProcessBuilder to(String target, String password, List<String> words) {
    boolean here = Files.isExecutable(PROGRAM);
    if (!here && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("missing here: psql; `./lockbox test` installs it");
    }
    Assumptions.assumeTrue(here, "missing here: psql");
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "-X", "-w", "-d", target));
    command.addAll(words);
    var builder = new ProcessBuilder(command);
    builder.environment().put("PGPASSWORD", password);
    return builder;
  }
}
