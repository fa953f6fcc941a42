package org.openlockbox.postgres.wire;

/// An error that the gateway itself tells a client in PostgreSQL's words: severity, SQLSTATE,
/// message and a hint with the next step. None goes without a hint.
public record PgError(String severity, String sqlState, String message, String hint) {
  public static final String CONNECTION_FAILURE = "08006";
  public static final String PROTOCOL_VIOLATION = "08P01";
  public static final String NOT_APPROVED = "28000";
  public static final String WRONG_PASSWORD = "28P01";
  public static final String ADMIN_SHUTDOWN = "57P01";
  public static final String CANNOT_CONNECT_NOW = "57P03";
  public static final String NOT_SUPPORTED = "0A000";
  public static final String LIMIT = "53400";
  public static final String INSUFFICIENT_PRIVILEGE = "42501";
  public static final String SYNTAX_ERROR = "42601";
  public static final String TOO_LARGE = "54000";

  public PgError {
    if (hint.isBlank()) {
      throw new IllegalArgumentException("hint: \"" + message + "\" needs one");
    }
  }

  public static PgError fatal(String sqlState, String message, String hint) {
    return new PgError("FATAL", sqlState, message, hint);
  }

  public static PgError error(String sqlState, String message, String hint) {
    return new PgError("ERROR", sqlState, message, hint);
  }
}
