package org.openlockbox.core.signing;

import org.openlockbox.core.canonical.Bytes;

/// Reads the data types of RFC 4251 section 5 from left to right. What ends too early is a
/// [Truncated].
final class SshReader {
  private static final int UINT32 = 4;

  private final Bytes bytes;
  private int at;

  SshReader(Bytes bytes) {
    this.bytes = bytes;
  }

  /// There are fewer bytes than were announced.
  static final class Truncated extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  Bytes take(int length) {
    if (length < 0 || length > bytes.size() - at) {
      throw new Truncated();
    }
    at += length;
    return bytes.slice(at - length, at);
  }

  /// A `string`: its length as a `uint32`, then so many bytes.
  Bytes string() {
    var length = take(UINT32);
    int value = 0;
    for (int i = 0; i < UINT32; i++) {
      value = value << Byte.SIZE | length.at(i);
    }
    return take(value); // beyond 2^31 it is negative, which no input is long enough for
  }

  boolean isAtEnd() {
    return at == bytes.size();
  }

  /// These bytes as a `string`.
  static Bytes string(Bytes value) {
    int n = value.size();
    return Bytes.of(new byte[] {(byte) (n >> 24), (byte) (n >> 16), (byte) (n >> 8), (byte) n})
        .plus(value);
  }

  static Bytes string(String ascii) {
    return string(Bytes.ofUtf8(ascii));
  }
}
