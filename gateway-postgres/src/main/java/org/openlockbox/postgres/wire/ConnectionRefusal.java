package org.openlockbox.postgres.wire;

/// The gateway does not do what the client asks, and tells it so; the connection is closed.
public final class ConnectionRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient PgError error;

  public ConnectionRefusal(PgError error) {
    super(error.message());
    this.error = error;
  }

  public PgError error() {
    return error;
  }
}
