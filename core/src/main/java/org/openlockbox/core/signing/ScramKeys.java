package org.openlockbox.core.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
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
      byte[] clientKey = hmac(salted, "Client Key");
      byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
      return new ScramKeys(
          Bytes.of(clientKey), Bytes.of(storedKey), Bytes.of(hmac(salted, "Server Key")));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has SCRAM's algorithms", missing);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }

  /// Without the keys.
  @Override
  public String toString() {
    return "ScramKeys[…]";
  }
}
