package org.openlockbox.cli.terminal;

import java.util.Optional;

/// A command that cannot go on: what happened and why, in one sentence, the next command to type,
/// and the exit code. Thrown anywhere, printed in exactly one place ([ErrorReporter]).
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exit;
  private final String hint;

  public Failure(ExitCode exit, String message, String hint) {
    super(message);
    this.exit = exit;
    this.hint = hint;
  }

  public Failure(ExitCode exit, String message) {
    this(exit, message, "");
  }

  /// The arguments make no sense together: exit code 2.
  public static Failure usage(String message, String hint) {
    return new Failure(ExitCode.USAGE, message, hint);
  }

  public ExitCode exit() {
    return exit;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }

  public Optional<String> hint() {
    return hint.isBlank() ? Optional.empty() : Optional.of(hint);
  }
}
