package org.openlockbox.core.signing;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import org.openlockbox.core.canonical.Bytes;

/// A private key in memory, of a scheme that signs directly, with its public half. Signs with the
/// JDK. [KeyFile] reads and writes it; [#toString] shows only the public half.
public final class SoftwareKey implements PrivateSigner {
  private final VerifyingKey key;
  private final PrivateKey secret;

  private SoftwareKey(VerifyingKey key, PrivateKey secret) {
    this.key = key;
    this.secret = secret;
  }

  /// Joins two halves and proves by a signature that they belong together.
  static SoftwareKey of(VerifyingKey key, PrivateKey secret) {
    var pair = new SoftwareKey(key, secret);
    var probe = Bytes.ofUtf8("do these halves belong together?");
    if (!key.verifies(probe, pair.rawSignature(probe))) {
      throw new IllegalArgumentException("the public key does not belong to the private key");
    }
    return pair;
  }

  public static SoftwareKey generate(Scheme scheme, SecureRandom random) {
    try {
      var generator =
          switch (scheme) {
            case ED25519 -> KeyPairGenerator.getInstance("Ed25519");
            case ECDSA_P256 -> KeyPairGenerator.getInstance("EC");
            case WEBAUTHN -> throw new IllegalArgumentException("only devices make passkeys");
            case SSHSIG -> throw new IllegalArgumentException("ssh-keygen makes SSH keys");
            case ML_DSA_44 -> throw new IllegalArgumentException("only a log has such a key");
          };
      if (scheme == Scheme.ECDSA_P256) {
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      } else {
        generator.initialize(255, random);
      }
      var pair = generator.generateKeyPair();
      var key = VerifyingKey.enrol(scheme, Bytes.of(pair.getPublic().getEncoded()));
      return of(key, pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform makes " + scheme + " keys", e);
    }
  }

  @Override
  public VerifyingKey key() {
    return key;
  }

  @Override
  public Signature sign(Bytes pae) {
    return new Signature.OverPae(key.keyId(), key.scheme(), rawSignature(pae));
  }

  PrivateKey secret() {
    return secret;
  }

  /// ES256 of JSON Web Signatures (RFC 7518, section 3.4): R and S, 32 bytes each.
  ///
  /// @throws IllegalStateException if the key is not on P-256
  public Bytes es256(Bytes message) {
    if (key.scheme() != Scheme.ECDSA_P256) {
      throw new IllegalStateException("ES256 needs a key on P-256");
    }
    return signed("SHA256withECDSAinP1363Format", message);
  }

  private Bytes rawSignature(Bytes message) {
    return signed(key.scheme() == Scheme.ED25519 ? "Ed25519" : "SHA256withECDSA", message);
  }

  private Bytes signed(String algorithm, Bytes message) {
    try {
      var signature = java.security.Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(message.toArray());
      return Bytes.of(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the private key cannot sign", e);
    }
  }

  @Override
  public String toString() {
    return "private half of " + key;
  }
}
