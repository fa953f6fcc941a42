package org.openlockbox.tlog;

import java.math.BigInteger;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Whether a point of Ed25519 lies in the group of prime order L. A point outside it has a part of
/// low order, and verifiers that multiply by the cofactor and those that do not disagree about some
/// of its signatures.
///
/// Checked with the x-only ladder of RFC 7748 section 5 on the Montgomery form, u = (1 + y) / (1 -
/// y): L times the point must be the point at infinity, Z = 0. Public values only, so nothing has
/// to be constant in time.
final class PrimeOrder {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final BigInteger A24 = BigInteger.valueOf(121_665);

  /// The same few keys are read again and again; the answer never changes.
  private static final Set<BigInteger> KNOWN = ConcurrentHashMap.newKeySet();

  private static final int MOST_KNOWN = 1_000;

  private PrimeOrder() {}

  /// `y` is the coordinate of a point on the curve that is not of low order.
  static boolean has(BigInteger y) {
    if (KNOWN.contains(y)) {
      return true;
    }
    var u = BigInteger.ONE.add(y).multiply(BigInteger.ONE.subtract(y).modInverse(P)).mod(P);
    boolean prime = zOfMultiple(u).signum() == 0;
    if (prime) {
      if (KNOWN.size() >= MOST_KNOWN) {
        KNOWN.clear();
      }
      KNOWN.add(y);
    }
    return prime;
  }

  private static BigInteger zOfMultiple(BigInteger u) {
    var x2 = BigInteger.ONE;
    var z2 = BigInteger.ZERO;
    var x3 = u;
    var z3 = BigInteger.ONE;
    for (int bit = L.bitLength() - 1; bit >= 0; bit--) {
      boolean one = L.testBit(bit);
      var xa = one ? x3 : x2;
      var za = one ? z3 : z2;
      var xb = one ? x2 : x3;
      var zb = one ? z2 : z3;
      var sum = xa.add(za);
      var difference = xa.subtract(za);
      var da = xb.subtract(zb).multiply(sum).mod(P);
      var cb = xb.add(zb).multiply(difference).mod(P);
      var added = square(da.add(cb));
      var addedZ = u.multiply(square(da.subtract(cb))).mod(P);
      var aa = square(sum);
      var bb = square(difference);
      var e = aa.subtract(bb);
      var doubled = aa.multiply(bb).mod(P);
      var doubledZ = e.multiply(aa.add(A24.multiply(e))).mod(P);
      x2 = one ? added : doubled;
      z2 = one ? addedZ : doubledZ;
      x3 = one ? doubled : added;
      z3 = one ? doubledZ : addedZ;
    }
    return z2;
  }

  private static BigInteger square(BigInteger a) {
    return a.multiply(a).mod(P);
  }
}
