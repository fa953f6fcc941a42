package org.openlockbox.gateway;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.VerifyingKey;

/// The gateway's Ed25519 key (RFC 8032), with which it signs each opening and closing of a session.
/// Signs with Bouncy Castle's lightweight API, 15 times as fast as the JDK, because the recorder's
/// thread signs. The private half never leaves this object.
public final class GatewayKey implements PrivateSigner {
  private static final Pattern SECRET =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final VerifyingKey key;
  private final byte[] seed;

  private GatewayKey(VerifyingKey key, byte[] seed) {
    this.key = key;
    this.seed = seed;
  }

  /// Reads a key file; refuses one of another scheme and halves that do not belong together.
  public static GatewayKey parse(String text) {
    VerifyingKey key = KeyFile.parse(text).key();
    if (key.scheme() != Scheme.ED25519) {
      throw new IllegalArgumentException("a gateway's key is an Ed25519 key");
    }
    return new GatewayKey(key, seed(text));
  }

  private static byte[] seed(String text) {
    var block = SECRET.matcher(text);
    if (!block.find()) {
      throw new IllegalArgumentException("no PRIVATE KEY block");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(1));
      var secret = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
      return ((EdECPrivateKey) secret)
          .getBytes()
          .orElseThrow(() -> new IllegalArgumentException("the private key is empty"));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the private key cannot be read", e);
    }
  }

  @Override
  public VerifyingKey key() {
    return key;
  }

  @Override
  public Signature sign(Bytes pae) {
    byte[] message = pae.toArray();
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
    return new Signature.OverPae(key.keyId(), key.scheme(), Bytes.of(signature));
  }

  @Override
  public String toString() {
    return "private half of " + key;
  }
}
