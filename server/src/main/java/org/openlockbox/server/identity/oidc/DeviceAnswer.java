package org.openlockbox.server.identity.oidc;

/// What an issuer answers about a sign-in that a browser elsewhere completes.
sealed interface DeviceAnswer {
  /// Nobody has said yes or no there yet.
  ///
  /// @param slower it is asked too often
  record AwaitsBrowser(boolean slower) implements DeviceAnswer {}

  record Named(IssuerAnswer answer) implements DeviceAnswer {}
}
