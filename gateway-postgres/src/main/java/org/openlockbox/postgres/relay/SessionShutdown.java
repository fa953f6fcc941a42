package org.openlockbox.postgres.relay;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.wire.PgError;
import org.openlockbox.postgres.wire.ServerMessages;

/// The end of a client's connection, after the gate is shut.
///
/// The client is told why, if it stands between two messages and takes what was released before.
/// Then it has until `FETCH_WITHIN` is over to fetch it, and what it still sends is thrown away: a
/// client that is writing would not come to read its last words, and on some systems loses them
/// when what it wrote meets a closed connection. The connection is closed when the client has left,
/// and after that time in any case: what was not fetched is gone.
///
/// The [Gate] has the last word here too: what was released before may be fetched until the lease
/// by which it was released is over, and after that only who has fetched it all is told anything.
/// Who that is [SessionClock] finds out within moments; until then nothing is said to a client, and
/// its connection stays as it is.
///
/// | state | the client | left by | to |
/// |---|---|---|---|
/// | `WAITING` | has not taken what was released before | it has taken it, and may be told | `SAID` |
/// | | | `TELL_WITHIN` is over | `UNTOLD` |
/// | `SILENT` | stands inside a message, and is told nothing | it has taken all, or the same | `UNTOLD` |
/// | `SAID` | is told | it has taken all, or the same | `TOLD` |
/// | `UNTOLD` | is told nothing more | | |
/// | `TOLD` | may fetch what it was told | | |
///
/// From each of them the client's leave and the end of its time lead to `CLOSED`; from `WAITING`,
/// `SILENT` and `UNTOLD` also the end of the lease, where something is left that was released.
final class SessionShutdown {
  private enum Phase {
    WAITING,
    SILENT,
    SAID,
    UNTOLD,
    TOLD,
    CLOSED
  }

  private static final Duration TELL_WITHIN = Duration.ofMillis(200);
  private static final Duration FETCH_WITHIN = Duration.ofMillis(600);
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(2);

  private final SocketConnection line;
  private final Gate gate;
  private final LongSupplier nanoTime;
  private final long started;
  private final byte[] words;
  private long spoken;
  private Phase phase;

  /// @param words why; empty for a client that has said goodbye and expects no answer
  /// @param told whether it has heard why already
  SessionShutdown(
      Outlet client, Gate gate, Optional<PgError> words, boolean told, LongSupplier nanoTime) {
    this.line = client.line();
    this.gate = gate;
    line.answerTo(gate.leftovers());
    this.nanoTime = nanoTime;
    this.started = nanoTime.getAsLong();
    this.spoken = started;
    this.words = words.filter(_ -> !told).map(ServerMessages::error).orElse(new byte[0]);
    boolean mayTell = !client.isInMessage() && (words.isPresent() || line.isFlushed());
    this.phase = mayTell ? Phase.WAITING : Phase.SILENT;
    if (words.isEmpty() && !mayTell) {
      endOutput();
    }
  }

  /// Does what can be done now.
  ///
  /// @param readable whether the client has sent something
  /// @return true when the connection is closed
  boolean go(boolean readable) {
    if (phase == Phase.CLOSED) {
      return true;
    }
    try {
      if (!line.isOpen() || owesTooMuch()) {
        close();
        return true;
      }
      tell();
      boolean waits = isUnknown();
      if ((readable && !line.discard())
          || past(waits ? KNOWN_WITHIN : FETCH_WITHIN, waits ? started : spoken)) {
        close();
      }
    } catch (IOException e) {
      close(); // the client has gone; there is nobody to tell
    }
    return phase == Phase.CLOSED;
  }

  /// Whether rows that were released before have not left yet, and may not any more.
  private boolean owesTooMuch() {
    boolean told =
        switch (phase) {
          case WAITING, SILENT, UNTOLD -> false;
          case SAID, TOLD, CLOSED -> true;
        };
    return !told && !line.isFlushed() && gate.isOver();
  }

  /// Whether the time is over in which it could have been told whatever it has fetched, and it is
  /// not known yet what it has.
  private boolean isUnknown() {
    return phase == Phase.WAITING && line.isFlushed() && gate.mustDiscard();
  }

  private void tell() throws IOException {
    if (!isTelling() || isUnknown()) {
      return;
    }
    boolean taken = line.flush();
    if (taken && phase == Phase.WAITING) {
      say();
      taken = line.flush();
    }
    if (taken || past(TELL_WITHIN, spoken)) {
      endOutput();
    }
  }

  private void say() throws IOException {
    phase = Phase.SAID;
    spoken = nanoTime.getAsLong();
    line.answerTo(gate.lastWords());
    if (words.length > 0) {
      line.write(words, 0, words.length);
    }
    line.sayGoodbye();
  }

  /// Whether the socket has still to take something.
  boolean isTelling() {
    return switch (phase) {
      case WAITING, SILENT, SAID -> true;
      case UNTOLD, TOLD, CLOSED -> false;
    };
  }

  private void endOutput() {
    line.endOutput();
    phase = phase == Phase.SAID ? Phase.TOLD : Phase.UNTOLD;
  }

  private boolean past(Duration time, long since) {
    return nanoTime.getAsLong() - since > time.toNanos();
  }

  private void close() {
    line.abort();
    phase = Phase.CLOSED;
  }
}
