package org.openlockbox.core.statement;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.tree.Hash;

/// Stands in the log for a text that is kept beside it: SHA-256 of a 16-byte random salt and the
/// text's bytes. Whoever drops salt and text erases the text without breaking the log.
public record Commitment(Hash value) {
  public static final int SALT_LENGTH = 16;

  public static Commitment parse(String hex) {
    return new Commitment(Hash.ofHex(hex));
  }

  public static Commitment to(Bytes salt, Bytes text) {
    if (salt.size() != SALT_LENGTH) {
      throw new IllegalArgumentException("a salt has 16 bytes, not " + salt.size());
    }
    return new Commitment(salt.plus(text).sha256());
  }

  public String hex() {
    return value.hex();
  }

  @Override
  public String toString() {
    return hex();
  }
}
