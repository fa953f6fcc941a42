package org.openlockbox.e2e.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A shell in front of which one of the demo's people sits: `LOCKBOX_PROFILE` is theirs, `lockbox`
/// is the clone's `./lockbox`.
public final class Terminal {
  private final Map<String, String> environment;
  private final Path directory;

  Terminal(Map<String, String> environment, Path directory) {
    this.environment = environment;
    this.directory = directory;
  }

  /// The same, but each call of the client starts a JVM, as it does for everybody; else
  /// [ClientHost] makes most of them.
  public Terminal withoutHost() {
    var plain = new HashMap<>(environment);
    plain.put("JAVA_HOME", System.getProperty("java.home", ""));
    return new Terminal(plain, directory);
  }

  /// What this command does not find here is skipped, and fails where `CI=true`.
  public void needs(String probe, String packages) {
    boolean here = types(probe).exit() == 0;
    if (!here && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("missing here: " + packages + "; `./lockbox test` installs it");
    }
    assumeTrue(here, "missing here: " + packages);
  }

  /// Types a line and waits for its end.
  public Answer types(String line) {
    return begins(line).ends();
  }

  public Answer types(String line, Duration patience) {
    return begins(line).ends(patience);
  }

  /// Types a line and goes on while it runs. At a terminal Ctrl-C is heard, also where these tests
  /// run in the background of a shell, which has all that it starts there ignore it.
  public Typed begins(String line) {
    return Typed.start(
        List.of("env", "--default-signal=INT,QUIT", "sh", "-c", line), environment, directory);
  }
}
