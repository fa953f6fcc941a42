package org.openlockbox.postgres.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.batch.QueryBatch.ProtocolName;
import org.openlockbox.postgres.wire.GatewayMessages;
import org.openlockbox.postgres.wire.WireViolation;

/// The batches of a session that the server has not answered whole, the oldest first: it answers
/// that one, and the client adds to the newest, if that is open. All others have ended
/// ([BatchPhase]); only the oldest can have failed on the server.
///
/// Guarded by the monitor of its [PreparedStatements].
final class Batches {
  private static final int MOST = 10_000;

  private final Deque<QueryBatch> batches = new ArrayDeque<>();
  private final PendingNames names = new PendingNames();
  private int unsent; // of those that have ended
  private int steps; // of all, that are not answered yet
  private boolean draining; // a Flush of the gateway's own is under way

  /// The batch that the client adds to, or in which a query of it is undecided.
  @Nullable QueryBatch open() {
    QueryBatch newest = batches.peekLast();
    return newest == null || newest.hasEnded() ? null : newest;
  }

  /// The batch that the server answers, which there must be.
  QueryBatch answered() {
    QueryBatch oldest = batches.peek();
    if (oldest == null) {
      throw new WireViolation("the database answers what nobody asked");
    }
    return oldest;
  }

  /// The step that the server is working on.
  @Nullable BatchStep current() {
    QueryBatch oldest = batches.peek();
    return oldest == null ? null : oldest.next();
  }

  boolean isEmpty() {
    return batches.isEmpty();
  }

  /// Adds to the open batch, or begins one.
  ///
  /// @return the batch
  QueryBatch add(BatchStep step) {
    QueryBatch own = open();
    if (own == null) {
      own = new QueryBatch();
      batches.add(own);
    }
    own.add(step);
    steps++;
    return own;
  }

  /// A simple query follows in the open batch, behind a step of the gateway's own.
  void queryFollows() {
    batches.getLast().queryFollows();
    steps++;
  }

  /// The client ends the open batch.
  void end() {
    QueryBatch ended = batches.getLast();
    ended.end();
    names.add(ended);
    unsent++;
  }

  /// Whether one that has ended may change what the name stands for.
  boolean mayDefine(ProtocolName name) {
    return names.mayDefine(name);
  }

  /// All that came so far has been sent to the server.
  ///
  /// @return the recorded steps among it that the server skips
  List<BatchStep> sent() {
    unsent = 0;
    QueryBatch own = open();
    if (own == null) {
      return List.of();
    }
    own.sent();
    return own.hasFailed() ? abandoned(own) : List.of();
  }

  /// The server has completed the next step.
  BatchStep answered(BatchStep.StepKind kind) {
    BatchStep step = answered().answered(kind);
    steps--;
    return step;
  }

  /// A Close is answered, which may have been the one before a simple query.
  void closed() {
    QueryBatch oldest = answered();
    if (oldest.queryRuns()) {
      names.add(oldest);
    }
  }

  /// The server answers the oldest with an error, the first one.
  ///
  /// @return the recorded step that failed
  Optional<BatchStep> fail() {
    QueryBatch oldest = answered();
    if (oldest.fail()) {
      names.add(oldest);
    }
    int before = oldest.size();
    Optional<BatchStep> failed = oldest.nextAbandoned();
    steps -= before - oldest.size();
    return failed;
  }

  /// Whether the server skips what is left of the oldest.
  boolean haveFailed() {
    QueryBatch oldest = batches.peek();
    return oldest != null && oldest.hasFailed();
  }

  /// Whether the server skips it until a Sync comes that the gateway has to send.
  boolean oweSync() {
    QueryBatch oldest = batches.peek();
    return oldest != null && oldest.owesSync();
  }

  /// The recorded steps that the server skips behind the error, as far as they have been sent.
  List<BatchStep> skipped() {
    QueryBatch oldest = batches.peek();
    return oldest == null || !oldest.hasFailed() ? List.of() : abandoned(oldest);
  }

  private List<BatchStep> abandoned(QueryBatch failed) {
    int before = failed.size();
    List<BatchStep> skipped = failed.abandoned();
    steps -= before - failed.size();
    return skipped;
  }

  /// The server has answered the oldest.
  ///
  /// @return the recorded steps of it that were skipped
  List<BatchStep> remove() {
    QueryBatch done = batches.remove();
    names.remove(done);
    List<BatchStep> skipped = done.hasFailed() ? abandoned(done) : List.of();
    steps -= done.size();
    return skipped;
  }

  /// Whether one more message may be taken: not while the server owes answers to very many, or to
  /// much text in a batch, to which it needs nothing more of the client.
  boolean haveRoom() {
    QueryBatch own = open();
    draining = draining && own != null && own.owesAnswers();
    return !draining && steps < QueryBatch.MAX_STEPS && batches.size() < MOST;
  }

  /// Whether a Flush of the gateway's own is to be sent, after which there is no room until it is
  /// done: so that the answers to a long batch come, and with them room; or to all of a batch.
  boolean drains(boolean all) {
    QueryBatch own = open();
    boolean drains =
        own != null
            && (all ? own.size() > 0 : own.isLong() || steps >= QueryBatch.MAX_STEPS)
            && flush();
    draining |= drains;
    return drains;
  }

  /// Asks for the answers to the open batch so far; false if there is nothing to be asked.
  boolean flush() {
    QueryBatch own = open();
    if (own == null || own.hasFailed() || own.isUndecided() || own.awaitsFlush()) {
      return false;
    }
    add(BatchStep.hiddenClose(false, GatewayMessages.NOBODYS));
    own.flush();
    return true;
  }

  /// Whether the server works on something for which it needs nothing more of the client.
  boolean runsByItself() {
    QueryBatch oldest = batches.peek();
    if (oldest == null) {
      return false;
    }
    QueryBatch own = open();
    int ended = own == null ? batches.size() : batches.size() - 1;
    return (ended > unsent && !oldest.owesSync()) || (own != null && own.runsByItself());
  }

  /// Whether nothing happens until the client sends more.
  boolean awaitClient() {
    QueryBatch own = open();
    return batches.isEmpty() || (batches.size() == 1 && own != null && !own.owesAnswers());
  }

  /// The steps that run a statement.
  Stream<BatchStep> running() {
    return batches.stream().flatMap(QueryBatch::running);
  }

  Stream<Bytes> texts() {
    return batches.stream().flatMap(QueryBatch::texts);
  }

  /// About what they take in memory beside the texts.
  long weight() {
    return steps * BatchStep.WEIGHT + batches.size() * QueryBatch.WEIGHT;
  }
}
