package org.openlockbox.core.signing;

import org.openlockbox.tlog.tree.Hash;

/// SHA-256 of a public key's SPKI bytes, written in lower-case hexadecimal. In a signature it is a
/// hint which key to try; in a keyring it names the key.
public record KeyId(Hash hash) {
  public static KeyId parse(String hex) {
    return new KeyId(Hash.ofHex(hex));
  }

  public String hex() {
    return hash.hex();
  }

  @Override
  public String toString() {
    return hex();
  }
}
