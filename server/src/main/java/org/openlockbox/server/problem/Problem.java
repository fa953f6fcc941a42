package org.openlockbox.server.problem;

import java.time.Duration;
import java.util.Optional;

/// Why a call was not carried out, as an RFC 9457 problem. Thrown, so that the transaction it was
/// found in rolls back; turned into a reply in one place. `code` is stable, `detail` is a sentence
/// for people, `hint` names the next command.
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final String hint;
  private final Duration retryAfter;

  private Problem(int status, String code, String detail, String hint) {
    this(status, code, detail, hint, Duration.ZERO);
  }

  private Problem(int status, String code, String detail, String hint, Duration retryAfter) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.retryAfter = retryAfter;
  }

  /// When it is worth trying again, if waiting helps.
  public Optional<Duration> retryAfter() {
    return retryAfter.isZero() ? Optional.empty() : Optional.of(retryAfter);
  }

  /// Worth trying again after this time.
  public Problem after(Duration time) {
    return new Problem(status, code, detail(), hint, time);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  public Optional<String> hint() {
    return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
  }

  public Problem withHint(String nextCommand) {
    return new Problem(status, code, detail(), nextCommand, retryAfter);
  }

  /// The request cannot be read.
  public static Problem malformed(String detail) {
    return new Problem(400, "malformed", detail, "");
  }

  public static Problem notSignedIn() {
    return new Problem(
        401,
        "not_signed_in",
        "this call needs a valid bearer token",
        "set LOCKBOX_TOKEN or choose a profile with LOCKBOX_PROFILE");
  }

  /// The caller's role can never do this, whatever the object.
  public static Problem roleCannot(String detail) {
    return new Problem(403, "role", detail, "");
  }

  /// Not there, or not for this caller: the same answer.
  public static Problem notFound() {
    return new Problem(404, "not_found", "there is no such thing, or not for you", "");
  }

  /// The state forbids it.
  public static Problem conflict(String code, String detail) {
    return new Problem(409, code, detail, "");
  }

  /// The caller acted on an older version than the current one.
  public static Problem stale() {
    return new Problem(
        412,
        "stale",
        "it has changed since you read it",
        "read it again, look at what changed, and decide again");
  }

  public static Problem preconditionMissing() {
    return new Problem(
        428, "if_match_missing", "a decision needs If-Match with the ETag of what was shown", "");
  }

  /// Readable, and refused for what it says.
  public static Problem refused(String code, String detail) {
    return new Problem(422, code, detail, "");
  }

  public static Problem tooLarge(String detail) {
    return new Problem(413, "too_large", detail, "");
  }

  /// The caller, or all together, ask for more than there is time for.
  public static Problem tooOften(String detail) {
    return new Problem(429, "too_often", detail, "");
  }

  /// What is stored is not what this server writes: somebody changed it by hand.
  public static Problem damaged(String detail) {
    return new Problem(
        500, "damaged", detail, "compare the control plane's database with its newest backup");
  }

  /// A newer release wrote what is stored; this one cannot tell what it means.
  public static Problem newerRelease(String detail) {
    return new Problem(
        503, "newer_release", detail, "install the newer release on every server first");
  }

  /// The log is not the one that was signed; nothing is done with it.
  public static Problem rolledBack(String detail) {
    return new Problem(503, "log_rolled_back", detail, "the provider has to restore or recover it");
  }

  /// The server cannot do anything now; nothing has happened.
  public static Problem unavailable() {
    return new Problem(503, "unavailable", "the server cannot reach its database; try again", "");
  }

  /// What the gateway authority signed is in force, but a restore could still undo it: the server
  /// cannot keep it in its file. Sending it again is safe.
  public static Problem notKept() {
    return new Problem(
        503,
        "not_kept",
        "it is in force, but the server cannot write its file gateway-statements",
        "make room on the server's disk, then send the same again");
  }

  /// The server cannot remember what it signs, so it signs nothing; nothing has happened.
  public static Problem cannotSign() {
    return new Problem(
        503,
        "cannot_sign",
        "this server cannot remember what it signs, so nothing was changed",
        "the provider looks after the disk or the store of server.signedHeads; then try again");
  }

  /// No synchronous standby says that the database is the primary still.
  public static Problem noStandby() {
    return new Problem(
        503,
        "no_standby",
        "no synchronous standby of the control plane's database answers",
        "the provider looks whether the database is the primary still");
  }

  /// The server has more to write than it can keep waiting; nothing has happened.
  public static Problem busy() {
    return new Problem(503, "busy", "too much waits to be written; try again", "");
  }

  /// A fault that says nothing but its HTTP status.
  public static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> notFound();
      case 405 -> new Problem(405, "method", "this method does nothing here", "");
      case 500 -> new Problem(500, "fault", "the server failed; its log says why", "");
      default -> new Problem(status, "http", "the request cannot be served as it is", "");
    };
  }
}
