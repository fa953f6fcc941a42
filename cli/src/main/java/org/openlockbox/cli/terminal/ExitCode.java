package org.openlockbox.cli.terminal;

/// What a `lockbox` command tells the shell. Scripts rely on these numbers; they never change their
/// meaning.
public enum ExitCode {
  OK(0),
  FAILURE(1),
  USAGE(2),
  NOT_SIGNED_IN(4),
  DENIED(5),
  EXPIRED(6),
  REVOKED(7),
  UNREACHABLE(8);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /// What a request in the given API state means to someone who wanted to use it: a waiting or
  /// refused request is denied (5), one whose time is over has expired (6), one taken back is
  /// revoked (7).
  public static ExitCode ofState(String state) {
    return switch (state) {
      case "approved" -> OK;
      case "waiting", "pending", "denied", "withdrawn" -> DENIED;
      case "lapsed", "expired", "completed" -> EXPIRED;
      case "revoked" -> REVOKED;
      default -> FAILURE;
    };
  }
}
