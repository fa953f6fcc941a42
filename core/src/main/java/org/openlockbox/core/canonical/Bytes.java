package org.openlockbox.core.canonical;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.openlockbox.tlog.tree.Hash;

/// An immutable string of bytes, compared by value. Not for secrets: [#toString] shows the first
/// bytes.
public final class Bytes {
  private static final Bytes EMPTY = new Bytes(new byte[0]);
  private static final int SHOWN = 16;

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Bytes empty() {
    return EMPTY;
  }

  public static Bytes of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  public static Bytes ofUtf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads lower-case hexadecimal; no other spelling is accepted.
  public static Bytes ofHex(String hex) {
    var bytes = new Bytes(HexFormat.of().parseHex(hex));
    return same(bytes, bytes.hex(), hex);
  }

  /// Reads standard base64 with padding (RFC 4648 section 4); no other spelling is accepted.
  public static Bytes ofBase64(String base64) {
    var bytes = new Bytes(Base64.getDecoder().decode(base64));
    return same(bytes, bytes.base64(), base64);
  }

  /// Reads URL-safe base64 without padding (RFC 4648 section 5); no other spelling is accepted.
  public static Bytes ofBase64Url(String base64) {
    var bytes = new Bytes(Base64.getUrlDecoder().decode(base64));
    return same(bytes, bytes.base64Url(), base64);
  }

  private static Bytes same(Bytes bytes, String canonical, String given) {
    if (!canonical.equals(given)) {
      throw new IllegalArgumentException("not the canonical spelling of a byte string");
    }
    return bytes;
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /// The byte at this position, 0 to 255.
  public int at(int index) {
    return bytes[index] & 0xff;
  }

  public Bytes slice(int from, int to) {
    if (from < 0 || to < from || to > bytes.length) {
      throw new IndexOutOfBoundsException("%d to %d of %d".formatted(from, to, bytes.length));
    }
    return new Bytes(Arrays.copyOfRange(bytes, from, to));
  }

  public Bytes plus(Bytes more) {
    var joined = Arrays.copyOf(bytes, bytes.length + more.bytes.length);
    System.arraycopy(more.bytes, 0, joined, bytes.length, more.bytes.length);
    return new Bytes(joined);
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  public String base64Url() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The text these bytes are the UTF-8 of; throws [MalformedJson] when they are no UTF-8.
  public String utf8() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedJson("not UTF-8", e);
    }
  }

  public Hash sha256() {
    return Hash.sha256(bytes);
  }

  /// Compares without telling by its duration where the first difference is.
  public boolean equalsInConstantTime(Bytes other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length <= SHOWN ? hex() : slice(0, SHOWN).hex() + "… (" + bytes.length + " bytes)";
  }
}
