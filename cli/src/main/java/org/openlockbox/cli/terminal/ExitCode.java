package org.openlockbox.cli.terminal;

/// What a `lockbox` command tells the shell. Scripts rely on these numbers; they never change their
/// meaning.
public enum ExitCode {
  OK(0, "done"),
  FAILURE(1, "failure; for verify: something does not hold"),
  USAGE(2, "usage: the arguments make no sense, or you said no"),
  INCOMPLETE(3, "a check could not be made, so nothing is known"),
  NOT_SIGNED_IN(4, "not signed in: no token, or the server does not know it"),
  DENIED(5, "denied, withdrawn, not approved yet, or never yours to do"),
  EXPIRED(6, "expired, lapsed, completed, or timed out waiting"),
  REVOKED(7, "revoked"),
  UNREACHABLE(8, "the server cannot be reached");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /// What it means, in the words of the manual.
  public String meaning() {
    return meaning;
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
