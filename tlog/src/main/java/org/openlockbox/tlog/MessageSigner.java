package org.openlockbox.tlog;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/// Makes plain Ed25519 signatures (RFC 8032, 64 bytes) with a private key that it keeps to itself.
/// Whoever signs much plugs in a faster implementation than the JDK's. Safe for use by several
/// threads.
@FunctionalInterface
public interface MessageSigner {
  byte[] sign(byte[] message);

  /// Signs with the JDK.
  static MessageSigner of(PrivateKey ed25519) {
    return message -> {
      try {
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(ed25519);
        signature.update(message);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the Ed25519 key cannot sign", e);
      }
    };
  }
}
