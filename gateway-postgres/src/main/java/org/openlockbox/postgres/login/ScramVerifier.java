package org.openlockbox.postgres.login;

import java.security.SecureRandom;
import org.openlockbox.core.scram.ScramKeys;
import org.openlockbox.core.scram.ScramMessages;

/// What a server keeps to check a SCRAM-SHA-256 password without knowing it (RFC 5802 section 3).
public final class ScramVerifier {
  private final int iterations;
  private final byte[] salt;
  private final byte[] storedKey;
  private final byte[] serverKey;

  public ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    if (iterations < 4096 || iterations > 1_000_000) {
      throw new IllegalArgumentException("SCRAM iterations out of range: " + iterations);
    }
    if (salt.length < 8 || salt.length > 64) {
      throw new IllegalArgumentException("SCRAM salt of " + salt.length + " bytes");
    }
    if (storedKey.length != 32 || serverKey.length != 32) {
      throw new IllegalArgumentException("SCRAM keys must have 32 bytes");
    }
    this.iterations = iterations;
    this.salt = salt.clone();
    this.storedKey = storedKey.clone();
    this.serverKey = serverKey.clone();
  }

  /// The verifier of these keys.
  public static ScramVerifier of(ScramKeys keys, byte[] salt, int iterations) {
    return new ScramVerifier(
        iterations, salt, keys.storedKey().toArray(), keys.serverKey().toArray());
  }

  /// A verifier that no password fits, for users that do not exist. The salt is derived from the
  /// user name by a secret of this process, so that asking twice gives the same salt.
  static ScramVerifier mock(String user, byte[] processSecret, SecureRandom random) {
    byte[] salt = new byte[16];
    System.arraycopy(ScramMessages.hmac(processSecret, user), 0, salt, 0, 16);
    byte[] storedKey = new byte[32];
    byte[] serverKey = new byte[32];
    random.nextBytes(storedKey);
    random.nextBytes(serverKey);
    return new ScramVerifier(4096, salt, storedKey, serverKey);
  }

  /// The form in which PostgreSQL stores a password (RFC 5803): with it a role can be made without
  /// the password ever reaching the server or its logs.
  public String toPostgresText() {
    return "SCRAM-SHA-256$%d:%s$%s:%s"
        .formatted(
            iterations,
            ScramMessages.base64(salt),
            ScramMessages.base64(storedKey),
            ScramMessages.base64(serverKey));
  }

  int iterations() {
    return iterations;
  }

  byte[] salt() {
    return salt.clone();
  }

  byte[] storedKey() {
    return storedKey.clone();
  }

  byte[] serverKey() {
    return serverKey.clone();
  }
}
