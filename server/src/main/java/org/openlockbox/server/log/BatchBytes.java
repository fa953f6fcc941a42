package org.openlockbox.server.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.Commitment;
import org.openlockbox.core.evidence.OpenedText;

/// How the entries of one append, and the texts they commit to, lie in one row each.
final class BatchBytes {
  private BatchBytes() {}

  /// An entry bundle of any length (C2SP tlog-tiles, "Log Entries").
  static byte[] ofEntries(List<Bytes> entries) {
    var out = new ByteArrayOutputStream(entries.size() * 512);
    for (var entry : entries) {
      out.write(entry.size() >> 8);
      out.write(entry.size());
      out.writeBytes(entry.toArray());
    }
    return out.toByteArray();
  }

  /// The entries, of which the first has index `firstSeq`.
  static List<StoredEntry> entries(long firstSeq, byte[] bundle) {
    var entries = new ArrayList<StoredEntry>();
    var in = ByteBuffer.wrap(bundle);
    while (in.hasRemaining()) {
      var entry = new byte[in.getShort() & 0xffff];
      in.get(entry);
      entries.add(new StoredEntry(firstSeq + entries.size(), Bytes.of(entry)));
    }
    return entries;
  }

  static byte[] ofTexts(List<OpenedText> texts) {
    var out = new ByteArrayOutputStream(texts.size() * 256);
    for (var text : texts) {
      out.writeBytes(text.commitment().value().bytes());
      out.writeBytes(text.salt().toArray());
      out.writeBytes(ByteBuffer.allocate(4).putInt(text.text().size()).array());
      out.writeBytes(text.text().toArray());
    }
    return out.toByteArray();
  }

  /// The texts by the commitments they were stored for; whether they open them is the reader's to
  /// check.
  static Map<Commitment, OpenedText> texts(byte[] stored) {
    var texts = new HashMap<Commitment, OpenedText>();
    var in = ByteBuffer.wrap(stored);
    while (in.hasRemaining()) {
      var commitment = Commitment.parse(taken(in, 32).hex());
      var salt = taken(in, Commitment.SALT_LENGTH);
      texts.put(commitment, new OpenedText(salt, taken(in, in.getInt())));
    }
    return texts;
  }

  private static Bytes taken(ByteBuffer in, int length) {
    var bytes = new byte[length];
    in.get(bytes);
    return Bytes.of(bytes);
  }
}
