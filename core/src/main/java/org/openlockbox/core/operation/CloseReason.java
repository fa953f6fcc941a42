package org.openlockbox.core.operation;

/// Why gateways close sessions. The log holds the word alone, so that a verifier takes those of
/// other versions as well.
public enum CloseReason {
  /// The client left.
  CLIENT_LEFT("client-left"),
  /// The database closed it.
  DATABASE_LEFT("database-left"),
  /// The time that was granted was over.
  EXPIRED("expired"),
  /// The hours in which the access is open were over.
  HOURS_OVER("hours-over"),
  /// The access was ended: revoked, or completed.
  REQUEST_ENDED("ended"),
  /// The customer or the engineer ended this session.
  STOPPED("stopped"),
  /// The gateway had lost the control plane.
  LEASE_LAPSED("lease-lapsed"),
  /// The customer's witnesses had not cosigned in time.
  UNWITNESSED("unwitnessed"),
  /// The fence of the database had changed.
  FENCE_DRIFTED("fence-drifted"),
  /// Its record could not be written.
  LOG_UNAVAILABLE("log-unavailable"),
  /// The access had written as much into the log as one may.
  RECORD_SPENT("record-spent"),
  /// The client broke the protocol.
  VIOLATION("violation"),
  /// It was refused.
  REFUSED("refused"),
  /// The gateway was stopped.
  GATEWAY_STOPPED("gateway-stopped"),
  /// A transaction was left open for too long.
  IDLE_IN_TRANSACTION("idle-in-transaction"),
  /// A result was not fetched for too long.
  UNFETCHED("unfetched"),
  /// No statement came for longer than was approved.
  IDLE("idle"),
  /// A statement took longer than was approved.
  STATEMENT_TIMEOUT("statement-timeout"),
  /// It failed.
  FAILED("failed"),
  /// It could not be opened.
  NOT_OPENED("not-opened");

  private final String word;

  CloseReason(String word) {
    this.word = word;
  }

  /// The word in session-close entries and message ids.
  public String word() {
    return word;
  }
}
