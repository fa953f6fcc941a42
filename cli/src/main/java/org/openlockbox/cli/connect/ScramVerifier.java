package org.openlockbox.cli.connect;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.ConnectStatement.Scram;

/// Computes what a gateway needs to check a password without knowing it: a SCRAM-SHA-256 verifier
/// (RFC 5802 section 3, RFC 7677). The passwords are random with 192 bits, so guessing them from a
/// verifier is hopeless and 4096 iterations are enough.
final class ScramVerifier {
  private static final int ITERATIONS = 4096;
  private static final int SALT = 16;

  private ScramVerifier() {}

  /// The verifier of a password of printable ASCII, for which SASLprep changes nothing.
  static Scram of(String password, SecureRandom random) {
    byte[] salt = new byte[SALT];
    random.nextBytes(salt);
    return of(password, Bytes.of(salt), ITERATIONS);
  }

  static Scram of(String password, Bytes salt, int iterations) {
    try {
      PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt.toArray(), iterations, 256);
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      spec.clearPassword();
      byte[] clientKey = hmac(salted, "Client Key");
      byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
      byte[] serverKey = hmac(salted, "Server Key");
      return new Scram(iterations, salt, Bytes.of(storedKey), Bytes.of(serverKey));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has SCRAM's algorithms", missing);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }
}
