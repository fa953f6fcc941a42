package org.openlockbox.tlog.tile;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The entries of one tile's width (C2SP tlog-tiles, "Log Entries"): each a big-endian 16-bit
/// length and that many bytes. Like a tile, a partial bundle is a byte prefix of the full one.
public final class EntryBundle {
  /// The longest entry that the format can carry.
  public static final int MAX_ENTRY = 65_535;

  private EntryBundle() {}

  /// The bytes that adding these entries appends to a bundle.
  public static byte[] encode(List<byte[]> entries) {
    if (entries.size() > TileNodes.WIDTH) {
      throw new IllegalArgumentException("a bundle holds at most 256 entries");
    }
    var out = new ByteArrayOutputStream();
    for (var entry : entries) {
      if (entry.length > MAX_ENTRY) {
        throw new IllegalArgumentException("an entry has at most 65535 bytes, not " + entry.length);
      }
      out.write(entry.length >> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return out.toByteArray();
  }

  /// All entries of a bundle; refuses an incomplete last one and more than 256.
  public static List<byte[]> decode(byte[] bundle) {
    var entries = new ArrayList<byte[]>();
    int at = 0;
    while (at < bundle.length) {
      if (entries.size() == TileNodes.WIDTH) {
        throw new IllegalArgumentException("a bundle holds at most 256 entries");
      }
      int end = end(bundle, at);
      entries.add(Arrays.copyOfRange(bundle, at + 2, end));
      at = end;
    }
    return List.copyOf(entries);
  }

  /// The beginning of a bundle that holds its first `count` entries.
  public static byte[] prefix(byte[] bundle, int count) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      at = end(bundle, at);
    }
    return Arrays.copyOf(bundle, at);
  }

  private static int end(byte[] bundle, int at) {
    if (at + 2 > bundle.length) {
      throw new IllegalArgumentException("the bundle ends inside a length");
    }
    int end = at + 2 + (((bundle[at] & 0xff) << 8) | (bundle[at + 1] & 0xff));
    if (end > bundle.length) {
      throw new IllegalArgumentException("the bundle ends inside an entry");
    }
    return end;
  }
}
