package org.openlockbox.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// What a command left behind: its exit code and what it said.
public record Answer(String line, int exit, String out, String err) {
  /// Expects exit code 0 and answers what was printed.
  public String ok() {
    return ends(0).out();
  }

  /// Expects this exit code.
  public Answer ends(int expected) {
    assertThat(exit).as(() -> this + "\nmust end with " + expected).isEqualTo(expected);
    return this;
  }

  /// Expects these words on stderr.
  public Answer says(String... words) {
    assertThat(err).as(this::toString).contains(words);
    return this;
  }

  /// Expects none of these words on stderr.
  public Answer doesNotSay(String... words) {
    assertThat(err).as(this::toString).doesNotContain(words);
    return this;
  }

  /// Expects exit code 0 and reads stdout as one JSON object.
  public Fields json() {
    return Fields.of(Json.read(ok().strip().getBytes(StandardCharsets.UTF_8)), line);
  }

  /// The lines of stdout.
  public List<String> lines() {
    return out.lines().toList();
  }

  @Override
  public String toString() {
    return "$ " + line + "\n" + out + err + "exit " + exit;
  }
}
