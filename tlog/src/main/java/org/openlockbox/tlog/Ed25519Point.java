package org.openlockbox.tlog;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/// An Ed25519 public key (RFC 8032) on which all verifiers agree: its 32 bytes are the one
/// canonical encoding of a point on the curve, and the point is of prime order. Implementations
/// differ exactly on the keys that are refused here, so an attacker who could enrol one could make
/// a signature that one checker accepts and another rejects.
public final class Ed25519Point {
  /// Bytes of an encoded key.
  public static final int LENGTH = 32;

  /// Bytes of a signature.
  public static final int SIGNATURE_LENGTH = 64;

  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);

  /// The y coordinates of the eight points of low order, little-endian without the sign bit. With p
  /// and p + 1 (second spellings of 0 and 1, refused as not canonical) and either sign these are
  /// the 14 encodings of low order.
  private static final Set<String> LOW_ORDER =
      Set.of(
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

  private final byte[] bytes;
  private final PublicKey key;

  private Ed25519Point(byte[] bytes) {
    this.bytes = bytes;
    this.key = toKey(bytes);
  }

  /// Throws [IllegalArgumentException] that says which rule the key breaks.
  public static Ed25519Point of(byte[] encoded) {
    if (encoded.length != LENGTH) {
      throw new IllegalArgumentException(
          "an Ed25519 public key has 32 bytes, not " + encoded.length);
    }
    var unsigned = encoded.clone();
    unsigned[LENGTH - 1] &= 0x7f;
    var y = littleEndian(unsigned);
    if (y.compareTo(P) >= 0) {
      throw new IllegalArgumentException("not the canonical encoding of an Ed25519 public key");
    }
    if (LOW_ORDER.contains(HexFormat.of().formatHex(unsigned))) {
      throw new IllegalArgumentException("an Ed25519 public key of low order");
    }
    if (!onCurve(y)) {
      throw new IllegalArgumentException("an Ed25519 public key that is not on the curve");
    }
    if (!PrimeOrder.has(y)) {
      throw new IllegalArgumentException("an Ed25519 public key of mixed order");
    }
    return new Ed25519Point(encoded.clone());
  }

  /// Reads the DER form of RFC 8410; only the exact 44 bytes are accepted.
  public static Ed25519Point ofSpki(byte[] spki) {
    int prefix = SPKI_PREFIX.length;
    if (spki.length != prefix + LENGTH || !Arrays.equals(spki, 0, prefix, SPKI_PREFIX, 0, prefix)) {
      throw new IllegalArgumentException("not the SPKI form of an Ed25519 public key");
    }
    return of(Arrays.copyOfRange(spki, prefix, spki.length));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// The DER form of RFC 8410.
  public byte[] spki() {
    return key.getEncoded();
  }

  public PublicKey key() {
    return key;
  }

  /// Verification by the JDK. False for whatever is not a valid signature, of any length.
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      var check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// x^2 = (y^2 - 1) / (d y^2 + 1) has a solution (Euler's criterion on numerator times
  /// denominator, which is a square exactly when the quotient is).
  private static boolean onCurve(BigInteger y) {
    var y2 = y.multiply(y);
    var product = y2.subtract(BigInteger.ONE).multiply(D.multiply(y2).add(BigInteger.ONE)).mod(P);
    return product.modPow(P.subtract(BigInteger.ONE).shiftRight(1), P).equals(BigInteger.ONE);
  }

  private static BigInteger littleEndian(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  private static PublicKey toKey(byte[] bytes) {
    var spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + LENGTH);
    System.arraycopy(bytes, 0, spki, SPKI_PREFIX.length, LENGTH);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an Ed25519 public key", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ed25519Point that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
