package org.openlockbox.core.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.Unproven;

/// The one way in which a bundle's files become a zip file (APPNOTE 6.3.3): stored, sorted by name,
/// all dated 1980-01-01, no extra fields, no comments; so the same files are always the same bytes,
/// and any unzip program reads them.
final class StoredZip {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int VERSION = 20;
  private static final int VERSION_64 = 45;
  private static final int FIRST_DATE = 0x21;
  private static final int LOCAL_LENGTH = 30;
  private static final int CENTRAL_LENGTH = 46;
  private static final int MANY = 0xffff;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9./-]{0,199}");

  private StoredZip() {}

  static Bytes write(SortedMap<String, Bytes> files) {
    var out = new ByteArrayOutputStream();
    var directory = new ByteArrayOutputStream();
    for (var file : files.entrySet()) {
      var name = file.getKey().getBytes(StandardCharsets.US_ASCII);
      directory.writeBytes(central(name, file.getValue(), out.size()));
      out.writeBytes(local(name, file.getValue()));
      out.writeBytes(file.getValue().toArray());
    }
    int start = out.size();
    out.writeBytes(directory.toByteArray());
    out.writeBytes(end(files.size(), directory.size(), start));
    return Bytes.of(out.toByteArray());
  }

  private static byte[] local(byte[] name, Bytes file) {
    return common(little(LOCAL_LENGTH + name.length).putInt(LOCAL), name, file).put(name).array();
  }

  private static byte[] central(byte[] name, Bytes file, int offset) {
    var header = little(CENTRAL_LENGTH + name.length).putInt(CENTRAL).putShort((short) VERSION);
    // No comment, disk 0, no attributes, then where the file begins.
    return common(header, name, file)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putInt(0)
        .putInt(offset)
        .put(name)
        .array();
  }

  private static ByteBuffer common(ByteBuffer header, byte[] name, Bytes file) {
    // Version, flags, method, time, date, checksum, two equal sizes, name length, no extra field.
    return header
        .putShort((short) VERSION)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) FIRST_DATE)
        .putInt(checksum(file.toArray()))
        .putInt(file.size())
        .putInt(file.size())
        .putShort((short) name.length)
        .putShort((short) 0);
  }

  private static byte[] end(int count, int length, int start) {
    var out = new ByteArrayOutputStream();
    if (count >= MANY) {
      out.writeBytes(end64(count, length, start));
    }
    short shown = (short) Math.min(count, MANY);
    out.writeBytes(
        little(22)
            .putInt(END)
            .putInt(0)
            .putShort(shown)
            .putShort(shown)
            .putInt(length)
            .putInt(start)
            .array());
    return out.toByteArray();
  }

  /// The ZIP64 end record and its locator, for more files than fit a 16-bit count.
  private static byte[] end64(int count, int length, int start) {
    return little(56 + 20)
        .putInt(END_64)
        .putLong(44)
        .putShort((short) VERSION_64)
        .putShort((short) VERSION_64)
        .putLong(0)
        .putLong(count)
        .putLong(count)
        .putLong(length)
        .putLong(start)
        .putInt(LOCATOR_64)
        .putInt(0)
        .putLong((long) start + length)
        .putInt(1)
        .array();
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(byte[] file) {
    var crc = new CRC32();
    crc.update(file);
    return (int) crc.getValue();
  }

  /// Reads the files up to the directory, and leaves the directory to [#requireSame]. Throws
  /// [Unproven] naming the first file that is not as [#write] writes it.
  static SortedMap<String, Bytes> read(Bytes zip) {
    var in = ByteBuffer.wrap(zip.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    var files = new TreeMap<String, Bytes>();
    var last = "";
    while (in.remaining() >= LOCAL_LENGTH && in.getInt(in.position()) == LOCAL) {
      int size = in.getInt(in.position() + 18);
      int checksum = in.getInt(in.position() + 14);
      int nameLength = in.getShort(in.position() + 26) & MANY;
      in.position(in.position() + LOCAL_LENGTH);
      if (size < 0 || size > in.remaining() - nameLength) {
        throw new Unproven(after(last), "a file that is larger than the bundle");
      }
      var name = new byte[nameLength];
      in.get(name);
      var text = new String(name, StandardCharsets.ISO_8859_1);
      if (!NAME.matcher(text).matches() || text.compareTo(last) <= 0) {
        throw new Unproven(after(last), "a file that is out of order or has an odd name");
      }
      var data = new byte[size];
      in.get(data);
      last = text;
      if (checksum(data) != checksum) {
        throw new Unproven(text, "does not match its checksum: changed after it was written");
      }
      files.put(text, Bytes.of(data));
    }
    if (files.isEmpty()) {
      throw new Unproven("bundle", "not a bundle: no file at its beginning");
    }
    return files;
  }

  private static String after(String name) {
    return name.isEmpty() ? "first file" : "after " + name;
  }

  /// Throws [Unproven] naming the file in which the two first differ.
  static void requireSame(Bytes given, Bytes rewritten, SortedMap<String, Bytes> files) {
    if (given.equals(rewritten)) {
      return;
    }
    int shared = Math.min(given.size(), rewritten.size());
    int at = 0;
    while (at < shared && given.at(at) == rewritten.at(at)) {
      at++;
    }
    int start = 0;
    for (var file : layout(files).entrySet()) {
      start += file.getValue();
      if (at < start) {
        throw new Unproven(file.getKey(), "byte %d is not as it is written".formatted(at));
      }
    }
    throw new Unproven("zip directory", "byte %d is not as it is written".formatted(at));
  }

  private static Map<String, Integer> layout(SortedMap<String, Bytes> files) {
    var lengths = new LinkedHashMap<String, Integer>();
    files.forEach((name, file) -> lengths.put(name, LOCAL_LENGTH + name.length() + file.size()));
    return lengths;
  }
}
