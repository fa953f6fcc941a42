package org.openlockbox.core.signing;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.openlockbox.core.canonical.Bytes;

/// Public keys and signatures on NIST P-256, with the checks that the JDK leaves to its caller.
final class P256 {
  /// SPKI of an uncompressed point on the named curve (RFC 5480); the one form that is accepted, so
  /// one key has one key id.
  private static final byte[] SPKI_PREFIX =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

  private static final int SPKI_LENGTH = 91;

  private P256() {}

  /// The key of exactly this SPKI, its point on the curve.
  static PublicKey key(Bytes spki) {
    var der = spki.toArray();
    int prefix = SPKI_PREFIX.length;
    if (der.length != SPKI_LENGTH || !Arrays.equals(der, 0, prefix, SPKI_PREFIX, 0, prefix)) {
      throw new UnacceptableKey("not the SPKI form of an uncompressed P-256 public key");
    }
    try {
      var key =
          (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      checkOnCurve(key);
      return key;
    } catch (GeneralSecurityException e) {
      throw new UnacceptableKey("not a P-256 public key", e);
    }
  }

  /// y^2 = x^3 + ax + b with reduced coordinates. The cofactor is 1, so every point on the curve
  /// but infinity, which this form cannot express, has the full order.
  private static void checkOnCurve(ECPublicKey key) throws GeneralSecurityException {
    var curve = parameters().getCurve();
    var p = ((ECFieldFp) curve.getField()).getP();
    var x = key.getW().getAffineX();
    var y = key.getW().getAffineY();
    boolean reduced = isReduced(x, p) && isReduced(y, p);
    var right = x.modPow(BigInteger.valueOf(3), p).add(curve.getA().multiply(x)).add(curve.getB());
    if (!reduced || !y.multiply(y).mod(p).equals(right.mod(p))) {
      throw new UnacceptableKey("a P-256 public key that is not on the curve");
    }
  }

  private static boolean isReduced(BigInteger value, BigInteger p) {
    return value.signum() >= 0 && value.compareTo(p) < 0;
  }

  private static ECParameterSpec parameters() throws GeneralSecurityException {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  /// Strict DER, then the JDK's verification, which refuses r and s outside 1 to n - 1. The twin
  /// (r, n - s) of a valid signature is valid too: never use signature bytes as an id.
  static boolean verifies(PublicKey key, byte[] message, Bytes signature) {
    if (!isStrictDer(signature)) {
      return false;
    }
    try {
      var check = Signature.getInstance("SHA256withECDSA");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature.toArray());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// `SEQUENCE { INTEGER r, INTEGER s }`, short lengths, shortest positive integers, nothing after.
  static boolean isStrictDer(Bytes der) {
    if (der.size() < 8 || der.size() > 72 || der.at(0) != 0x30 || der.at(1) != der.size() - 2) {
      return false;
    }
    int s = endOfInteger(der, 2);
    return s > 0 && endOfInteger(der, s) == der.size();
  }

  /// Position after the positive integer that begins at `start`, or -1.
  private static int endOfInteger(Bytes der, int start) {
    if (start + 2 >= der.size() || der.at(start) != 0x02) {
      return -1;
    }
    int length = der.at(start + 1);
    int first = start + 2;
    if (length < 1 || length > 33 || first + length > der.size() || der.at(first) >= 0x80) {
      return -1;
    }
    boolean padded = length > 1 && der.at(first) == 0 && der.at(first + 1) < 0x80;
    return padded ? -1 : first + length;
  }
}
