package org.openlockbox.core.evidence;

import java.util.BitSet;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.signing.VerifyingKey;

/// One session as far as its entries were seen.
final class SessionTrack {
  private static final long MOST_STATEMENTS = Integer.MAX_VALUE;

  private final GatewayStamp opened;
  private final VerifyingKey key;
  private final BitSet outcomes = new BitSet();
  private SessionChain chain;
  private long statements;
  private long rows;
  private long bytes;
  private boolean closed;
  private boolean released;
  private boolean lost;

  /// `key` is what the gateway signed the opening with.
  SessionTrack(SessionId session, GatewayStamp opened, VerifyingKey key) {
    this.opened = opened;
    this.key = key;
    this.chain = SessionChain.of(session);
  }

  void requireSameRun(ProvenEntry proven, GatewayStamp stamp) {
    if (!stamp.id().equals(opened.id()) || !stamp.boot().equals(opened.boot())) {
      throw Unproven.at(proven.seq(), "written by another gateway than the one that opened it");
    }
  }

  void take(ProvenEntry proven, SessionEvent.Statement statement) {
    requireOpen(proven);
    if (statement.n() != statements || statements == MOST_STATEMENTS) {
      throw Unproven.at(
          proven.seq(), "statement %d is missing: %d is next".formatted(statements, statement.n()));
    }
    statements++;
    chain = chain.with(statement);
  }

  void take(ProvenEntry proven, SessionEvent.Outcome outcome) {
    requireOpen(proven);
    if (outcome.n() >= statements || outcomes.get((int) outcome.n())) {
      throw Unproven.at(proven.seq(), "an outcome without its statement, or twice: " + outcome.n());
    }
    outcomes.set((int) outcome.n());
    rows = plus(rows, outcome.rows());
    bytes = plus(bytes, outcome.bytes());
    chain = chain.with(outcome);
  }

  /// The sum, or the largest number, which no close can claim.
  static long plus(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /// The totals that the gateway signed must be those of the entries that are here.
  void take(ProvenEntry proven, SessionEvent.Closed close) {
    requireCloseable(proven);
    if (close.statements() != statements || close.rows() != rows || close.bytes() != bytes) {
      throw Unproven.at(
          proven.seq(),
          "the gateway closed with %d statements, %d rows, %d bytes; the log has %d, %d, %d"
              .formatted(close.statements(), close.rows(), close.bytes(), statements, rows, bytes));
    }
    if (!close.chain().equals(chain.head())) {
      throw Unproven.at(
          proven.seq(), "a statement or outcome of the session was changed, added or moved");
    }
    closed = true;
    released = close.released();
  }

  /// The server's word alone: a gateway that was only cut off still brings what it has recorded,
  /// and its signed close.
  void lost(ProvenEntry proven) {
    requireOpen(proven);
    if (lost) {
      throw Unproven.at(proven.seq(), "the session was given up twice");
    }
    lost = true;
  }

  /// A close that left the role standing may be followed by one that says it is gone.
  private void requireCloseable(ProvenEntry proven) {
    if (released) {
      throw Unproven.at(proven.seq(), "after the end of its session");
    }
  }

  private void requireOpen(ProvenEntry proven) {
    if (closed) {
      throw Unproven.at(proven.seq(), "after the end of its session");
    }
  }

  VerifyingKey key() {
    return key;
  }

  /// Neither closed by its gateway nor given up by the server.
  boolean isOpen() {
    return !closed && !lost;
  }

  boolean isClosed() {
    return closed;
  }

  long statements() {
    return statements;
  }

  long withoutOutcome() {
    return statements - outcomes.cardinality();
  }
}
