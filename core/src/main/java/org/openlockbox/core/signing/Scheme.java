package org.openlockbox.core.signing;

/// The ways in which a statement may be signed. The scheme is part of the enrolled key; a signature
/// that names another one is refused, so no message chooses its own algorithm.
public enum Scheme {
  /// RFC 8032 over the PAE.
  ED25519("ed25519"),
  /// ECDSA with SHA-256 on NIST P-256 over the PAE, DER signature.
  ECDSA_P256("ecdsa-p256"),
  /// WebAuthn assertion (ES256 or EdDSA) whose challenge is the SHA-256 of the PAE.
  WEBAUTHN("webauthn"),
  /// `ssh-keygen -Y sign` with the PAE as the file: an SSH key, or one on a security key.
  SSHSIG("sshsig"),
  /// FIPS 204 with an empty context over the PAE. Only the ML-DSA-44 key of a log signs so, and
  /// nothing but the keys that follow it.
  ML_DSA_44("ml-dsa-44");

  private final String word;

  Scheme(String word) {
    this.word = word;
  }

  /// The word in documents.
  public String word() {
    return word;
  }

  public static Scheme parse(String word) {
    for (var scheme : values()) {
      if (scheme.word.equals(word)) {
        return scheme;
      }
    }
    throw new IllegalArgumentException("no such signature scheme: " + word);
  }

  @Override
  public String toString() {
    return word;
  }
}
