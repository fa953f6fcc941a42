package org.openlockbox.server.identity.oidc;

/// What an issuer answers when it is asked to vouch for somebody. Only `Yes` lets anybody in.
sealed interface IssuerAnswer {
  /// It vouches for them, and `refresh` is for asking again.
  record Yes(Claims claims, RefreshToken refresh) implements IssuerAnswer {}

  /// It does not, or what it sent does not hold.
  record No(String why) implements IssuerAnswer {}

  /// It cannot be reached, or cannot answer now.
  record Silence(String why) implements IssuerAnswer {}
}
