package org.openlockbox.core.session;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.signing.VerifyingKey;

/// One session as far as its entries were seen.
///
/// | state | entries of its gateway | left by | to |
/// |---|---|---|---|
/// | `OPEN` | all | the server gives it up | `LOST` |
/// | | | a close that left something standing | `CLOSED` |
/// | | | a close after which nothing stands | `RELEASED` |
/// | `LOST` | all | a close | the same |
/// | `CLOSED` | one more close | a close | the same |
/// | `RELEASED` | none | | |
final class SessionTrack {
  private enum TrackState {
    OPEN,
    LOST,
    CLOSED,
    RELEASED
  }

  private static final long MOST_OPERATIONS = Integer.MAX_VALUE;

  private final GatewayStamp opened;
  private final VerifyingKey key;
  private final Protocol protocol;
  private final BitSet outcomes = new BitSet();
  private final Map<Stream, Long> parts = new HashMap<>();
  private SessionChain chain;
  private long operations;
  private long units;
  private long bytes;
  private TrackState state = TrackState.OPEN;

  private record Stream(long n, StreamPart.Direction direction) {}

  /// `key` is what the gateway signed the opening with.
  SessionTrack(SessionEvent.Opened event, GatewayStamp opened, VerifyingKey key) {
    this.opened = opened;
    this.key = key;
    this.protocol = event.protocol();
    this.chain = SessionChain.of(event.of());
  }

  void requireSameRun(ProvenEntry proven, GatewayStamp stamp) {
    if (!stamp.id().equals(opened.id()) || !stamp.boot().equals(opened.boot())) {
      throw Unproven.at(proven.seq(), "written by another gateway than the one that opened it");
    }
  }

  void take(ProvenEntry proven, SessionEvent.Operation operation) {
    requireOpen(proven);
    requireProtocol(proven, operation.facts().protocol());
    if (operation.n() != operations || operations == MOST_OPERATIONS) {
      throw Unproven.at(
          proven.seq(), "operation %d is missing: %d is next".formatted(operations, operation.n()));
    }
    operations++;
    chain = chain.with(operation);
  }

  /// Parts come in order, and before the outcome of their operation.
  void take(ProvenEntry proven, StreamPart part) {
    requireOpen(proven);
    if (part.n() >= operations || outcomes.get((int) part.n())) {
      throw Unproven.at(
          proven.seq(), "a part without its operation, or after its outcome: " + part.n());
    }
    long next = parts.merge(new Stream(part.n(), part.direction()), 1L, Long::sum);
    if (part.part() != next - 1) {
      throw Unproven.at(proven.seq(), "part %d is missing".formatted(next - 1));
    }
    chain = chain.with(part);
  }

  void take(ProvenEntry proven, SessionEvent.Outcome outcome) {
    requireOpen(proven);
    requireProtocol(proven, outcome.status().protocol());
    if (outcome.n() >= operations || outcomes.get((int) outcome.n())) {
      throw Unproven.at(proven.seq(), "an outcome without its operation, or twice: " + outcome.n());
    }
    outcomes.set((int) outcome.n());
    parts.keySet().removeIf(stream -> stream.n() == outcome.n());
    units = plus(units, outcome.units());
    bytes = plus(bytes, outcome.bytes());
    chain = chain.with(outcome);
  }

  private void requireProtocol(ProvenEntry proven, Protocol said) {
    if (said != protocol) {
      throw Unproven.at(
          proven.seq(),
          "of protocol %s in a session of protocol %s".formatted(said.word(), protocol.word()));
    }
  }

  /// The sum, or the largest number, which no close can claim.
  static long plus(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /// The totals that the gateway signed must be those of the entries that are here.
  void take(ProvenEntry proven, SessionEvent.Closed close) {
    requireCloseable(proven);
    if (close.operations() != operations || close.units() != units || close.bytes() != bytes) {
      throw Unproven.at(
          proven.seq(),
          "the gateway closed with %d operations, %d units, %d bytes; the log has %d, %d, %d"
              .formatted(
                  close.operations(), close.units(), close.bytes(), operations, units, bytes));
    }
    if (!close.chain().equals(chain.head())) {
      throw Unproven.at(
          proven.seq(), "an operation or outcome of the session was changed, added or moved");
    }
    state = close.released() ? TrackState.RELEASED : TrackState.CLOSED;
  }

  /// The server's word alone: a gateway that was only cut off still brings what it has recorded,
  /// and its signed close.
  void lost(ProvenEntry proven) {
    requireOpen(proven);
    if (state == TrackState.LOST) {
      throw Unproven.at(proven.seq(), "the session was given up twice");
    }
    state = TrackState.LOST;
  }

  /// A close that left the role standing may be followed by one that says it is gone.
  private void requireCloseable(ProvenEntry proven) {
    if (state == TrackState.RELEASED) {
      throw Unproven.at(proven.seq(), "after the end of its session");
    }
  }

  private void requireOpen(ProvenEntry proven) {
    if (isClosed()) {
      throw Unproven.at(proven.seq(), "after the end of its session");
    }
  }

  VerifyingKey key() {
    return key;
  }

  /// Neither closed by its gateway nor given up by the server.
  boolean isOpen() {
    return state == TrackState.OPEN;
  }

  boolean isClosed() {
    return switch (state) {
      case OPEN, LOST -> false;
      case CLOSED, RELEASED -> true;
    };
  }

  Protocol protocol() {
    return protocol;
  }

  long operations() {
    return operations;
  }

  long withoutOutcome() {
    return operations - outcomes.cardinality();
  }
}
