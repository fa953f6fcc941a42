package org.openlockbox.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.postgres.OwnWords;
import org.openlockbox.gateway.postgres.WireViolation;
import org.openlockbox.gateway.session.QueryBatch.Name;
import org.openlockbox.gateway.session.QueryBatch.Place;

/// What each name of the extended protocol stands for, so that an Execute is recorded with the text
/// that runs (PostgreSQL documentation, "Extended Query").
///
/// Within a [QueryBatch] everything after an error is skipped, so a name made earlier in the same
/// segment is right if it is used at all. A name from an earlier segment is looked up only when the
/// server has answered that segment; until then [#mustWait] is true. SQL can make and drop names
/// too (PREPARE, DEALLOCATE, ...): after a text with such a word all known names are forgotten, and
/// what is then executed by name is recorded as made in SQL ([NameOrigins]).
///
/// Guarded by its own monitor: others ask it too whether a statement is under way.
final class Statements {
  private static final int MAX_SEGMENTS = 10_000;

  private final Names names = new Names();
  private final Deque<QueryBatch> segments = new ArrayDeque<>();
  private final Unanswered unanswered = new Unanswered();
  private final TextWeight texts = new TextWeight(this::weight);
  private int unsent;
  private int steps; // of all segments, that are not answered yet
  private boolean draining; // a Flush of the gateway's own is under way

  /// Whether the name's meaning hangs on a segment that the server has not answered yet.
  synchronized boolean mustWait(boolean portal, String name) {
    Name wanted = new Name(portal, name);
    QueryBatch own = open();
    boolean isOwn = own != null && own.definition(wanted).isPresent();
    return !isOwn && unanswered.mayDefine(wanted);
  }

  /// What the name stands for; empty if it was made in SQL or not at all.
  synchronized Optional<NamedStatement> meaning(boolean portal, String name) {
    QueryBatch own = open();
    if (own != null) {
      if (own.renames() && !name.isEmpty()) {
        return Optional.empty();
      }
      Optional<Step> step = own.definition(new Name(portal, name));
      if (step.isPresent()) {
        return step.get().meaning();
      }
    }
    return names.meaning(portal, name);
  }

  /// Which statement made what a text names now; empty if nobody can tell.
  synchronized Optional<NameOrigins.Origin> origin(boolean cursor, String name) {
    QueryBatch own = open();
    Name named = new Name(cursor, name);
    boolean isUnsure = unanswered.mayDefine(named) || (own != null && own.mayChange(named));
    return isUnsure ? Optional.empty() : names.origin(cursor, name);
  }

  /// What names, texts and all that is not answered weigh at most.
  synchronized long kept() {
    long batches = steps * Step.WEIGHT + segments.size() * QueryBatch.WEIGHT;
    return texts.atMost() + names.weight() + batches;
  }

  synchronized Step parse(String name, NamedStatement meaning) {
    texts.add(meaning.text().size());
    Step step = add(new Step(Step.Kind.PARSE, false, name, meaning, false));
    segments.getLast().takes(meaning.text().size());
    return step;
  }

  synchronized Step bind(String portal, NamedStatement meaning, Bytes values) {
    texts.add(values.size());
    Step step = add(new Step(Step.Kind.BIND, true, portal, meaning, false)).values(values);
    segments.getLast().takes(values.size());
    return step;
  }

  /// The values that the portal was bound to, as they are recorded; empty if it was made in SQL.
  synchronized Bytes values(String portal) {
    QueryBatch own = open();
    Optional<Step> step = own == null ? Optional.empty() : own.definition(new Name(true, portal));
    return step.isPresent() ? step.get().values() : names.values(portal);
  }

  synchronized void close(boolean portal, String name) {
    add(new Step(Step.Kind.CLOSE, portal, name, null, false));
  }

  /// A Close of the unnamed portal goes before what comes next.
  synchronized void unnamedPortalIsClosed() {
    add(Step.hiddenClose(true, ""));
  }

  synchronized void describe(boolean portal, String name) {
    add(new Step(Step.Kind.DESCRIBE, portal, name, null, false));
  }

  /// The record of an Execute is that of the Parse too which brought its text in the same segment.
  synchronized void execute(String portal, NamedStatement meaning, Step.Recorded recorded) {
    add(new Step(Step.Kind.EXECUTE, true, portal, meaning, meaning.renames())).recordedAs(recorded);
    segments
        .getLast()
        .parseOf(meaning)
        .filter(parse -> parse.recorded().isEmpty())
        .ifPresent(parse -> parse.recordedAs(recorded));
  }

  /// Where a simple query stands that comes now.
  synchronized Place placeOfQuery() {
    QueryBatch own = open();
    return own == null ? Place.ALONE : own.placeOfQuery();
  }

  /// A query that is sent; its place is as it is now.
  ///
  /// @param renames whether the text could make or drop names by itself
  synchronized Step query(Place place, boolean renames, Step.Recorded recorded) {
    Step step = new Step(Step.Kind.QUERY, false, "", null, renames);
    if (place == Place.IN_BATCH) {
      segments.getLast().queryFollows();
      steps++;
    }
    add(step).recordedAs(recorded);
    if (place == Place.ALONE) {
      end();
    }
    return step;
  }

  /// Whether nothing more may be taken: it belongs behind the end of a batch, or into it, and
  /// nobody knows yet whether a simple query has ended it.
  synchronized boolean isUndecided() {
    QueryBatch own = open();
    return own != null && own.isUndecided();
  }

  synchronized void sync() {
    add(new Step(Step.Kind.SYNC, false, "", null, false));
    end();
  }

  private void end() {
    QueryBatch ended = segments.getLast();
    ended.end();
    unanswered.add(ended);
    unsent++;
  }

  /// Whether one more message may be taken: not while the server owes answers to very many, or to
  /// much text in a batch, to which it needs nothing more of the client.
  synchronized boolean haveRoom() {
    draining = draining && open() != null && segments.getLast().owesAnswers();
    return !draining && steps < QueryBatch.MAX_STEPS && segments.size() < MAX_SEGMENTS;
  }

  /// Whether a Flush of the gateway's own is to be sent, after which there is no room until it is
  /// done: so that the answers to a long batch come, and with them room; or to all of a batch.
  synchronized boolean drains(boolean all) {
    QueryBatch own = open();
    boolean drains =
        own != null
            && (all ? own.size() > 0 : own.isLong() || steps >= QueryBatch.MAX_STEPS)
            && flush();
    draining |= drains;
    return drains;
  }

  /// The Parse steps of the open segment that no record covers yet, given out once.
  synchronized List<Step> takeUnrecordedParses() {
    return Optional.ofNullable(open()).map(QueryBatch::takeUnrecordedParses).orElse(List.of());
  }

  /// Whether data to copy may have come with its COPY, which the server has yet to begin. Else it
  /// is left over from one that has ended. An open batch waits for the client, not for the server.
  synchronized boolean mayBeginCopy() {
    return isUnderWay() && open() == null;
  }

  /// Whether the server has still to answer something.
  synchronized boolean isUnderWay() {
    return !segments.isEmpty();
  }

  /// All that came so far has been sent to the server. Answers the recorded steps that it skips, in
  /// a batch that has failed.
  synchronized List<Step> sent() {
    unsent = 0;
    QueryBatch own = open();
    if (own == null) {
      return List.of();
    }
    own.sent();
    return own.hasFailed() ? abandoned(own) : List.of();
  }

  private List<Step> abandoned(QueryBatch failed) {
    int before = failed.size();
    List<Step> skipped = failed.abandoned();
    steps -= before - failed.size();
    return skipped;
  }

  /// Whether the server may have a statement to run behind the one that it works on.
  synchronized boolean isPipelined() {
    List<Step> running = segments.stream().flatMap(QueryBatch::running).limit(2).toList();
    return running.size() > 1 || running.stream().anyMatch(Step::runsSeveral);
  }

  /// Whether what comes now belongs to a batch that has begun.
  synchronized boolean isInBatch() {
    return open() != null;
  }

  /// Whether the server works on something for which it needs nothing more of the client.
  synchronized boolean runsByItself() {
    QueryBatch own = open();
    int ended = own == null ? segments.size() : segments.size() - 1;
    return (ended > unsent && !owesSync()) || (own != null && own.runsByItself());
  }

  /// The client wants the answers so far. A Flush has no answer of its own, and can fail, behind
  /// which the rest of the batch is skipped; so a Close of [OwnWords#NOBODYS] goes before it, whose
  /// answer says that it has not.
  ///
  /// @return whether there is anything to be asked: not where the batch is skipped, or if the one
  ///   before it asks for all this already
  synchronized boolean flush() {
    QueryBatch own = open();
    if (own == null || own.hasFailed() || own.isUndecided() || own.awaitsFlush()) {
      return false;
    }
    add(Step.hiddenClose(false, OwnWords.NOBODYS));
    own.flush();
    return true;
  }

  /// Whether nothing happens until the client sends more: the server has answered all, or all that
  /// it will answer before the end of a batch comes.
  synchronized boolean awaitsClient() {
    QueryBatch own = open();
    return segments.isEmpty() || (segments.size() == 1 && own != null && !own.owesAnswers());
  }

  /// What all texts that are kept weigh; a text under several names counts more than once.
  private long weight() {
    return Stream.of(names.texts(), segments.stream().flatMap(QueryBatch::texts))
        .flatMap(texts -> texts)
        .mapToLong(Bytes::size)
        .sum();
  }

  private @Nullable QueryBatch open() {
    QueryBatch newest = segments.peekLast();
    return newest == null || newest.hasEnded() ? null : newest;
  }

  private Step add(Step step) {
    if (open() == null) {
      segments.add(new QueryBatch());
    }
    segments.getLast().add(step);
    steps++;
    return step;
  }

  /// The server completed a step of this kind: its effect on names is now certain.
  synchronized Step answered(Step.Kind kind) {
    Step step = oldest().answered(kind);
    steps--;
    switch (kind) {
      case PARSE -> names.parsed(step);
      case BIND -> names.bound(step);
      case CLOSE -> {
        names.closed(step);
        if (oldest().queryRuns()) {
          unanswered.add(oldest());
        }
      }
      case EXECUTE -> names.ran(step, true);
      case DESCRIBE, QUERY, SYNC -> {}
    }
    return step;
  }

  /// The server described a result, or said that there is none: what was asked for by a Describe,
  /// or what a simple query returns next.
  synchronized void described(OptionalInt columns) {
    Optional<Step> current = current();
    if (columns.isPresent() && current.filter(step -> step.kind == Step.Kind.QUERY).isPresent()) {
      return;
    }
    Step step = answered(Step.Kind.DESCRIBE);
    if (step.portal && columns.isPresent()) {
      names.described(step.name, columns.getAsInt());
    }
  }

  /// The server described, once, the parameters of the statement that a Describe asked for.
  synchronized void describedParameters(int length) {
    boolean asked = current().filter(Step::awaitsParameters).isPresent();
    if (!asked || length < 2 || length % 4 != 2) {
      throw new WireViolation("the database describes parameters that nobody asked for");
    }
    current().ifPresent(Step::hasParameters);
  }

  /// The columns of the portal that runs, if the server has described it.
  synchronized OptionalInt columnsOfCurrent() {
    return current()
        .filter(step -> step.kind == Step.Kind.EXECUTE)
        .map(step -> names.columns(step.name))
        .orElse(OptionalInt.empty());
  }

  /// The step that the server is working on; empty when it answers something nobody asked.
  synchronized Optional<Step> current() {
    return Optional.ofNullable(segments.peek()).flatMap(QueryBatch::current);
  }

  /// An error: the rest of the segment is skipped. Answers the recorded step that failed.
  synchronized Optional<Step> failed() {
    QueryBatch segment = segments.peek();
    if (segment == null || segment.hasFailed()) {
      return Optional.empty();
    }
    if (segment.fail()) {
      unanswered.add(segment);
    }
    segment.current().ifPresent(step -> names.ran(step, false));
    int before = segment.size();
    Optional<Step> failed = segment.nextAbandoned();
    steps -= before - segment.size();
    return failed;
  }

  /// The recorded steps that the server skips behind the error, as far as they have been sent.
  synchronized List<Step> skipped() {
    QueryBatch segment = segments.peek();
    return segment == null || !segment.hasFailed() ? List.of() : abandoned(segment);
  }

  /// Whether the database skips everything until a Sync comes that the client does not owe: for the
  /// client the batch has ended with a query that failed. It is then the gateway's to send.
  synchronized boolean owesSync() {
    QueryBatch oldest = segments.peek();
    return oldest != null && oldest.owesSync();
  }

  synchronized void syncIsSent() {
    oldest().syncIsSent();
  }

  /// The simple query that runs held nothing to run.
  synchronized void queryWasEmpty() {
    current().ifPresent(Step::holdsNothing);
  }

  /// The client has been told that what runs has failed; the server may go on with it, and with
  /// what is behind it.
  synchronized void toldAnError() {
    Optional.ofNullable(segments.peek()).ifPresent(QueryBatch::toldAnError);
  }

  /// ReadyForQuery: the oldest segment is done. `idle` ends the transaction and with it all
  /// portals. Answers the recorded steps that were skipped after an error.
  synchronized List<Step> ready(boolean idle) {
    QueryBatch done = oldest();
    done.checkComplete();
    segments.remove();
    unanswered.remove(done);
    if (!done.hasFailed()) {
      done.current().ifPresent(step -> names.ran(step, true));
    }
    if (idle) {
      names.transactionEnded();
    }
    List<Step> skipped = done.hasFailed() ? abandoned(done) : List.of();
    steps -= done.size();
    return skipped;
  }

  private QueryBatch oldest() {
    return Optional.ofNullable(segments.peek())
        .orElseThrow(() -> new WireViolation("the database answers what nobody asked"));
  }
}
