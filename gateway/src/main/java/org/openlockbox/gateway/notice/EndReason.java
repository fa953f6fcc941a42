package org.openlockbox.gateway.notice;

import org.openlockbox.core.operation.CloseReason;

/// Why a session ended. The reason goes into the session-close entry, the words go to the client.
public enum EndReason {
  CLIENT_LEFT(CloseReason.CLIENT_LEFT, "the client left", "Connect again."),
  DATABASE_LEFT(CloseReason.DATABASE_LEFT, "the database closed the session", "Connect again."),
  EXPIRED(
      CloseReason.EXPIRED,
      "the time that was granted is over",
      "Ask for a new access request if you need more."),
  HOURS_OVER(
      CloseReason.HOURS_OVER,
      "the hours in which this access is open are over",
      "`lockbox request show` tells when it is open again."),
  REQUEST_ENDED(
      CloseReason.REQUEST_ENDED,
      "this access has been ended: revoked by the customer, or completed",
      "`lockbox request show` tells by whom; further access needs a new request."),
  STOPPED(
      CloseReason.STOPPED,
      "this session was ended by the customer or by its engineer",
      "If the access is still in force you may connect again."),
  LEASE_LAPSED(
      CloseReason.LEASE_LAPSED,
      "the gateway has lost the control plane and must not go on",
      "Connect again when the service is back."),
  CERTIFICATE_REFUSED(
      CloseReason.LEASE_LAPSED,
      "the control plane no longer accepts this gateway's certificate",
      "Connect again through another gateway; tell your platform team."),
  UNWITNESSED(
      CloseReason.UNWITNESSED,
      "the customer's witnesses have not cosigned the log for longer than the customer allows",
      "Connect again when they do; tell your platform team."),
  FENCE_DRIFTED(
      CloseReason.FENCE_DRIFTED,
      "the fence of the protected database no longer stands as it did when this session opened",
      "The platform team runs `lockbox resource check` and repairs it; then connect again."),
  LOG_UNAVAILABLE(
      CloseReason.LOG_UNAVAILABLE,
      "the record of this session cannot be written, so nothing may be shown",
      "Connect again when the service is back."),
  RECORD_SPENT(
      CloseReason.RECORD_SPENT,
      "this access has written as much into the log as one access may",
      "What was sent before is on record. Further access needs a new request."),
  VIOLATION(CloseReason.VIOLATION, "the protocol was violated", "Connect again."),
  REFUSED(
      CloseReason.REFUSED,
      "the request is not allowed here",
      "The gateway's documents say what passes."),
  GATEWAY_STOPPED(
      CloseReason.GATEWAY_STOPPED, "the gateway is shutting down", "Connect again in a while."),
  IDLE_IN_TRANSACTION(
      CloseReason.IDLE_IN_TRANSACTION,
      "a transaction was left open for too long without a statement",
      "Connect again; finish transactions sooner."),
  UNFETCHED(
      CloseReason.UNFETCHED,
      "a result waited for too long and nothing of it was fetched",
      "Connect again; fetch results sooner, or narrow the query."),
  IDLE(
      CloseReason.IDLE,
      "the session was without a statement for longer than was approved",
      "Connect again; more needs an access request with a longer --idle-timeout."),
  STATEMENT_TIMEOUT(
      CloseReason.STATEMENT_TIMEOUT,
      "a statement took longer than was approved, and did not stop when it was cancelled",
      "Connect again; narrow the statement."),
  FAILED(
      CloseReason.FAILED,
      "the session failed",
      "Connect again; if it stays so, tell your platform team."),
  NOT_OPENED(
      CloseReason.NOT_OPENED,
      "the session could not be opened",
      "Connect again; if it stays so, tell your platform team.");

  private final CloseReason why;
  private final String message;
  private final String hint;

  EndReason(CloseReason why, String message, String hint) {
    this.why = why;
    this.message = message;
    this.hint = hint;
  }

  /// The word in the entry.
  public String word() {
    return why.word();
  }

  /// What the client is told, where nobody knows it better.
  public ClientNotice words() {
    return ClientNotice.of(message, hint);
  }
}
