package org.openlockbox.net;

import java.util.ArrayDeque;
import java.util.Deque;

/// The memory that all lines of one thread share: a connection that is idle holds none of it.
///
/// Not safe for several threads: each event loop, and each login, has its own.
public final class Buffers {
  public static final byte[] NONE = new byte[0];
  static final int SIZE = 32 * 1024;

  /// Holds the largest TLS record whatever came before it.
  private static final int RECORDS = 64 * 1024;

  private static final int SPARE = 64;

  private final Deque<byte[]> spare = new ArrayDeque<>();
  private byte[] arrived = NONE;
  private byte[] sealed = NONE;

  /// A buffer of [#SIZE] bytes for messages that are looked through or held.
  public byte[] take() {
    byte[] one = spare.pollFirst();
    return one == null ? new byte[SIZE] : one;
  }

  /// Takes back what [#take] gave; a buffer that has grown is left to the collector.
  public void give(byte[] one) {
    if (one.length == SIZE && spare.size() < SPARE) {
      spare.addFirst(one);
    }
  }

  /// Where encrypted bytes arrive. Its content lasts until the call that asked for it returns.
  byte[] arrived() {
    if (arrived.length == 0) {
      arrived = new byte[RECORDS];
    }
    return arrived;
  }

  /// Where encrypted bytes are made. Its content lasts until the call that asked for it returns.
  byte[] sealed() {
    if (sealed.length == 0) {
      sealed = new byte[RECORDS];
    }
    return sealed;
  }
}
