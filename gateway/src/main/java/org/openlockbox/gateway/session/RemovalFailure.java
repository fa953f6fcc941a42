package org.openlockbox.gateway.session;

/// What of a session that is over is still at the protected service, and why.
///
/// @param what such as "the database role lb_s_1"
/// @param work whether an operation of the session still runs there
/// @param words why it is there; the tenant reads them in its log
/// @param said what the service said, on one line, for the gateway's own log alone
public record RemovalFailure(String what, OperationState work, String words, String said) {
  /// Whether an operation still runs.
  public enum OperationState {
    RUNS,
    OVER,

    /// Nobody can say; what was known before still counts.
    UNKNOWN
  }
}
