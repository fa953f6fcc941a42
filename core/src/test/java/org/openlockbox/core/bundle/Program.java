package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// Somebody else's program, run to its end. One that is not here skips the test, except where the
/// environment says `CI=true`: there it fails, so that no check is left out unseen.
record Program(int exit, String out, String err) {
  /// Go with the packages that Debian installs, and nothing from the network.
  static final Map<String, String> GO =
      Map.of(
          "GO111MODULE",
          "off",
          "GOPATH",
          "/usr/share/gocode",
          "GOFLAGS",
          "",
          "GOCACHE",
          Path.of("target", "go").toAbsolutePath().toString());

  /// What [#need] has found.
  private static final Set<List<String>> HERE = ConcurrentHashMap.newKeySet();

  static Program run(Path directory, Map<String, String> more, List<String> words)
      throws IOException, InterruptedException {
    var out = Files.createTempFile("program", ".out");
    var err = Files.createTempFile("program", ".err");
    var builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().putAll(more);
    var process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).as(words.toString()).isTrue();
    var ended = new Program(process.exitValue(), Files.readString(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    return ended;
  }

  static Program run(Path directory, String... words) throws IOException, InterruptedException {
    return run(directory, Map.of(), List.of(words));
  }

  /// The command must work; `what` says what has to be installed.
  static void need(String what, Map<String, String> more, String... words)
      throws InterruptedException {
    if (HERE.contains(List.of(words))) {
      return;
    }
    try {
      if (run(Path.of("."), more, List.of(words)).exit() == 0) {
        HERE.add(List.of(words));
        return;
      }
    } catch (IOException missing) {
      // Falls through to the same answer.
    }
    if ("true".equals(System.getenv("CI"))) {
      fail("not here, and CI=true: " + what);
    }
    Assumptions.abort("not here: " + what);
  }
}
