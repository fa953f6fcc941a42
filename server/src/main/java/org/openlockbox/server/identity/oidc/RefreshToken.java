package org.openlockbox.server.identity.oidc;

import org.openlockbox.core.canonical.Bytes;

/// With which an issuer is asked again about somebody. The database has it wrapped only; no text of
/// ours contains it.
final class RefreshToken {
  private final String text;

  RefreshToken(String text) {
    this.text = text;
  }

  static RefreshToken of(Bytes bytes) {
    return new RefreshToken(bytes.utf8());
  }

  /// For the issuer alone.
  String forTheIssuer() {
    return text;
  }

  /// To be wrapped.
  Bytes bytes() {
    return Bytes.ofUtf8(text);
  }

  @Override
  public String toString() {
    return "RefreshToken";
  }
}
