package org.openlockbox.postgres.batch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.session.OpenOperations;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.batch.QueryBatch.ProtocolName;
import org.openlockbox.postgres.batch.QueryBatch.QueryPosition;
import org.openlockbox.postgres.wire.WireViolation;

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
public final class PreparedStatements implements OpenOperations {
  private final AnsweredNames names = new AnsweredNames();
  private final Batches batches = new Batches();
  private final TextWeight texts = new TextWeight(this::weight);

  /// Whether the name's meaning hangs on a segment that the server has not answered yet.
  public synchronized boolean mustWait(boolean portal, String name) {
    ProtocolName wanted = new ProtocolName(portal, name);
    QueryBatch own = batches.open();
    boolean isOwn = own != null && own.definition(wanted).isPresent();
    return !isOwn && batches.mayDefine(wanted);
  }

  /// What the name stands for; empty if it was made in SQL or not at all.
  public synchronized Optional<NamedStatement> meaning(boolean portal, String name) {
    QueryBatch own = batches.open();
    if (own != null) {
      if (own.renames() && !name.isEmpty()) {
        return Optional.empty();
      }
      Optional<BatchStep> step = own.definition(new ProtocolName(portal, name));
      if (step.isPresent()) {
        return step.get().meaning();
      }
    }
    return names.meaning(portal, name);
  }

  /// Which statement made what a text names now; empty if nobody can tell.
  public synchronized Optional<NameOrigins.Origin> origin(boolean cursor, String name) {
    QueryBatch own = batches.open();
    ProtocolName named = new ProtocolName(cursor, name);
    boolean isUnsure = batches.mayDefine(named) || (own != null && own.mayChange(named));
    return isUnsure ? Optional.empty() : names.origin(cursor, name);
  }

  /// What names, texts and all that is not answered weigh at most.
  public synchronized long kept() {
    return texts.atMost() + names.weight() + batches.weight();
  }

  public synchronized BatchStep parse(String name, NamedStatement meaning) {
    texts.add(meaning.text().size());
    BatchStep step = new BatchStep(BatchStep.StepKind.PARSE, false, name, meaning, false);
    batches.add(step).takes(meaning.text().size());
    return step;
  }

  public synchronized BatchStep bind(String portal, NamedStatement meaning, Bytes values) {
    texts.add(values.size());
    BatchStep step =
        new BatchStep(BatchStep.StepKind.BIND, true, portal, meaning, false).values(values);
    batches.add(step).takes(values.size());
    return step;
  }

  /// The values that the portal was bound to, as they are recorded; empty if it was made in SQL.
  public synchronized Bytes values(String portal) {
    QueryBatch own = batches.open();
    Optional<BatchStep> step =
        own == null ? Optional.empty() : own.definition(new ProtocolName(true, portal));
    return step.isPresent() ? step.get().values() : names.values(portal);
  }

  public synchronized void close(boolean portal, String name) {
    batches.add(new BatchStep(BatchStep.StepKind.CLOSE, portal, name, null, false));
  }

  /// A Close of the unnamed portal goes before what comes next.
  public synchronized void unnamedPortalIsClosed() {
    batches.add(BatchStep.hiddenClose(true, ""));
  }

  public synchronized void describe(boolean portal, String name) {
    batches.add(new BatchStep(BatchStep.StepKind.DESCRIBE, portal, name, null, false));
  }

  /// The record of an Execute is that of the Parse too which brought its text in the same segment.
  public synchronized void execute(
      String portal, NamedStatement meaning, SessionRecord.RecordedOperation recorded) {
    BatchStep step =
        new BatchStep(BatchStep.StepKind.EXECUTE, true, portal, meaning, meaning.renames());
    step.recordedAs(recorded);
    batches
        .add(step)
        .parseOf(meaning)
        .filter(parse -> parse.recorded().isEmpty())
        .ifPresent(parse -> parse.recordedAs(recorded));
  }

  /// Where a simple query stands that comes now.
  public synchronized QueryPosition placeOfQuery() {
    QueryBatch own = batches.open();
    return own == null ? QueryPosition.ALONE : own.placeOfQuery();
  }

  /// A query that is sent; its place is as it is now.
  ///
  /// @param renames whether the text could make or drop names by itself
  public synchronized BatchStep query(
      QueryPosition place, boolean renames, SessionRecord.RecordedOperation recorded) {
    BatchStep step = new BatchStep(BatchStep.StepKind.QUERY, false, "", null, renames);
    if (place == QueryPosition.IN_BATCH) {
      batches.queryFollows();
    }
    step.recordedAs(recorded);
    batches.add(step);
    if (place == QueryPosition.ALONE) {
      batches.end();
    }
    return step;
  }

  /// Whether nothing more may be taken: it belongs behind the end of a batch, or into it, and
  /// nobody knows yet whether a simple query has ended it.
  public synchronized boolean isUndecided() {
    QueryBatch own = batches.open();
    return own != null && own.isUndecided();
  }

  public synchronized void sync() {
    batches.add(new BatchStep(BatchStep.StepKind.SYNC, false, "", null, false));
    batches.end();
  }

  /// Whether one more message may be taken: not while the server owes answers to very many, or to
  /// much text in a batch, to which it needs nothing more of the client.
  public synchronized boolean haveRoom() {
    return batches.haveRoom();
  }

  /// Whether a Flush of the gateway's own is to be sent, after which there is no room until it is
  /// done: so that the answers to a long batch come, and with them room; or to all of a batch.
  public synchronized boolean drains(boolean all) {
    return batches.drains(all);
  }

  /// The Parse steps of the open segment that no record covers yet, given out once.
  public synchronized List<BatchStep> takeUnrecordedParses() {
    QueryBatch own = batches.open();
    return own == null ? List.of() : own.takeUnrecordedParses();
  }

  /// Whether data to copy may have come with its COPY, which the server has yet to begin. Else it
  /// is left over from one that has ended. An open batch waits for the client, not for the server.
  public synchronized boolean mayBeginCopy() {
    return isUnderWay() && batches.open() == null;
  }

  /// Whether the server has still to answer something.
  @Override
  public synchronized boolean isUnderWay() {
    return !batches.isEmpty();
  }

  /// All that came so far has been sent to the server. Answers the recorded steps that it skips, in
  /// a batch that has failed.
  public synchronized List<BatchStep> sent() {
    return batches.sent();
  }

  /// Whether the server may have a statement to run behind the one that it works on.
  public synchronized boolean isPipelined() {
    List<BatchStep> running = batches.running().limit(2).toList();
    return running.size() > 1 || running.stream().anyMatch(BatchStep::runsSeveral);
  }

  /// Whether what comes now belongs to a batch that has begun.
  public synchronized boolean isInBatch() {
    return batches.open() != null;
  }

  /// Whether the server works on something for which it needs nothing more of the client.
  @Override
  public synchronized boolean runsByItself() {
    return batches.runsByItself();
  }

  /// The client wants the answers so far. A Flush has no answer of its own, and can fail, behind
  /// which the rest of the batch is skipped; so a Close of [GatewayMessages#NOBODYS] goes before
  /// it, whose answer says that it has not.
  ///
  /// @return whether there is anything to be asked: not where the batch is skipped, or if the one
  ///   before it asks for all this already
  public synchronized boolean flush() {
    return batches.flush();
  }

  /// Whether nothing happens until the client sends more: the server has answered all, or all that
  /// it will answer before the end of a batch comes.
  @Override
  public synchronized boolean awaitsClient() {
    return batches.awaitClient();
  }

  /// What all texts that are kept weigh; a text under several names counts more than once.
  private long weight() {
    return Stream.of(names.texts(), batches.texts())
        .flatMap(texts -> texts)
        .mapToLong(Bytes::size)
        .sum();
  }

  /// The server completed a step of this kind: its effect on names is now certain.
  public synchronized BatchStep answered(BatchStep.StepKind kind) {
    BatchStep step = batches.answered(kind);
    switch (kind) {
      case PARSE -> names.parsed(step);
      case BIND -> names.bound(step);
      case CLOSE -> {
        names.closed(step);
        batches.closed();
      }
      case EXECUTE -> names.ran(step, true);
      case DESCRIBE, QUERY, SYNC -> {}
    }
    return step;
  }

  /// The server described a result, or said that there is none: what was asked for by a Describe,
  /// or what a simple query returns next.
  public synchronized void described(OptionalInt columns) {
    Optional<BatchStep> current = current();
    if (columns.isPresent()
        && current.filter(step -> step.kind() == BatchStep.StepKind.QUERY).isPresent()) {
      return;
    }
    BatchStep step = answered(BatchStep.StepKind.DESCRIBE);
    if (step.isOfPortal() && columns.isPresent()) {
      names.described(step.name(), columns.getAsInt());
    }
  }

  /// The server described, once, the parameters of the statement that a Describe asked for.
  public synchronized void describedParameters(int length) {
    boolean asked = current().filter(BatchStep::awaitsParameters).isPresent();
    if (!asked || length < 2 || length % 4 != 2) {
      throw new WireViolation("the database describes parameters that nobody asked for");
    }
    current().ifPresent(BatchStep::hasParameters);
  }

  /// The columns of the portal that runs, if the server has described it.
  public synchronized OptionalInt columnsOfCurrent() {
    return current()
        .filter(step -> step.kind() == BatchStep.StepKind.EXECUTE)
        .map(step -> names.columns(step.name()))
        .orElse(OptionalInt.empty());
  }

  /// The step that the server is working on; empty when it answers something nobody asked.
  public synchronized Optional<BatchStep> current() {
    return Optional.ofNullable(batches.current());
  }

  /// An error: the rest of the segment is skipped. Answers the recorded step that failed.
  public synchronized Optional<BatchStep> failed() {
    if (batches.isEmpty() || batches.haveFailed()) {
      return Optional.empty();
    }
    current().ifPresent(step -> names.ran(step, false));
    return batches.fail();
  }

  /// The recorded steps that the server skips behind the error, as far as they have been sent.
  public synchronized List<BatchStep> skipped() {
    return batches.skipped();
  }

  /// Whether the database skips everything until a Sync comes that the client does not owe: for the
  /// client the batch has ended with a query that failed. It is then the gateway's to send.
  public synchronized boolean owesSync() {
    return batches.oweSync();
  }

  public synchronized void syncIsSent() {
    batches.answered().syncIsSent();
  }

  /// Whether the server is working on a statement.
  public synchronized boolean isRunning() {
    BatchStep current = batches.current();
    return current != null && current.runs() && !batches.haveFailed();
  }

  /// Whether the server skips what it has still to answer, up to a Sync.
  public synchronized boolean hasFailed() {
    return batches.haveFailed();
  }

  /// A command of the simple query that runs is complete, or the query held nothing to run.
  public synchronized void queryAnswered(boolean empty) {
    current().ifPresent(query -> query.commandAnswered(empty));
  }

  /// The simple query that runs, at its end.
  public synchronized BatchStep answeredQuery() {
    return current()
        .filter(BatchStep::isAnswered)
        .orElseThrow(
            () -> new WireViolation("the database is ready before it has answered the query"));
  }

  /// The client has been told that what runs has failed; the server may go on with it, and with
  /// what is behind it.
  public synchronized void toldAnError() {
    if (!batches.isEmpty()) {
      batches.answered().toldAnError();
    }
  }

  /// ReadyForQuery: the oldest segment is done. `idle` ends the transaction and with it all
  /// portals. Answers the recorded steps that were skipped after an error.
  public synchronized List<BatchStep> ready(boolean idle) {
    QueryBatch done = batches.answered();
    done.checkComplete();
    if (!done.hasFailed()) {
      current().ifPresent(step -> names.ran(step, true));
    }
    if (idle) {
      names.transactionEnded();
    }
    return batches.remove();
  }
}
