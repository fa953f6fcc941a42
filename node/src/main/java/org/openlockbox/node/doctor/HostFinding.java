package org.openlockbox.node.doctor;

import java.util.Optional;

/// What one look at a host found.
///
/// @param subject what was looked at, such as `database` or `fence of shop`
/// @param text what was found, as a sentence
/// @param next what to do; present unless all is well
public record HostFinding(Severity severity, String subject, String text, Optional<String> next) {
  /// How bad it is. Only what is broken makes the exit code 1.
  public enum Severity {
    OK("ok"),
    WARNING("warning"),
    BROKEN("broken");

    private final String word;

    Severity(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  static HostFinding ok(String subject, String text) {
    return new HostFinding(Severity.OK, subject, text, Optional.empty());
  }

  static HostFinding warning(String subject, String text, String next) {
    return new HostFinding(Severity.WARNING, subject, text, Optional.of(next));
  }

  static HostFinding broken(String subject, String text, String next) {
    return new HostFinding(Severity.BROKEN, subject, text, Optional.of(next));
  }

  boolean isBroken() {
    return severity == Severity.BROKEN;
  }
}
