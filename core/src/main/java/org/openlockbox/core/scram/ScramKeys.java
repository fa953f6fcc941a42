package org.openlockbox.core.scram;

import java.security.GeneralSecurityException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.openlockbox.core.canonical.Bytes;

/// What SCRAM-SHA-256 derives from a password (RFC 5802 section 3, RFC 7677): the client proves
/// itself with `clientKey`, the server keeps only `storedKey` and `serverKey`.
public record ScramKeys(Bytes clientKey, Bytes storedKey, Bytes serverKey) {
  private static final int KEY_BITS = 256;

  /// For a password of printable ASCII, for which SASLprep changes nothing.
  public static ScramKeys of(String password, Bytes salt, int iterations) {
    try {
      var spec = new PBEKeySpec(password.toCharArray(), salt.toArray(), iterations, KEY_BITS);
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      spec.clearPassword();
      byte[] clientKey = ScramMessages.hmac(salted, "Client Key");
      return new ScramKeys(
          Bytes.of(clientKey),
          Bytes.of(ScramMessages.sha256(clientKey)),
          Bytes.of(ScramMessages.hmac(salted, "Server Key")));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has SCRAM's algorithms", missing);
    }
  }

  /// Without the keys.
  @Override
  public String toString() {
    return "ScramKeys[…]";
  }
}
