package org.openlockbox.postgres.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.wire.WireViolation;

/// The client's messages up to one Sync, or one simple Query that runs: what the server answers
/// with one ReadyForQuery. After an error of a message of the extended protocol the server skips
/// the rest up to the Sync, simple queries too.
public final class QueryBatch {
  /// How many steps may wait for their answers. PostgreSQL holds back a few thousand at most that
  /// nobody has asked for: it sends them whenever its buffer of 8 KiB is full.
  static final int MAX_STEPS = 20_000;

  /// About what one takes in memory beside its steps.
  static final long WEIGHT = 1024;

  /// How much text may come before its answers are asked for.
  private static final long LONG = 4L * 1024 * 1024;

  /// A name of the extended protocol: of a portal, or of a prepared statement.
  record ProtocolName(boolean portal, String name) {}

  /// Where a simple query stands.
  public enum QueryPosition {
    /// Outside a batch.
    ALONE,

    /// In a batch in which all before it is answered and nothing was executed.
    IN_BATCH,

    /// In a batch of which the client has been told that it failed, and so that this is skipped.
    SKIPPED,

    /// In a batch of which answers are on their way.
    EARLY
  }

  /// Those that are not answered yet, nor passed over behind an error.
  private final Deque<BatchStep> steps = new ArrayDeque<>();

  /// The newest step that defines each name; of those that were answered before the end none.
  private final Map<ProtocolName, BatchStep> definitions = new HashMap<>();

  private final List<BatchStep> unrecorded = new ArrayList<>();

  /// The Parse step that brought each text which has no record yet.
  private final IdentityHashMap<NamedStatement, BatchStep> brought = new IdentityHashMap<>();

  private long added;
  private long answered;
  private long flushed;
  private long flushSent;
  private long sent;
  private long unflushed;
  private final Set<Long> given = new HashSet<>();
  private boolean renames;
  private boolean executes;
  private boolean mayDefineAny;
  private BatchPhase phase = BatchPhase.OPEN;

  void add(BatchStep step) {
    steps.add(step);
    added++;
    renames |= step.renames();
    mayDefineAny |= step.mayDefineAny();
    if (step.defines() && !(phase.hasFailed() && definitions.size() >= MAX_STEPS)) {
      definitions.put(new ProtocolName(step.isOfPortal(), step.name()), step);
    }
    executes |= step.kind() == BatchStep.StepKind.EXECUTE;
    if (step.kind() == BatchStep.StepKind.PARSE) {
      unrecorded.add(step);
      step.meaning().ifPresent(meaning -> brought.put(meaning, step));
    }
  }

  void end() {
    phase = phase.end();
    sent = added;
  }

  /// Whether the answer that came was the one that says that a simple query runs: it ends the
  /// batch.
  boolean queryRuns() {
    boolean runs = isUndecided();
    if (runs) {
      end();
    }
    return runs;
  }

  /// A simple query follows within the batch. Before it goes a Close of the unnamed statement,
  /// which the query would drop anyway: its answer says that the query runs, and so ends the batch.
  /// An error in its place is one of what the server does before it reads on, as for a timeout that
  /// passed in the meantime, and would have met the query; so it ends the batch as well.
  void queryFollows() {
    add(BatchStep.hiddenClose(false, ""));
    phase = phase.queryFollows();
  }

  /// Whether nobody knows yet if a simple query has ended the batch.
  boolean isUndecided() {
    return phase == BatchPhase.UNDECIDED;
  }

  /// Whether a Flush has come behind all steps, and is not done yet.
  boolean awaitsFlush() {
    return answered < flushed && flushed == added;
  }

  /// All steps so far have been sent to the server.
  void sent() {
    sent = added;
    flushSent = flushed;
  }

  /// Whether the server works on something for which it needs nothing more of the client.
  boolean runsByItself() {
    return !hasFailed() && answered < (isUndecided() ? sent : flushSent);
  }

  /// The client asks for the answers to the steps so far.
  void flush() {
    flushed = added;
    unflushed = 0;
  }

  /// Takes so many bytes more of text.
  void takes(long bytes) {
    unflushed += bytes;
  }

  /// Whether so much text has come that its answers should be asked for.
  boolean isLong() {
    return unflushed > LONG;
  }

  /// Whether an answer is on its way before the segment's end.
  boolean owesAnswers() {
    return !hasFailed() && (answered < flushed || isUndecided());
  }

  /// Behind an Execute PostgreSQL 18 loses count of its transactions when such a query comes, and
  /// no client is known that sends one.
  QueryPosition placeOfQuery() {
    if (hasFailed() || phase == BatchPhase.FAILED_FOR_CLIENT) {
      return QueryPosition.SKIPPED;
    }
    if (owesAnswers()) {
      return QueryPosition.EARLY;
    }
    if (executes) {
      throw new WireViolation("a simple query behind an Execute; send Sync first");
    }
    if (!steps.isEmpty()) {
      throw new WireViolation("a simple query inside an extended batch; send Sync or Flush first");
    }
    return QueryPosition.IN_BATCH;
  }

  boolean hasEnded() {
    return !phase.isOpen();
  }

  /// How many steps are not answered yet.
  int size() {
    return steps.size();
  }

  /// The steps that run a statement.
  Stream<BatchStep> running() {
    return steps.stream().filter(BatchStep::runs);
  }

  /// The texts that it holds.
  Stream<Bytes> texts() {
    return Stream.concat(steps.stream(), definitions.values().stream())
        .distinct()
        .flatMap(BatchStep::texts);
  }

  /// Whether it may change what any name stands for.
  boolean mayDefineAny() {
    return mayDefineAny;
  }

  /// The names that it defines.
  Set<ProtocolName> defines() {
    return definitions.keySet();
  }

  /// The newest step that defines the name.
  Optional<BatchStep> definition(ProtocolName name) {
    return Optional.ofNullable(definitions.get(name));
  }

  /// Whether something in it may change what the name stands for.
  boolean mayChange(ProtocolName name) {
    return renames || definitions.containsKey(name);
  }

  boolean renames() {
    return renames;
  }

  /// Its Parse steps that no record covers yet. They are given out once, to be recorded.
  List<BatchStep> takeUnrecordedParses() {
    List<BatchStep> left = unrecorded.stream().filter(step -> step.recorded().isEmpty()).toList();
    unrecorded.clear();
    brought.clear();
    return left;
  }

  /// The Parse step of this segment that brought what is executed.
  Optional<BatchStep> parseOf(NamedStatement meaning) {
    return Optional.ofNullable(brought.get(meaning));
  }

  /// The server completed the next step, which must be of this kind.
  BatchStep answered(BatchStep.StepKind kind) {
    if (hasFailed() || steps.isEmpty() || steps.element().kind() != kind) {
      throw new WireViolation("the database answers a " + kind + " that was not asked");
    }
    BatchStep step = steps.remove();
    answered++;
    if (phase.isOpen() && step.defines()) {
      definitions.remove(new ProtocolName(step.isOfPortal(), step.name()), step);
    }
    return step;
  }

  /// The step whose answer is coming in.
  @Nullable BatchStep next() {
    return steps.peek();
  }

  /// True if it has thereby come to its end.
  boolean fail() {
    phase = phase.fail();
    if (owesSync()) {
      sent = added;
    }
    return owesSync();
  }

  boolean hasFailed() {
    return phase.hasFailed();
  }

  /// Whether it has ended for the client, and the server waits for a Sync that is the gateway's to
  /// send.
  boolean owesSync() {
    return phase == BatchPhase.SYNC_DUE;
  }

  void syncIsSent() {
    phase = phase.sendSync();
  }

  /// The client has been told of an error that the server knows nothing of.
  void toldAnError() {
    phase = phase.tellClientOfError();
  }

  /// Of the steps that have been sent and will never be answered the next one that has a record;
  /// each record is given out once, also where a Parse and the Execute of its text share it.
  Optional<BatchStep> nextAbandoned() {
    while (answered < sent) {
      BatchStep step = steps.remove();
      answered++;
      if (step.recorded().filter(recorded -> given.add(recorded.number())).isPresent()) {
        return Optional.of(step);
      }
    }
    return Optional.empty();
  }

  /// All of them; none that comes later shares a record with one of these.
  List<BatchStep> abandoned() {
    List<BatchStep> all =
        Stream.generate(this::nextAbandoned)
            .takeWhile(Optional::isPresent)
            .flatMap(Optional::stream)
            .toList();
    given.clear();
    return all;
  }

  /// ReadyForQuery: everything but the end itself must have been answered, unless there was an
  /// error.
  void checkComplete() {
    boolean atEnd = steps.size() == 1;
    if (phase.isOpen() || !(hasFailed() || atEnd)) {
      throw new WireViolation("the database is ready before it has answered everything");
    }
    if (owesSync()) {
      throw new WireViolation("the database is ready without the Sync that it was to wait for");
    }
  }
}
