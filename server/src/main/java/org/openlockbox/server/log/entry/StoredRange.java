package org.openlockbox.server.log.entry;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;

/// A compact range as the database keeps it: its hashes one after another, the largest subtree
/// first.
public final class StoredRange {
  private StoredRange() {}

  public static CompactRange of(long size, byte[] stored) {
    var hashes = new ArrayList<Hash>();
    for (int at = 0; at < stored.length; at += Hash.LENGTH) {
      hashes.add(Hash.of(Arrays.copyOfRange(stored, at, at + Hash.LENGTH)));
    }
    return CompactRange.of(size, hashes);
  }

  public static byte[] bytes(CompactRange range) {
    var out = new ByteArrayOutputStream();
    range.hashes().forEach(hash -> out.writeBytes(hash.bytes()));
    return out.toByteArray();
  }
}
