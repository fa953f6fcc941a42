package org.openlockbox.server.api;

/// An answer failed when a part of it had been sent. The caller must not take the part for the
/// whole, so the connection ends without the end of the answer.
public final class ResponseAborted extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ResponseAborted(RuntimeException cause) {
    super(cause);
  }
}
