package org.openlockbox.gateway.session;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.postgres.ClientLink;
import org.openlockbox.gateway.postgres.MessageBuffer;
import org.openlockbox.gateway.postgres.PgError;
import org.openlockbox.gateway.postgres.ServerMessages;
import org.openlockbox.gateway.recorder.PendingEntry;

/// The only place where anything is written to a client in a session. Every write asks the [Gate]
/// first; the last words of an ended session come when the gate is shut and nobody else writes.
final class ClientSide {
  private static final long LAST_WORDS_MILLIS = 200;

  private final ClientLink link;
  private final Gate gate;
  private final ReentrantLock writing = new ReentrantLock();
  private boolean inMessage;

  ClientSide(ClientLink link, Gate gate) {
    this.link = link;
    this.gate = gate;
  }

  /// Releases the complete messages that the buffer keeps. False if the session has ended.
  boolean releaseBefore(MessageBuffer buffer, @Nullable PendingEntry record) throws IOException {
    return buffer.pending() == 0 || release(buffer, record, false, false);
  }

  /// Releases all that the buffer keeps, the beginning of an incomplete message included.
  boolean releaseThrough(MessageBuffer buffer, @Nullable PendingEntry record, boolean incomplete)
      throws IOException {
    return release(buffer, record, true, incomplete);
  }

  private boolean release(
      MessageBuffer buffer, @Nullable PendingEntry record, boolean through, boolean incomplete)
      throws IOException {
    if (!gate.await(record)) {
      return false;
    }
    writing.lock();
    try {
      if (gate.isShut()) {
        return false;
      }
      if (through) {
        buffer.writeThrough(link.out());
      } else {
        buffer.writeBefore(link.out());
      }
      link.out().flush();
      inMessage = incomplete;
      return true;
    } finally {
      writing.unlock();
    }
  }

  /// Releases messages that the gateway made.
  boolean release(@Nullable PendingEntry record, byte[]... messages) throws IOException {
    if (!gate.await(record)) {
      return false;
    }
    writing.lock();
    try {
      if (gate.isShut()) {
        return false;
      }
      link.send(messages);
      return true;
    } finally {
      writing.unlock();
    }
  }

  /// Tells the client why the session ended, if the stream is between two messages and the client
  /// takes it at once. Then it has until `within` is over to fetch what it was sent, and what it
  /// still sends is thrown away; the connection is closed when the client has left, and after that
  /// time in any case: what was not fetched is gone.
  void lastWords(PgError error, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    Thread telling = Thread.ofVirtual().start(() -> tell(error));
    Thread leaving = Thread.ofVirtual().start(link::discardInput);
    try {
      telling.join(Duration.ofMillis(LAST_WORDS_MILLIS * 2));
      link.endOutput();
      leaving.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    link.close();
  }

  /// Closes the connection of a client that has said goodbye; it expects no answer.
  void hangUp() {
    link.endOutput();
    link.close();
  }

  private void tell(PgError error) {
    try {
      if (!writing.tryLock(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
      try {
        if (!inMessage) {
          link.send(ServerMessages.error(error));
          link.sayGoodbye();
        }
      } finally {
        writing.unlock();
      }
    } catch (IOException e) {
      // the client has gone; there is nobody to tell
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
