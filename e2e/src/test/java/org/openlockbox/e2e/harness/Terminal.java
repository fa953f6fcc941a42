package org.openlockbox.e2e.harness;

import java.nio.file.Path;
import java.time.Duration;
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

  /// Types a line and waits for its end.
  public Answer types(String line) {
    return begins(line).ends();
  }

  public Answer types(String line, Duration patience) {
    return begins(line).ends(patience);
  }

  /// Types a line and goes on while it runs.
  public Typed begins(String line) {
    return Typed.start(List.of("sh", "-c", line), environment, directory);
  }
}
