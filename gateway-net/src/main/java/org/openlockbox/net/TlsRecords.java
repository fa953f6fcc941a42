package org.openlockbox.net;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/// The TLS half of a [SocketConnection]: the JDK's engine between the bytes on the wire and those
/// inside. Keeps nothing but what a read has left over.
///
/// Every handshake is made by the blocking calls of a login. Later a peer may change keys (TLS
/// 1.3), which takes little time, but not again and again; one that wants to negotiate anew (TLS
/// 1.2) is refused.
final class TlsRecords {
  private static final int HEAD = 5;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /// So many records in a row may hold no application byte: new keys, tickets, or nothing. One more
  /// for each [#CONTENT] bytes that came. They cost the peer as little as they bring, each may want
  /// an answer, and a read goes on until it has something to give.
  private static final int MOST_EMPTY = 32;

  private static final int CONTENT = 64 * 1024;

  private final SSLEngine engine;

  /// Encrypted, arrived, not opened.
  private byte[] rest;

  /// Opened, not given out: what did not fit into the reader's memory.
  private byte[] opened = Buffers.NONE;

  private int openedFrom;
  private boolean ended;
  private long contentOwed;

  TlsRecords(SSLEngine engine, byte[] consumed) {
    this.engine = engine;
    this.rest = consumed.clone();
  }

  void handshake(SocketConnection line, Buffers buffers) throws IOException {
    try {
      engine.beginHandshake();
      while (engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
        shake(line, buffers);
      }
    } catch (SSLException e) {
      sendAlert(line, buffers);
      throw e;
    }
  }

  private void shake(SocketConnection line, Buffers buffers) throws IOException {
    switch (engine.getHandshakeStatus()) {
      case NEED_WRAP -> wrapNothing(line, buffers);
      case NEED_TASK -> engine.getDelegatedTask().run();
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> hear(line, buffers);
      case FINISHED, NOT_HANDSHAKING -> {}
    }
  }

  /// Takes one record of the peer's.
  private void hear(SocketConnection line, Buffers buffers) throws IOException {
    byte[] in = buffers.arrived();
    System.arraycopy(rest, 0, in, 0, rest.length);
    int have = rest.length;
    if (!isWhole(rest)) {
      int count = line.receive(in, have, in.length - have);
      if (count < 0) {
        throw new EOFException("the peer closed the connection during the TLS handshake");
      }
      have += count;
    }
    ByteBuffer from = ByteBuffer.wrap(in, 0, have);
    ByteBuffer into = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    SSLEngineResult result = engine.unwrap(from, into);
    rest = Arrays.copyOfRange(in, from.position(), have);
    opened = Arrays.copyOf(into.array(), into.position());
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new EOFException("the peer ended the TLS handshake");
    }
  }

  /// Tells the peer why the handshake failed, if the engine has something to say.
  private void sendAlert(SocketConnection line, Buffers buffers) {
    try {
      if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
        wrapNothing(line, buffers);
      }
    } catch (IOException e) {
      // the peer does not learn why
    }
  }

  private void wrapNothing(SocketConnection line, Buffers buffers) throws IOException {
    byte[] out = buffers.sealed();
    ByteBuffer into = ByteBuffer.wrap(out);
    engine.wrap(NOTHING.duplicate(), into);
    line.send(out, 0, into.position());
  }

  int read(SocketConnection line, Buffers buffers, byte[] to, int at, int count)
      throws IOException {
    if (openedFrom < opened.length) {
      return giveOut(to, at, count);
    }
    byte[] in = buffers.arrived();
    System.arraycopy(rest, 0, in, 0, rest.length);
    ByteBuffer from = ByteBuffer.wrap(in, 0, rest.length);
    ByteBuffer into = ByteBuffer.wrap(to, at, count);
    rest = Buffers.NONE;
    try {
      unwrap(line, buffers, from, into);
      while (into.position() == at && !ended && opened.length == 0) {
        int have = from.limit() - from.position();
        from.compact().flip();
        int more = line.receive(in, have, in.length - have);
        if (more <= 0) {
          ended = more < 0;
          break;
        }
        from.limit(have + more);
        unwrap(line, buffers, from, into);
      }
    } finally {
      rest = Arrays.copyOfRange(in, from.position(), from.limit());
    }
    if (into.position() == at && openedFrom < opened.length) {
      return giveOut(to, at, count);
    }
    return into.position() == at && ended ? -1 : into.position() - at;
  }

  private int giveOut(byte[] to, int at, int count) {
    int given = Math.min(count, opened.length - openedFrom);
    System.arraycopy(opened, openedFrom, to, at, given);
    openedFrom += given;
    if (openedFrom == opened.length) {
      opened = Buffers.NONE;
      openedFrom = 0;
    }
    return given;
  }

  /// Opens whole records for as long as they fit.
  private void unwrap(SocketConnection line, Buffers buffers, ByteBuffer from, ByteBuffer into)
      throws IOException {
    int start = into.position();
    while (from.hasRemaining() && !ended) {
      SSLEngineResult result = engine.unwrap(from, into);
      weigh(result);
      answer(line, buffers);
      switch (result.getStatus()) {
        case OK -> {}
        case CLOSED -> ended = true;
        case BUFFER_UNDERFLOW -> {
          return;
        }
        case BUFFER_OVERFLOW -> {
          int before = from.position();
          if (into.position() == start) {
            openAside(line, buffers, from);
          }
          boolean wasEmpty = from.position() > before && opened.length == 0;
          if (!wasEmpty) {
            return; // else a record without content has gone, and the next one may be here
          }
        }
      }
    }
  }

  /// The reader has less room than one record needs.
  private void openAside(SocketConnection line, Buffers buffers, ByteBuffer from)
      throws IOException {
    ByteBuffer aside = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    SSLEngineResult result = engine.unwrap(from, aside);
    if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
      throw new SSLException("a TLS record larger than TLS allows");
    }
    weigh(result);
    answer(line, buffers);
    opened = Arrays.copyOf(aside.array(), aside.position());
    openedFrom = 0;
  }

  private void weigh(SSLEngineResult result) throws SSLException {
    if (result.bytesProduced() > 0) {
      contentOwed = Math.max(0, contentOwed - result.bytesProduced());
    } else if (result.bytesConsumed() > 0) {
      contentOwed += CONTENT;
    }
    if (contentOwed > (long) MOST_EMPTY * CONTENT) {
      throw new SSLException("too many TLS records without content");
    }
  }

  /// What TLS itself has to say, such as new keys of its own; no application byte is in it.
  private void answer(SocketConnection line, Buffers buffers) throws IOException {
    switch (engine.getHandshakeStatus()) {
      case NOT_HANDSHAKING, FINISHED -> {}
      case NEED_WRAP -> wrapNothing(line, buffers);
      case NEED_TASK, NEED_UNWRAP, NEED_UNWRAP_AGAIN ->
          throw new SSLException("TLS is not negotiated anew here");
    }
  }

  boolean hasMore() {
    return openedFrom < opened.length || isWhole(rest);
  }

  private static boolean isWhole(byte[] records) {
    return records.length >= HEAD
        && records.length - HEAD >= (((records[3] & 0xff) << 8) | (records[4] & 0xff));
  }

  void write(SocketConnection line, Buffers buffers, byte[] from, int at, int count)
      throws IOException {
    ByteBuffer source = ByteBuffer.wrap(from, at, count);
    byte[] out = buffers.sealed();
    ByteBuffer into = ByteBuffer.wrap(out);
    while (source.hasRemaining()) {
      SSLEngineResult result = engine.wrap(source, into);
      switch (result.getStatus()) {
        case OK -> {}
        case CLOSED -> throw new SSLException("TLS has ended");
        case BUFFER_OVERFLOW -> {
          line.send(out, 0, into.position());
          into.clear();
        }
        case BUFFER_UNDERFLOW -> throw new IllegalStateException("a wrap that wants more to wrap");
      }
    }
    line.send(out, 0, into.position());
  }

  void sayGoodbye(SocketConnection line, Buffers buffers) throws IOException {
    engine.closeOutbound();
    wrapNothing(line, buffers);
  }
}
