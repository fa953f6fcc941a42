package org.openlockbox.tlog;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/// Signs messages with a private key that it keeps to itself: Ed25519 (RFC 8032, 64 bytes) or pure
/// ML-DSA-44 (FIPS 204, 2420 bytes). Whoever signs much plugs in a faster implementation than the
/// JDK's. Safe for use by several threads.
@FunctionalInterface
public interface MessageSigner {
  byte[] sign(byte[] message);

  /// Signs with the JDK.
  static MessageSigner of(PrivateKey key) {
    return message -> {
      try {
        var signature = Signature.getInstance(key.getAlgorithm());
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the " + key.getAlgorithm() + " key cannot sign", e);
      }
    };
  }
}
