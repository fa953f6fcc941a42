package org.openlockbox.postgres.relay;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.net.LateWrite;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.wire.MessageBuffer;

/// The way out to one socket of a session. Nothing is taken for it while the [Gate] is closed; what
/// was taken, its line asks the gate for again, piece by piece.
final class Outlet {
  private final SocketConnection line;
  private final Gate.GatePassage way;
  private final EndReason gone;
  private boolean inMessage;
  private boolean taken;
  private long leftUntil;

  /// @param gone why the session ends when this peer cannot be written to
  Outlet(SocketConnection line, Gate.GatePassage way, EndReason gone) {
    this.line = line;
    this.way = way;
    this.gone = gone;
  }

  SocketConnection line() {
    return line;
  }

  /// Whether the socket has taken all that was released. Remembers how far that is.
  boolean hasAllLeft() {
    if (line.isFlushed()) {
      leftUntil = line.taken();
    }
    return line.isFlushed();
  }

  /// Whether the socket has taken something of what was released since [#hasAllLeft], or may have.
  /// Rows of a write of which it has taken nothing, and will not, are not on record; of one that it
  /// took in part all of them are: they lie in records of TLS, and what the kernel throws away
  /// nobody knows.
  boolean hasLeftInPart() {
    return line.taken() != leftUntil || !line.isFlushed();
  }

  /// What its line asks.
  Gate.GatePassage way() {
    return way;
  }

  /// True when the socket has taken all that was written before.
  boolean isClear() throws PeerGone {
    try {
      return line.isFlushed() || flush();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private boolean flush() throws IOException {
    int before = line.unsent();
    boolean all = line.flush();
    taken |= line.unsent() < before;
    return all;
  }

  /// Whether the peer has taken anything since this was asked last.
  boolean hasTaken() {
    boolean has = taken;
    taken = false;
    return has;
  }

  /// Writes the complete messages that the buffer keeps. False if they have to wait.
  boolean passBefore(MessageBuffer buffer, @Nullable PendingEntry record) throws PeerGone {
    return buffer.pending() == 0 || pass(record, false, () -> buffer.writeBefore(line::write));
  }

  /// Writes all that the buffer keeps, which ends inside a message. False if it has to wait.
  boolean passThrough(MessageBuffer buffer, @Nullable PendingEntry record) throws PeerGone {
    return buffer.kept() == 0 || pass(record, true, () -> buffer.writeThrough(line::write));
  }

  /// Whether its socket's readiness for more is what it waits for.
  boolean waitsForSocket() {
    return !line.isFlushed() && way.isOpen();
  }

  /// Something that can be written.
  @FunctionalInterface
  private interface WriteAction {
    void run() throws IOException;
  }

  private boolean pass(@Nullable PendingEntry record, boolean incomplete, WriteAction writing)
      throws PeerGone {
    if (!way.isOpenFor(record)) {
      return false;
    }
    try {
      writing.run();
    } catch (IOException e) {
      throw gone(e);
    }
    taken = true;
    inMessage = incomplete;
    return true;
  }

  private PeerGone gone(IOException why) {
    return new PeerGone(why instanceof LateWrite ? EndReason.LEASE_LAPSED : gone, why);
  }

  /// Writes a message of the gateway's own between two others. False if it has to wait.
  boolean say(byte[] message) throws PeerGone {
    return !inMessage
        && isClear()
        && pass(null, false, () -> line.write(message, 0, message.length));
  }

  /// Whether the last byte written is inside a message.
  boolean isInMessage() {
    return inMessage;
  }
}
