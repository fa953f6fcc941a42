package org.openlockbox.gateway.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.gateway.postgres.WireViolation;

/// The client's messages up to one Sync, or one simple Query that runs: what the server answers
/// with one ReadyForQuery. After an error of a message of the extended protocol the server skips
/// the rest up to the Sync, simple queries too.
final class Segment {
  static final int MAX_STEPS = 20_000;

  /// A name of the extended protocol: of a portal, or of a prepared statement.
  record Name(boolean portal, String name) {}

  /// Where a simple query stands.
  enum Place {
    /// Outside a batch.
    ALONE,

    /// In a batch in which all before it is answered and nothing was executed.
    IN_BATCH,

    /// In a batch of which the client has been told that it failed, and so that this is skipped.
    SKIPPED,

    /// In a batch of which answers are on their way.
    EARLY
  }

  private final List<Step> steps = new ArrayList<>();

  /// The newest step that defines each name.
  private final Map<Name, Step> definitions = new HashMap<>();

  private final List<Step> unrecorded = new ArrayList<>();

  /// The Parse step that brought each text.
  private final IdentityHashMap<Meaning, Step> brought = new IdentityHashMap<>();

  private int answered;
  private int abandoned;
  private int flushed;
  private int sent;
  private final Set<Long> given = new HashSet<>();
  private boolean renames;
  private boolean executes;
  private boolean mayDefineAny;
  private boolean ended;
  private boolean failed;
  private boolean undecided;
  private boolean toldAnError;

  void add(Step step) {
    if (steps.size() >= MAX_STEPS) {
      throw new WireViolation("too many messages without a Sync");
    }
    steps.add(step);
    renames |= step.renames;
    mayDefineAny |= step.mayDefineAny();
    if (step.defines()) {
      definitions.put(new Name(step.portal, step.name), step);
    }
    executes |= step.kind == Step.Kind.EXECUTE;
    if (step.kind == Step.Kind.PARSE) {
      unrecorded.add(step);
      step.meaning().ifPresent(meaning -> brought.put(meaning, step));
    }
  }

  void end() {
    ended = true;
    undecided = false;
  }

  /// Whether the answer that came was the one that says that a simple query runs: it ends the
  /// batch.
  boolean queryRuns() {
    boolean runs = undecided;
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
    add(Step.hiddenClose(false, ""));
    undecided = true;
  }

  /// Whether nobody knows yet if a simple query has ended the batch.
  boolean isUndecided() {
    return undecided;
  }

  /// Whether a Flush has come behind all steps, and is not done yet.
  boolean awaitsFlush() {
    return answered < flushed && flushed == steps.size();
  }

  /// All steps so far have been sent to the server.
  void sent() {
    sent = steps.size();
  }

  /// Whether the server works on something for which it needs nothing more of the client.
  boolean runsByItself() {
    return !failed && answered < (undecided ? sent : Math.min(flushed, sent));
  }

  /// The client asks for the answers to the steps so far.
  void flush() {
    flushed = steps.size();
  }

  /// Whether an answer is on its way before the segment's end.
  boolean owesAnswers() {
    return !failed && (answered < flushed || undecided);
  }

  /// Behind an Execute PostgreSQL 18 loses count of its transactions when such a query comes, and
  /// no client is known that sends one.
  Place placeOfQuery() {
    if (failed || toldAnError) {
      return Place.SKIPPED;
    }
    if (owesAnswers()) {
      return Place.EARLY;
    }
    if (executes) {
      throw new WireViolation("a simple query behind an Execute; send Sync first");
    }
    if (answered < steps.size()) {
      throw new WireViolation("a simple query inside an extended batch; send Sync or Flush first");
    }
    return Place.IN_BATCH;
  }

  boolean hasEnded() {
    return ended;
  }

  List<Step> steps() {
    return steps;
  }

  /// Whether it may change what any name stands for.
  boolean mayDefineAny() {
    return mayDefineAny;
  }

  /// The names that it defines.
  Set<Name> defines() {
    return definitions.keySet();
  }

  /// The newest step that defines the name.
  Optional<Step> definition(Name name) {
    return Optional.ofNullable(definitions.get(name));
  }

  boolean renames() {
    return renames;
  }

  /// Its Parse steps that no record covers yet. They are given out once, to be recorded.
  List<Step> takeUnrecordedParses() {
    List<Step> left = unrecorded.stream().filter(step -> step.recorded().isEmpty()).toList();
    unrecorded.clear();
    return left;
  }

  /// The Parse step of this segment that brought what is executed.
  Optional<Step> parseOf(Meaning meaning) {
    return Optional.ofNullable(brought.get(meaning));
  }

  /// The server completed the next step, which must be of this kind.
  Step answered(Step.Kind kind) {
    if (failed || answered >= steps.size() || steps.get(answered).kind != kind) {
      throw new WireViolation("the database answers a " + kind + " that was not asked");
    }
    return steps.get(answered++);
  }

  /// The steps that the server has begun: all but those that it skipped.
  List<Step> begun() {
    return failed ? steps.subList(0, Math.min(answered + 1, steps.size())) : steps;
  }

  /// The step whose answer is coming in.
  Optional<Step> current() {
    return answered < steps.size() ? Optional.of(steps.get(answered)) : Optional.empty();
  }

  /// True if it has thereby come to its end.
  boolean fail() {
    boolean ends = undecided;
    failed = true;
    undecided = false;
    ended |= ends;
    return ends;
  }

  boolean hasFailed() {
    return failed;
  }

  /// The client has been told of an error that the server knows nothing of.
  void toldAnError() {
    toldAnError = true;
  }

  /// The next step that has a record and will never be answered; each record is given out once,
  /// also where a Parse and the Execute of its text share it.
  Optional<Step> nextAbandoned() {
    for (int i = Math.max(answered, abandoned); i < steps.size(); i++) {
      Optional<Step.Recorded> recorded = steps.get(i).recorded();
      if (recorded.isPresent() && given.add(recorded.get().number())) {
        abandoned = i + 1;
        return Optional.of(steps.get(i));
      }
    }
    return Optional.empty();
  }

  /// ReadyForQuery: everything but the end itself must have been answered, unless there was an
  /// error.
  void checkComplete() {
    boolean atEnd = answered == steps.size() - 1;
    if (!ended || !(failed || atEnd)) {
      throw new WireViolation("the database is ready before it has answered everything");
    }
  }
}
