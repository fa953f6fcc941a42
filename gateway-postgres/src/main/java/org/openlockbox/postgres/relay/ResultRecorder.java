package org.openlockbox.postgres.relay;

import java.security.MessageDigest;
import java.util.Optional;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.batch.BatchStep;
import org.openlockbox.postgres.wire.CommandTag;
import org.openlockbox.postgres.wire.PgError;
import org.openlockbox.postgres.wire.WireViolation;

/// Counts what each statement returns, commits to it, and records both as the statement's outcome.
/// Outcomes trail: the result does not wait for them.
///
/// Whether the server runs or skips a batch is its [BatchPhase]. Beside that stands what the client
/// gets of it, which a budget can end before the server does:
///
/// | state | the client gets | the outcome of the statement that runs |
/// |---|---|---|
/// | `ALL` | the answers | as the server says |
/// | `SPENT` | nothing up to ReadyForQuery | the budget is spent |
/// | `NOTHING` | nothing up to ReadyForQuery | as the server says, of no row |
///
/// | from | by | to |
/// |---|---|---|
/// | `ALL` | a row that is one too many ([#spent]) | `SPENT` |
/// | `ALL` | an error whose text is one too many ([#spentByError]) | `NOTHING` |
/// | `SPENT` | the outcome of that statement | `NOTHING` |
/// | any | ReadyForQuery | `ALL` |
final class ResultRecorder {
  /// A statement that the database did not run, because an earlier one of its batch had failed. The
  /// SQLSTATE is of a class that is left to implementations (docs/spec/log-entry.md, "Statuses").
  static final SessionRecord.OperationResult SKIPPED =
      new SessionRecord.OperationResult("LB001", 0, 0, 0, Optional.empty());

  private static final String DONE = OutcomeStatus.SQL_DONE.word();

  private enum ToClient {
    ALL,
    SPENT,
    NOTHING
  }

  /// What of a result was passed on at some moment.
  private record PassedAmount(long rows, long bytes, Optional<MessageDigest> digest) {
    static final PassedAmount NOTHING = new PassedAmount(0, 0, Optional.empty());

    boolean isNothing() {
      return rows == 0 && bytes == 0;
    }
  }

  private final SessionContext talk;
  private long changed;
  private long rowsBefore;
  private long rows;
  private long bytes;
  private long passedRows;
  private long passedBytes;
  private final RowCommitment committed = new RowCommitment();
  private PassedAmount left = PassedAmount.NOTHING;
  private ToClient toClient = ToClient.ALL;

  ResultRecorder(SessionContext talk) {
    this.talk = talk;
  }

  /// Rows may only come while a statement runs: after its error none do. One whose budget is spent
  /// has failed for the client, and runs on for the database.
  void mustBeRunning() {
    if (!areWithheld() && !talk.statements().isRunning()) {
      throw new WireViolation("the database sends rows that nobody asked for");
    }
  }

  /// Whether the client gets nothing of what comes, up to ReadyForQuery.
  boolean areWithheld() {
    return switch (toClient) {
      case ALL -> false;
      case SPENT, NOTHING -> true;
    };
  }

  boolean isSimpleQuery() {
    return talk.statements()
        .current()
        .filter(step -> step.kind() == BatchStep.StepKind.QUERY)
        .isPresent();
  }

  void row(long size) {
    rows++;
    bytes += size;
  }

  /// Takes in the rows that are passed on, or parts of them.
  MessageDigest commitment() {
    if (committed.isEmpty()) {
      talk.statements()
          .current()
          .flatMap(BatchStep::recorded)
          .ifPresent(statement -> committed.digest().update(statement.salt().toArray()));
    }
    return committed.digest();
  }

  /// An error or a notice is passed on while a statement runs.
  void text(int size) {
    if (talk.statements().current().isPresent()) {
      bytes += size;
    }
  }

  /// All that was counted has been passed on to the client.
  void passed() {
    passedRows = rows;
    passedBytes = bytes;
    committed.passed();
  }

  /// The client's socket has taken all that was passed on so far.
  void allLeft() {
    left = passedOn();
  }

  private PassedAmount passedOn() {
    return new PassedAmount(passedRows, passedBytes, committed.passedOn());
  }

  /// The session ends in the middle of a result: what had been passed on is on record. Where
  /// nothing had, the statement stays without an outcome.
  ///
  /// @param newest whether something of the newest write may have left; else it counts as nothing
  void cutOff(String sqlState, boolean newest) {
    PassedAmount passed = newest ? passedOn() : left;
    boolean spent = toClient == ToClient.SPENT;
    if (talk.statements().hasFailed() || (!spent && passed.isNothing())) {
      return;
    }
    talk.statements()
        .current()
        .flatMap(BatchStep::recorded)
        .ifPresent(
            statement ->
                talk.record()
                    .cutOff(
                        statement.number(),
                        new SessionRecord.OperationResult(
                            spent ? PgError.LIMIT : sqlState,
                            passed.rows(),
                            passed.bytes(),
                            changed,
                            passed.digest().map(RowCommitment::of))));
  }

  /// One command of a simple query, or one Execute, is done.
  void completed(String tag) {
    if (talk.statements().hasFailed()) {
      return;
    }
    changed += CommandTag.changed(tag, rows > rowsBefore);
    rowsBefore = rows;
    if (isSimpleQuery()) {
      talk.statements().queryAnswered(tag.isEmpty());
      return;
    }
    BatchStep step = talk.statements().answered(BatchStep.StepKind.EXECUTE);
    outcome(step.recorded(), DONE);
  }

  /// The gateway passes on no more of what the statement that runs returns, and says that it has
  /// failed. The database may go on with it: its outcome has that code, and what it changed if it
  /// was completed. So may what is behind it in the same batch, of which no row is passed on.
  void spent() {
    toClient = ToClient.SPENT;
    talk.statements().toldAnError();
  }

  /// The text of the error in which the batch ends is not passed on, nor what comes behind it.
  void spentByError() {
    toClient = ToClient.NOTHING;
    failed(PgError.LIMIT);
  }

  void failed(String sqlState) {
    if (talk.statements().hasFailed()) {
      return;
    }
    Optional<BatchStep> statement = talk.statements().failed();
    outcome(statement.flatMap(BatchStep::recorded), sqlState);
    talk.statements().skipped().forEach(this::skipped);
  }

  /// ReadyForQuery.
  void ready(boolean idle) {
    if (!talk.statements().hasFailed() && isSimpleQuery()) {
      BatchStep query = talk.statements().answeredQuery();
      outcome(query.recorded(), DONE);
    }
    talk.statements().ready(idle).forEach(this::skipped);
    toClient = ToClient.ALL;
  }

  private void skipped(BatchStep step) {
    outcome(step.recorded(), SKIPPED.status());
  }

  /// Nothing that was counted for it is carried over to what comes next, even if it has no record.
  private void outcome(Optional<SessionRecord.RecordedOperation> recorded, String sqlState) {
    String code = toClient == ToClient.SPENT ? PgError.LIMIT : sqlState;
    Optional<Commitment> result = committed.take();
    recorded.ifPresent(
        statement ->
            talk.record()
                .outcome(
                    statement.number(),
                    new SessionRecord.OperationResult(code, rows, bytes, changed, result)));
    if (toClient == ToClient.SPENT) {
      toClient = ToClient.NOTHING;
    }
    changed = 0;
    rowsBefore = 0;
    rows = 0;
    bytes = 0;
    passed();
    left = PassedAmount.NOTHING;
  }
}
