package org.openlockbox.tlog;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.openlockbox.tlog.tree.Hash;

/// An ML-DSA-44 public key (FIPS 204). All 1312 bytes are free: every value is the one encoding of
/// a key.
public final class MlDsaKey {
  /// Bytes of an encoded key.
  public static final int LENGTH = 1312;

  /// Bytes of a signature.
  public static final int SIGNATURE_LENGTH = 2420;

  private static final byte[] SPKI_PREFIX =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

  private final byte[] bytes;
  private final PublicKey key;

  private MlDsaKey(byte[] bytes) {
    this.bytes = bytes;
    this.key = toKey(bytes);
  }

  public static MlDsaKey of(byte[] encoded) {
    if (encoded.length != LENGTH) {
      throw new IllegalArgumentException(
          "an ML-DSA-44 public key has 1312 bytes, not " + encoded.length);
    }
    return new MlDsaKey(encoded.clone());
  }

  /// Reads the DER form of RFC 9881; only the exact 1334 bytes are accepted.
  public static MlDsaKey ofSpki(byte[] spki) {
    int prefix = SPKI_PREFIX.length;
    if (spki.length != prefix + LENGTH || !Arrays.equals(spki, 0, prefix, SPKI_PREFIX, 0, prefix)) {
      throw new IllegalArgumentException("not the SPKI form of an ML-DSA-44 public key");
    }
    return of(Arrays.copyOfRange(spki, prefix, spki.length));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// The DER form of RFC 9881.
  public byte[] spki() {
    return key.getEncoded();
  }

  /// Pure ML-DSA with an empty context, by the JDK. False for whatever is not a valid signature, of
  /// any length.
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      var check = Signature.getInstance("ML-DSA-44");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static PublicKey toKey(byte[] bytes) {
    var spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + LENGTH);
    System.arraycopy(bytes, 0, spki, SPKI_PREFIX.length, LENGTH);
    try {
      return KeyFactory.getInstance("ML-DSA-44").generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an ML-DSA-44 public key", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MlDsaKey that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// The hash of the key, which is too long to be shown.
  @Override
  public String toString() {
    return "ML-DSA-44 " + Hash.sha256(bytes).hex();
  }
}
