package org.openlockbox.gateway.session;

import org.openlockbox.gateway.postgres.PgError;

/// Why a session ended. The word goes into the session-close entry, the error to the client.
enum EndReason {
  CLIENT_LEFT("client-left", "the client left", ""),
  DATABASE_LEFT("database-left", "the database closed the session", "Connect again."),
  EXPIRED(
      "expired",
      "the time that was granted is over",
      "Ask for a new access request if you need more."),
  HOURS_OVER("hours-over", "the hours in which this access is open are over", ""),
  REQUEST_ENDED(
      "ended",
      "this access has been ended: revoked by the customer, or completed",
      "`lockbox request show` tells by whom; further access needs a new request."),
  STOPPED(
      "stopped",
      "this session was ended by the customer or by its engineer",
      "If the access is still in force you may connect again."),
  LEASE_LAPSED(
      "lease-lapsed",
      "the gateway has lost the control plane and must not go on",
      "Connect again when the service is back."),
  UNWITNESSED(
      "unwitnessed",
      "the customer's witnesses have not cosigned the log for longer than the customer allows",
      "Connect again when they do; tell your platform team."),
  FENCE_DRIFTED(
      "fence-drifted",
      "the fence of the protected database no longer stands as it did when this session opened",
      "The platform team runs `lockbox resource check` and repairs it; then connect again."),
  LOG_UNAVAILABLE(
      "log-unavailable",
      "the record of this session cannot be written, so nothing may be shown",
      "Connect again when the service is back."),
  RECORD_SPENT(
      "record-spent",
      PgError.LIMIT,
      "this access has written as much into the log as one access may",
      "What was sent before is on record. Further access needs a new request."),
  VIOLATION("violation", "the protocol was violated", ""),
  REFUSED("refused", "the request is not allowed here", ""),
  GATEWAY_STOPPED("gateway-stopped", "the gateway is shutting down", "Connect again in a while."),
  IDLE_IN_TRANSACTION(
      "idle-in-transaction",
      "a transaction was left open for too long without a statement",
      "Connect again; finish transactions sooner."),
  UNFETCHED(
      "unfetched",
      "a result waited for too long and nothing of it was fetched",
      "Connect again; fetch results sooner, or narrow the query."),
  IDLE(
      "idle",
      "the session was without a statement for longer than was approved",
      "Connect again; more needs an access request with a longer --idle-timeout."),
  STATEMENT_TIMEOUT(
      "statement-timeout",
      "a statement took longer than was approved, and did not stop when it was cancelled",
      "Connect again; narrow the statement."),
  FAILED("failed", "the session failed", "Connect again; if it stays so, tell your platform team."),
  NOT_OPENED("not-opened", "the session could not be opened", "");

  private final String word;
  private final String sqlState;
  private final String message;
  private final String hint;

  EndReason(String word, String message, String hint) {
    this(word, PgError.ADMIN_SHUTDOWN, message, hint);
  }

  EndReason(String word, String sqlState, String message, String hint) {
    this.word = word;
    this.sqlState = sqlState;
    this.message = message;
    this.hint = hint;
  }

  String word() {
    return word;
  }

  PgError error() {
    return PgError.fatal(sqlState, message, hint);
  }
}
