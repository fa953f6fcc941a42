package org.openlockbox.core.epoch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// What an epoch says of one tenant: at this slot stands this log, with this size and root. There
/// is one leaf a slot and epoch, so one head a tenant and epoch; the salt keeps the neighbours,
/// whose proofs show its hash, from learning even that nothing changed.
public record HeadLeaf(long epoch, long slot, Hash salt, LogOrigin origin, long size, Hash root) {
  private static final String LABEL = "lockbox/head/v1";
  private static final byte[] SALT_LABEL = "lockbox/salt/1\n".getBytes(StandardCharsets.US_ASCII);

  public HeadLeaf {
    if (epoch < 0 || slot < 0 || size < 0) {
      throw new IllegalArgumentException("epoch, slot and size are not negative");
    }
  }

  /// The salt of an epoch, known only to who has the tenant's head secret (32 bytes).
  public static Hash salt(Bytes headSecret, long epoch) {
    return Hash.sha256(
        SALT_LABEL, headSecret.toArray(), ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
  }

  /// Reads a leaf; `parse(x).format()` equals `x`, or it throws [IllegalArgumentException].
  public static HeadLeaf parse(String text) {
    var lines = text.split("\n", -1);
    if (lines.length != 8 || !lines[0].equals(LABEL)) {
      throw new IllegalArgumentException("not a head leaf");
    }
    var leaf =
        new HeadLeaf(
            Long.parseLong(lines[1]),
            Long.parseLong(lines[2]),
            Hash.ofBase64(lines[3]),
            new LogOrigin(lines[4]),
            Long.parseLong(lines[5]),
            Hash.of(Base64.getDecoder().decode(lines[6])));
    if (!leaf.format().equals(text)) {
      throw new IllegalArgumentException("a second spelling of a head leaf");
    }
    return leaf;
  }

  public String format() {
    return LABEL
        + '\n'
        + epoch
        + '\n'
        + slot
        + '\n'
        + salt.base64()
        + '\n'
        + origin.value()
        + '\n'
        + size
        + '\n'
        + root.base64()
        + '\n';
  }

  /// Its hash in the tree over all slots.
  public Hash hash() {
    return MerkleTree.leafHash(format().getBytes(StandardCharsets.US_ASCII));
  }
}
