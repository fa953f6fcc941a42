package org.openlockbox.server.seal;

/// A key cannot be had: it was destroyed, or the key that wraps it is not here.
public final class KeyUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  KeyUnavailable(String message) {
    super(message);
  }
}
