package org.openlockbox.server.log.entry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.tlog.tree.Hash;

/// How the entries of one append, and the texts they commit to, lie in one row each.
public final class BatchBytes {
  /// The largest text that lies in the row itself.
  public static final int LARGEST_TEXT = 64 << 10;

  private BatchBytes() {}

  /// An entry bundle of any length (C2SP tlog-tiles, "Log Entries").
  public static byte[] ofEntries(List<Bytes> entries) {
    var out = new ByteArrayOutputStream(entries.size() * 512);
    for (var entry : entries) {
      out.write(entry.size() >> 8);
      out.write(entry.size());
      out.writeBytes(entry.toArray());
    }
    return out.toByteArray();
  }

  public static byte[] ofHashes(List<Hash> hashes) {
    var out = new ByteArrayOutputStream(hashes.size() * Hash.LENGTH);
    hashes.forEach(hash -> out.writeBytes(hash.bytes()));
    return out.toByteArray();
  }

  /// The entries, of which the first has index `firstSeq`.
  public static List<StoredEntry> entries(long firstSeq, byte[] bundle) {
    var entries = new ArrayList<StoredEntry>();
    var in = ByteBuffer.wrap(bundle);
    while (in.hasRemaining()) {
      var entry = new byte[in.getShort() & 0xffff];
      in.get(entry);
      entries.add(new StoredEntry(firstSeq + entries.size(), Bytes.of(entry)));
    }
    return entries;
  }

  /// A text as its row holds it: the whole text, or how long the one is that lies in pieces.
  public record KeptText(Commitment commitment, Bytes salt, Bytes text, int inPieces) {
    public static KeptText of(OpenedText text) {
      boolean large = text.text().size() > LARGEST_TEXT;
      return new KeptText(
          text.commitment(),
          text.salt(),
          large ? Bytes.empty() : text.text(),
          large ? text.text().size() : 0);
    }

    /// Whether the text lies in pieces beside the row.
    public boolean isLarge() {
      return inPieces > 0;
    }
  }

  public static byte[] ofTexts(List<KeptText> texts) {
    var out = new ByteArrayOutputStream(texts.size() * 256);
    for (var text : texts) {
      out.writeBytes(text.commitment().value().bytes());
      out.writeBytes(text.salt().toArray());
      int length = text.isLarge() ? -text.inPieces() : text.text().size();
      out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
      out.writeBytes(text.text().toArray());
    }
    return out.toByteArray();
  }

  /// The texts by the commitments they were stored for; whether they open them is the reader's to
  /// check.
  public static List<KeptText> texts(byte[] stored) {
    var texts = new ArrayList<KeptText>();
    var in = ByteBuffer.wrap(stored);
    while (in.hasRemaining()) {
      var commitment = Commitment.parse(taken(in, 32).hex());
      var salt = taken(in, Commitment.SALT_LENGTH);
      int length = in.getInt();
      texts.add(
          new KeptText(commitment, salt, taken(in, Math.max(0, length)), Math.max(0, -length)));
    }
    return texts;
  }

  private static Bytes taken(ByteBuffer in, int length) {
    var bytes = new byte[length];
    in.get(bytes);
    return Bytes.of(bytes);
  }
}
