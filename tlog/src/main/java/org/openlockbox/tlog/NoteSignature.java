package org.openlockbox.tlog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.openlockbox.tlog.tree.StrictBase64;

/// One signature line of a note: `— <name> base64(key id || signature)`. Says nothing about
/// validity. Compared by value.
public final class NoteSignature {
  static final String DASH = "\u2014 ";

  private final String name;
  private final byte[] blob;

  private NoteSignature(String name, byte[] blob) {
    this.name = KeyNames.check(name);
    if (blob.length <= Integer.BYTES) {
      throw new MalformedNote("a signature line has a key id and a signature");
    }
    this.blob = blob;
  }

  public static NoteSignature of(String name, int keyId, byte[] signature) {
    var blob = ByteBuffer.allocate(Integer.BYTES + signature.length);
    return new NoteSignature(name, blob.putInt(keyId).put(signature).array());
  }

  /// The line of a key with this name, from what [#bytes] gave.
  public static NoteSignature of(String name, byte[] bytes) {
    return new NoteSignature(name, bytes.clone());
  }

  /// Key id and signature: what stands in the line as base64.
  public byte[] bytes() {
    return blob.clone();
  }

  /// Name of the key that is said to have signed.
  public String name() {
    return name;
  }

  /// Short identifier of the key; not a cryptographic commitment to it.
  public int keyId() {
    return ByteBuffer.wrap(blob).getInt();
  }

  /// The signature bytes, whose form depends on the kind of key.
  public byte[] signature() {
    return Arrays.copyOfRange(blob, Integer.BYTES, blob.length);
  }

  /// The seconds since 1970 that a line of type 0x04 or 0x06 begins with; negative if it is too
  /// short to have any. Means something only after the line was verified with such a key.
  public long time() {
    return TimedSignature.of(this).time();
  }

  /// The line without its newline.
  public String line() {
    return DASH + name + " " + StrictBase64.encode(blob);
  }

  static NoteSignature parse(String line) {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(DASH) || space < DASH.length()) {
      throw new MalformedNote("not a signature line: " + line);
    }
    try {
      return new NoteSignature(
          line.substring(DASH.length(), space), StrictBase64.decode(line.substring(space + 1)));
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("not a signature line: " + line, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteSignature that
        && name.equals(that.name)
        && Arrays.equals(blob, that.blob);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(blob);
  }

  @Override
  public String toString() {
    return line();
  }
}
