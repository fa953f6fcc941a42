package org.openlockbox.core.scram;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.openlockbox.core.canonical.Bytes;

/// What SCRAM-SHA-256 derives from a password (RFC 5802 section 3, RFC 7677): the client proves
/// itself with `clientKey`, the server keeps only `storedKey` and `serverKey`.
public record ScramKeys(Bytes clientKey, Bytes storedKey, Bytes serverKey) implements ScramSecret {
  private static final int KEY_BITS = 256;

  /// For a password of printable ASCII, for which SASLprep changes nothing.
  public static ScramKeys of(String password, Bytes salt, int iterations) {
    try {
      var spec = new PBEKeySpec(password.toCharArray(), salt.toArray(), iterations, KEY_BITS);
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      spec.clearPassword();
      return of(ScramMessages.hmac(salted, "Client Key"), ScramMessages.hmac(salted, "Server Key"));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has SCRAM's algorithms", missing);
    }
  }

  /// Keys of no password: nothing that somebody could guess, and nothing to derive, which would
  /// take half a millisecond of a processor each time.
  public static ScramKeys random(SecureRandom random) {
    byte[] clientKey = new byte[KEY_BITS / Byte.SIZE];
    byte[] serverKey = new byte[KEY_BITS / Byte.SIZE];
    random.nextBytes(clientKey);
    random.nextBytes(serverKey);
    return of(clientKey, serverKey);
  }

  private static ScramKeys of(byte[] clientKey, byte[] serverKey) {
    return new ScramKeys(
        Bytes.of(clientKey), Bytes.of(ScramMessages.sha256(clientKey)), Bytes.of(serverKey));
  }

  /// These, whatever the server asks: there is no password to stretch.
  @Override
  public ScramKeys keys(Bytes salt, int iterations) {
    return this;
  }

  /// Without the keys.
  @Override
  public String toString() {
    return "ScramKeys[…]";
  }
}
