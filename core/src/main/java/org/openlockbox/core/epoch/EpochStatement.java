package org.openlockbox.core.epoch;

import java.nio.charset.StandardCharsets;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// One entry of the epoch log: the root over the heads of all slots. Its number must equal its leaf
/// index, or there could be two statements about one epoch.
public record EpochStatement(long epoch, long slots, Hash root) {
  private static final String LABEL = "lockbox/epoch/v1";

  public EpochStatement {
    if (epoch < 0 || slots < 0) {
      throw new IllegalArgumentException("epoch and slots are not negative");
    }
  }

  /// Reads a statement; `parse(x).format()` equals `x`, or it throws [IllegalArgumentException].
  public static EpochStatement parse(String text) {
    var lines = text.split("\n", -1);
    if (lines.length != 5 || !lines[0].equals(LABEL)) {
      throw new IllegalArgumentException("not an epoch statement");
    }
    var statement =
        new EpochStatement(
            Long.parseLong(lines[1]), Long.parseLong(lines[2]), Hash.ofBase64(lines[3]));
    if (!statement.format().equals(text)) {
      throw new IllegalArgumentException("a second spelling of an epoch statement");
    }
    return statement;
  }

  public String format() {
    return "%s\n%d\n%d\n%s\n".formatted(LABEL, epoch, slots, root.base64());
  }

  /// Its hash in the epoch log.
  public Hash hash() {
    return MerkleTree.leafHash(format().getBytes(StandardCharsets.US_ASCII));
  }
}
