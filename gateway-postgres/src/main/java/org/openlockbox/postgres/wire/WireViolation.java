package org.openlockbox.postgres.wire;

/// A peer broke the PostgreSQL protocol (SQLSTATE 08P01). The connection it came from is closed;
/// other sessions are not touched.
public final class WireViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String HINT =
      "Connect again. If it comes back, use a client that docs/tools.md names, or tell your platform"
          + " team.";

  private final transient PgError error;

  public WireViolation(String what) {
    this(what, HINT);
  }

  /// @param hint what a person does instead
  public WireViolation(String what, String hint) {
    super(what);
    this.error = PgError.fatal(PgError.PROTOCOL_VIOLATION, what, hint);
  }

  /// What was violated, fit to be told to the peer.
  public PgError error() {
    return error;
  }
}
