package org.openlockbox.core.signing;

import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;

/// A public key as an authenticator writes it: a COSE_Key in the canonical CBOR of CTAP2, of which
/// there is one form for P-256 with ES256 and one for Ed25519 with EdDSA. `size` is how many bytes
/// it took.
record CoseKey(Bytes spki, int size) {
  private static final int COORDINATE = 32;

  // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
  private static final Bytes ES256 = Bytes.ofHex("a5010203262001215820");
  private static final Bytes ES256_Y = Bytes.ofHex("225820");
  // {1: 1, 3: -8, -1: 6, -2: x}
  private static final Bytes EDDSA = Bytes.ofHex("a4010103272006215820");

  private static final Bytes SPKI_P256 =
      Bytes.ofHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
  private static final Bytes SPKI_ED25519 = Bytes.ofHex("302a300506032b6570032100");

  /// The key that these bytes begin with; empty for every other kind and form. Whether its point is
  /// a good one is for [VerifyingKey] to say.
  static Optional<CoseKey> read(Bytes bytes) {
    int x = ES256.size();
    int y = x + COORDINATE + ES256_Y.size();
    if (begins(bytes, 0, EDDSA) && bytes.size() >= x + COORDINATE) {
      var point = bytes.slice(x, x + COORDINATE);
      return Optional.of(new CoseKey(SPKI_ED25519.plus(point), x + COORDINATE));
    }
    if (begins(bytes, 0, ES256)
        && begins(bytes, x + COORDINATE, ES256_Y)
        && bytes.size() >= y + COORDINATE) {
      var point = bytes.slice(x, x + COORDINATE).plus(bytes.slice(y, y + COORDINATE));
      return Optional.of(new CoseKey(SPKI_P256.plus(point), y + COORDINATE));
    }
    return Optional.empty();
  }

  private static boolean begins(Bytes bytes, int at, Bytes with) {
    return bytes.size() >= at + with.size() && bytes.slice(at, at + with.size()).equals(with);
  }
}
