package org.openlockbox.tlog;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A signature with a time before it, in seconds since 1970: what a line of type 0x04 or 0x06
/// holds. A negative time stands for one that does not fit, or for a line too short to hold one.
final class TimedSignature {
  private final long time;
  private final byte[] bytes;

  TimedSignature(long time, byte[] bytes) {
    this.time = time;
    this.bytes = bytes;
  }

  static TimedSignature of(NoteSignature line) {
    var all = line.signature();
    if (all.length < Long.BYTES) {
      return new TimedSignature(-1, new byte[0]);
    }
    return new TimedSignature(
        ByteBuffer.wrap(all).getLong(), Arrays.copyOfRange(all, Long.BYTES, all.length));
  }

  long time() {
    return time;
  }

  byte[] bytes() {
    return bytes;
  }

  byte[] joined() {
    return ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(time).put(bytes).array();
  }
}
