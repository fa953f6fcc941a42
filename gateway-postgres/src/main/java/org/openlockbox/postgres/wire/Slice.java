package org.openlockbox.postgres.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Reads one message's body and refuses to leave it: each read is checked against the body's end,
/// no count or length in the body is believed before it is compared with what is there.
public final class Slice {
  private final byte[] bytes;
  private final int end;
  private int at;

  public Slice(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  public int remaining() {
    return end - at;
  }

  byte octet() {
    need(1);
    return bytes[at++];
  }

  int count16() {
    need(2);
    int value = ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    at += 2;
    return value;
  }

  public int int32() {
    need(4);
    int value =
        (bytes[at] << 24)
            | ((bytes[at + 1] & 0xff) << 16)
            | ((bytes[at + 2] & 0xff) << 8)
            | (bytes[at + 3] & 0xff);
    at += 4;
    return value;
  }

  void skip(int count) {
    need(count);
    at += count;
  }

  public byte[] take(int count) {
    need(count);
    byte[] taken = new byte[count];
    System.arraycopy(bytes, at, taken, 0, count);
    at += count;
    return taken;
  }

  /// The bytes up to the next NUL, which is consumed too. They must be UTF-8.
  public String text() {
    return utf8(untilNul());
  }

  byte[] untilNul() {
    int nul = at;
    while (nul < end && bytes[nul] != 0) {
      nul++;
    }
    if (nul == end) {
      throw new WireViolation("a text in the message is not terminated");
    }
    byte[] taken = take(nul - at);
    at++;
    return taken;
  }

  void done() {
    if (at != end) {
      throw new WireViolation("the message is longer than its content");
    }
  }

  private void need(int count) {
    if (count < 0 || count > end - at) {
      throw new WireViolation("the message ends before its content does");
    }
  }

  static String utf8(byte[] raw) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(raw))
          .toString();
    } catch (CharacterCodingException e) {
      throw new WireViolation("the text is not UTF-8");
    }
  }
}
