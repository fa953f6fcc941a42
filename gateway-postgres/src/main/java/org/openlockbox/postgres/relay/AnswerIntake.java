package org.openlockbox.postgres.relay;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.openlockbox.postgres.batch.BatchStep;
import org.openlockbox.postgres.wire.CommandTag;
import org.openlockbox.postgres.wire.ErrorFields;
import org.openlockbox.postgres.wire.FieldlessMessage;
import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.postgres.wire.ParameterChange;
import org.openlockbox.postgres.wire.RowCheck;
import org.openlockbox.postgres.wire.WireViolation;

/// Takes in what the database answers, message by message: whether it may come now, what it changes
/// of the session's state, and in which words it is passed on (PostgreSQL documentation, "Message
/// Flow").
///
/// | message | must find | moves |
/// |---|---|---|
/// | DataRow | a statement that runs; of a simple query, its RowDescription | |
/// | CopyData | a statement that runs; copying out | |
/// | CopyOutResponse, CopyInResponse | a statement that runs | copying out, in |
/// | CommandComplete and the like | an Execute, or a simple query | the batch; copying out ends |
/// | ParseComplete, BindComplete, CloseComplete | the step that asked for it | the batch |
/// | ParameterDescription, RowDescription, NoData | the same, or a simple query | the batch |
/// | ErrorResponse | | the batch fails; copying ends |
/// | ReadyForQuery | a batch at its end | the batch is over; copying ends |
/// | NoticeResponse, ParameterStatus | | |
///
/// Where the client gets nothing up to ReadyForQuery, rows need no statement that runs, and all of
/// it is dropped. Anything else is a violation: also an answer to a function call, which is refused
/// before it is sent.
final class AnswerIntake {
  private final SessionContext talk;
  private final ResultRecorder results;
  private final RowCheck rows;
  private final ErrorRewriter wording;
  private final PinnedSettings pinned;
  private final LongSupplier nanoTime;
  private final MessageBuffer buffer;
  private final Transaction transaction = new Transaction();
  private boolean toldTheEnd;

  AnswerIntake(
      SessionContext talk,
      ResultRecorder results,
      RowCheck rows,
      ErrorRewriter wording,
      PinnedSettings pinned,
      LongSupplier nanoTime,
      MessageBuffer buffer) {
    this.talk = talk;
    this.results = results;
    this.rows = rows;
    this.wording = wording;
    this.pinned = pinned;
    this.nanoTime = nanoTime;
    this.buffer = buffer;
  }

  /// Asked before the current message is counted: rows may come only where they are announced.
  void check(byte type) {
    if (RowCheck.isRow(type)) {
      requireAnnounced(type);
    }
  }

  /// Whether an error has told the client why the database ends the session.
  boolean haveToldTheEnd() {
    return toldTheEnd;
  }

  /// Takes in a text of which only the beginning is there.
  ///
  /// @return what stands for it
  byte[] takeTooLong(byte type, int length) {
    ErrorFields begun = ErrorFields.parse(buffer.copyBody());
    byte[] instead = wording.tooLong(type, begun, length);
    if (type == 'E') {
      failed(begun);
    }
    return instead;
  }

  /// Takes in the current message; false if the client has not asked for what it answers.
  boolean take(byte type) {
    FieldlessMessage.check(buffer);
    switch (type) {
      case 'D' -> {
        buffer.checkRow(rows);
        commit();
      }
      case 'd' -> commit();
      case 'T' -> description();
      case 'n' -> talk.statements().described(OptionalInt.empty());
      case 't' -> talk.statements().describedParameters(buffer.length() - 4);
      case 'c' -> talk.copyOutEnded();
      case 'H' -> copyOut();
      case '1' -> talk.statements().answered(BatchStep.StepKind.PARSE);
      case '2' -> talk.statements().answered(BatchStep.StepKind.BIND);
      case '3' -> {
        return !talk.statements().answered(BatchStep.StepKind.CLOSE).isHidden();
      }
      case 'C' -> completed(CommandTag.parse(buffer.copyBody()));
      case 'I' -> completed("");
      case 's' -> completed("suspended");
      case 'E' -> error();
      case 'N' -> notice();
      case 'S' -> pinned.check(ParameterChange.parse(buffer.copyBody()));
      case 'Z' -> ready();
      case 'G' -> copyIn();
      case 'A' -> throw new WireViolation("LISTEN is not allowed here");
      default -> throw new WireViolation("unexpected message type " + type + " from the database");
    }
    return true;
  }

  private void commit() {
    if (!results.areWithheld()) {
      buffer.digestBody(results.commitment());
    }
  }

  private void description() {
    int columns = RowCheck.describedColumns(buffer.copyBody());
    talk.statements().described(OptionalInt.of(columns));
    if (results.isSimpleQuery()) {
      rows.expect(columns);
    }
  }

  private void completed(String tag) {
    rows.forget();
    talk.copyOutEnded();
    transaction.completed(tag);
    results.completed(tag);
    talk.activity().ended(nanoTime.getAsLong());
  }

  /// A row belongs to a statement that runs and to a result that was announced; the result of an
  /// Execute may have been announced long ago, and is then as wide as its first row.
  private void requireAnnounced(byte type) {
    results.mustBeRunning();
    if (type == 'd' && talk.copying() != CopyPhase.OUT) {
      throw new WireViolation("copied data from the database without its announcement");
    }
    if (type == 'D' && !rows.knowsColumns()) {
      if (results.isSimpleQuery()) {
        throw new WireViolation("a row from the database without its description");
      }
      talk.statements().columnsOfCurrent().ifPresent(rows::expect);
    }
  }

  private void error() {
    ErrorFields error = ErrorFields.parse(buffer.copyBody());
    Optional<byte[]> instead = wording.error(error);
    failed(error);
    instead.filter(_ -> !results.areWithheld()).ifPresent(buffer::replace);
  }

  private void failed(ErrorFields error) {
    toldTheEnd |= !results.areWithheld() && error.endsSession();
    rows.forget();
    talk.copyEnded();
    transaction.failed();
    results.failed(wording.sqlState(error));
    talk.activity().ended(nanoTime.getAsLong());
  }

  private void notice() {
    if (!results.areWithheld()) {
      wording.notice(ErrorFields.parse(buffer.copyBody())).ifPresent(buffer::replace);
    }
  }

  private void ready() {
    byte[] body = buffer.copyBody();
    if (body.length != 1) {
      throw new WireViolation("a malformed ReadyForQuery from the database");
    }
    rows.forget();
    boolean idle = transaction.ready(body[0]);
    results.ready(idle);
    talk.activity().ready(!idle);
    talk.copyEnded();
  }

  private void copyOut() {
    results.mustBeRunning();
    talk.copyOutStarted();
  }

  private void copyIn() {
    if (!talk.mayWrite() || !results.isSimpleQuery()) {
      throw new WireViolation(
          "COPY FROM STDIN is only allowed at level write, as a simple query",
          "Connect again, and use INSERT at level write.");
    }
    if (results.areWithheld()) {
      throw new WireViolation("COPY FROM STDIN behind a result whose budget is spent");
    }
    results.mustBeRunning();
    talk.copyInStarted();
  }
}
