package org.openlockbox.postgres.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.openlockbox.net.Buffers;

/// A read buffer that knows where messages begin and end.
///
/// One `fill` takes whatever the socket has; then `next` steps from message to message, and what
/// may pass is written to the other side in one piece. The declared length is compared with the
/// limit for its type before anything is allocated, and the buffer grows only as bytes arrive.
///
/// ```text
///   0 ........ from ........ at ........ at+1+length ........ end ........ bytes.length
///              kept range    current message              unread        free
/// ```
///
/// Where a message is dropped or another put in its place, what is kept until there moves aside,
/// and goes before the kept range: so each byte is moved once, however many are replaced.
///
/// While it is empty it holds no memory: see [#rest].
public final class MessageBuffer {
  /// Where bytes come from: as of `InputStream.read`, and 0 when nothing is there yet.
  @FunctionalInterface
  public interface ByteSource {
    int read(byte[] into, int at, int count) throws IOException;
  }

  /// Where bytes go: as of `OutputStream.write`.
  @FunctionalInterface
  public interface ByteSink {
    void write(byte[] from, int at, int count) throws IOException;
  }

  private final Buffers buffers;
  private byte[] bytes = Buffers.NONE;
  private int from;
  private int at;
  private int next;
  private int end;
  private ByteArrayOutputStream aside = new ByteArrayOutputStream(0);

  /// @param buffers what the thread that uses it shares
  public MessageBuffer(Buffers buffers) {
    this.buffers = buffers;
  }

  /// Reads once. False at the end of the stream.
  public boolean fill(ByteSource in) throws IOException {
    compact();
    int count = in.read(bytes, end, bytes.length - end);
    if (count < 0) {
      return false;
    }
    end += count;
    return true;
  }

  /// Moves what is unread to the front; doubles the buffer once half of it is one message.
  private void compact() {
    if (bytes.length == 0) {
      bytes = buffers.take();
    }
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, end - from);
      shift(-from);
    }
    if (end > bytes.length / 2) {
      bytes = Arrays.copyOf(bytes, Math.multiplyExact(bytes.length, 2));
    }
  }

  private void shift(int by) {
    from += by;
    at += by;
    next += by;
    end += by;
  }

  /// Gives its memory back if nothing is in it.
  public void rest() {
    if (from == end && bytes.length > 0) {
      buffers.give(bytes);
      bytes = Buffers.NONE;
      shift(-end);
      at = 0;
      next = 0;
    }
  }

  /// Steps to the next message if its five-byte head is there; the body may still be incomplete.
  public boolean nextHead() {
    at = next;
    return end - at >= 5;
  }

  /// Completes the step begun by [#nextHead]: true if the whole message is there.
  public boolean nextWhole(int limit) {
    int length = length();
    if (length < 4 || length > limit) {
      throw new WireViolation("a message of " + length + " bytes");
    }
    if (end - at < 1 + length) {
      return false;
    }
    next = at + 1 + length;
    return true;
  }

  public byte type() {
    return bytes[at];
  }

  /// The current message's length field: it counts itself and the body, not the type byte.
  public int length() {
    return ((bytes[at + 1] & 0xff) << 24)
        | ((bytes[at + 2] & 0xff) << 16)
        | ((bytes[at + 3] & 0xff) << 8)
        | (bytes[at + 4] & 0xff);
  }

  Slice body() {
    return new Slice(bytes, at + 5, next);
  }

  /// How many bytes of the current message have arrived, or of what comes behind it.
  public int arrived() {
    return end - at;
  }

  /// Consumes the bytes that have arrived of a message too large to hold; answers how many of its
  /// bytes are still to come.
  public int enterPartial() {
    int missing = Math.subtractExact(Math.addExact(length(), 1), end - at);
    next = end;
    return missing;
  }

  /// Consumes up to `count` bytes of a message that is passing through; answers how many.
  public int pass(int count) {
    int passed = Math.min(count, end - next);
    at = next;
    next += passed;
    return passed;
  }

  /// Bytes kept for writing: all messages stepped over since the last write.
  public int pending() {
    return aside.size() + at - from;
  }

  /// The same and what has arrived of the current message.
  public int kept() {
    return aside.size() + next - from;
  }

  /// Writes the kept bytes up to, not including, the current message.
  public void writeBefore(ByteSink out) throws IOException {
    writeTo(out, at);
  }

  /// Writes the kept bytes including the current message.
  public void writeThrough(ByteSink out) throws IOException {
    writeTo(out, next);
    at = next;
  }

  private void writeTo(ByteSink out, int until) throws IOException {
    if (aside.size() > 0) {
      putAside(until);
      byte[] all = aside.toByteArray();
      out.write(all, 0, all.length);
      aside = new ByteArrayOutputStream(0);
    } else if (until > from) {
      out.write(bytes, from, until - from);
      from = until;
    }
  }

  private void putAside(int until) {
    aside.write(bytes, from, until - from);
    from = until;
  }

  /// Takes the current message, as far as it has arrived, out of what is kept.
  public void drop() {
    replace(Buffers.NONE);
  }

  /// Puts another message in the place of the current one, as far as that has arrived; what is kept
  /// before it stays before it.
  public void replace(byte[] by) {
    putAside(at);
    aside.writeBytes(by);
    from = next;
    at = next;
  }

  /// Puts another message before the current one.
  public void insert(byte[] before) {
    putAside(at);
    aside.writeBytes(before);
  }

  /// Steps back to the beginning of the current message, which is to be looked at once more.
  public void stepBack() {
    next = at;
  }

  /// True if part of a message has arrived and the rest has not.
  public boolean holdsPart() {
    return end > next;
  }

  /// The memory it holds.
  public int capacity() {
    return bytes.length + aside.size();
  }

  /// A copy of the current message's body.
  public byte[] copyBody() {
    return Arrays.copyOfRange(bytes, at + 5, next);
  }

  /// Looks at what is there of the current message, which is a row.
  public void checkRow(RowCheck rows) {
    rows.begin(length() - 4);
    rows.take(bytes, at + 5, next);
  }

  /// Looks at the last `count` bytes passed of a row.
  public void checkPassed(RowCheck rows, int count) {
    rows.take(bytes, next - count, next);
  }

  /// Adds what is there of the current message's body to a digest.
  public void digestBody(MessageDigest digest) {
    digest.update(bytes, at + 5, next - at - 5);
  }

  /// Adds the last `count` bytes passed to a digest.
  public void digestPassed(MessageDigest digest, int count) {
    digest.update(bytes, next - count, count);
  }
}
