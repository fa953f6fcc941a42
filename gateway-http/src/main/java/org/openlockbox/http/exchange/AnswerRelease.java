package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.budget.MemoryLimitExceeded;
import org.openlockbox.http.session.HttpTraffic;
import org.openlockbox.http.session.UnderWay;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Releases an answer piece by piece. Each piece is paid for, passes the gate by itself, and is
/// part of the digest. A piece of a stream is on record before that. Until more comes than the
/// first piece holds, or it is flushed, or the answer ends, nothing has left: an answer of one
/// piece leaves with its head, in one write.
final class AnswerRelease extends OutputStream {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerRelease.class);
  private static final int CHUNK = 16 * 1024;
  private static final int SMALL = 1024;
  private static final int LONG = 64 * 1024;

  private final UnderWay request;
  private final HttpTraffic session;
  private final SessionGate gate;
  private final RecordedExchange recorded;
  private final EngineerAnswer answer;
  private final MessageDigest digest = Hash.begun();
  private byte[] piece = new byte[SMALL];
  private final int status;
  private final HttpFields headers;
  private final Optional<StreamRecord> stream;
  private long rows = 1;
  private long released;
  private int most = CHUNK;
  private int filled;
  private boolean begun;

  AnswerRelease(
      UnderWay request,
      HttpTraffic session,
      RecordedExchange recorded,
      EngineerAnswer answer,
      int status,
      HttpFields headers,
      Optional<StreamRecord> stream) {
    this.request = request;
    this.session = session;
    this.gate = new SessionGate(session);
    this.recorded = recorded;
    this.answer = answer;
    this.status = status;
    this.headers = headers;
    this.stream = stream;
    digest.update(recorded.operation().salt().toArray());
  }

  /// It has so many rows, at least one. To be said before anything of it is released.
  void counts(long count) {
    rows = count;
  }

  /// The rows that were paid for.
  long rows() {
    return released;
  }

  @Override
  public void write(int each) throws IOException {
    makeRoom(1);
    piece[filled++] = (byte) each;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    int at = from;
    while (at < from + length) {
      makeRoom(from + length - at);
      int some = Math.min(from + length - at, piece.length - filled);
      System.arraycopy(bytes, at, piece, filled, some);
      filled += some;
      at += some;
    }
  }

  /// Takes all of the body, as it is. What has come goes on as soon as the service pauses: a stream
  /// may pause for long.
  void copy(UpstreamBody from) throws IOException {
    for (int n = fill(from); n >= 0; n = fill(from)) {
      filled += n;
      if (from.isPaused()) {
        flush();
      }
    }
  }

  private int fill(UpstreamBody from) throws IOException {
    if (filled == CHUNK && most == CHUNK && stream.isEmpty()) {
      lengthen();
    }
    makeRoom(1);
    return from.read(piece, filled, piece.length - filled);
  }

  /// A long body goes on in longer pieces if the access has the memory for them: fewer waits. Parts
  /// of a stream stay short.
  private void lengthen() {
    try {
      session.holds(LONG);
      most = LONG;
    } catch (MemoryLimitExceeded e) {
      LOG.debug("an answer goes on in short pieces", e);
    }
  }

  /// Room for one byte at least, and for so many if a piece is as long as that.
  private void makeRoom(int wanted) throws IOException {
    if (filled == most) {
      flush();
    } else if (filled + wanted > piece.length && piece.length < most) {
      int longer = Math.max(filled + wanted, 4 * piece.length);
      piece = Arrays.copyOf(piece, Math.min(most, longer));
    }
  }

  /// Nothing more is written. What was not released is not.
  @Override
  public void close() {
    if (most == LONG) {
      most = CHUNK;
      session.holds(-LONG);
    }
  }

  /// Releases what has been written.
  @Override
  public void flush() throws IOException {
    if (filled > 0) {
      release(false);
    }
  }

  /// Releases the rest. The answer is whole by that.
  void end() throws IOException {
    release(true);
  }

  private void release(boolean last) throws IOException {
    int length = filled;
    filled = 0;
    if (length > 0) {
      gate.pay(answer.bytes() == 0 ? rows : 0, length);
      released = rows;
    }
    gate.passOut(length > 0 ? onRecord(length) : recorded);
    if (!begun) {
      answer.head(status, headers);
      begun = true;
    }
    session.offers(request);
    digest.update(piece, 0, length);
    answer.write(piece, length, last);
    session.fetched(request);
  }

  /// What has to be durable before this piece passes.
  private RecordedExchange onRecord(int length) throws IOException {
    if (stream.isEmpty()) {
      return recorded;
    }
    gate.awaitRoom();
    return stream.get().part(piece, length);
  }

  /// Commits to what was released.
  Commitment committed() {
    return new Commitment(Hash.of(digest.digest()));
  }
}
