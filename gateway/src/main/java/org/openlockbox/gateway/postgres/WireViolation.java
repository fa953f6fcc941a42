package org.openlockbox.gateway.postgres;

/// A peer broke the PostgreSQL protocol (SQLSTATE 08P01). The connection it came from is closed;
/// other sessions are not touched.
public final class WireViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;

  public WireViolation(String what) {
    super(what);
    this.what = what;
  }

  /// What was violated, fit to be told to the peer.
  public String what() {
    return what;
  }
}
