package org.openlockbox.postgres.relay;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.Budgets.Meter;
import org.openlockbox.gateway.session.Budgets.Taking;
import org.openlockbox.gateway.session.EndReason;
import org.openlockbox.net.Buffers;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.login.ServerLink;
import org.openlockbox.postgres.wire.BareAnswer;
import org.openlockbox.postgres.wire.CommandTag;
import org.openlockbox.postgres.wire.ErrorFields;
import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.postgres.wire.ParameterChange;
import org.openlockbox.postgres.wire.RowCheck;
import org.openlockbox.postgres.wire.WireViolation;

/// From the database to the client. What one read brings is looked through message by message and
/// released in one write, once the newest statement that was recorded *when it was read* is
/// durable. That is stricter than matching answers to statements and needs no book-keeping to be
/// right. Messages too large to hold pass through in pieces, each piece by the same rule.
///
/// Goes as far as it can and never waits. While it is stalled the database is not read, so what is
/// held is at most what one read brings.
///
/// What may come, and what becomes of it, hangs on these states:
///
/// | state | of | says |
/// |---|---|---|
/// | [BatchPhase] | the batch that is answered | whether the server runs or skips it |
/// | [Results] | the same | whether the client gets its answers |
/// | [CopyPhase] | the session | whether data is copied, and which way |
/// | [LargeMessage] | the message that comes | whether it passes in pieces |
/// | [Turn] | this direction | what it needs to go on |
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
final class ServerPump {
  /// How much of a message is there.
  private enum Arrival {
    WHOLE,

    /// A row so large that it passes in pieces.
    IN_PIECES,

    /// A text of which no more is held than tells its code.
    TOO_LONG,

    /// More has to come before anything can be done with it.
    INCOMPLETE
  }

  private static final int LARGEST_WHOLE = 1024 * 1024;
  private static final int STREAM_FROM = 16 * 1024;
  private static final int TELLS_ITS_CODE = 256;

  private final SocketConnection database;
  private final Outlet client;
  private final SessionContext talk;
  private final LongSupplier nanoTime;
  private final PinnedSettings pinned;
  private final Results results;
  private final ErrorRewriter wording;
  private final BudgetCharge toll;
  private final RowCheck rows = new RowCheck();
  private final Transaction transaction = new Transaction();
  private final MessageBuffer buffer;
  private @Nullable PendingEntry mustBeDurable;
  private final LargeMessage large;
  private Turn turn = Turn.FOR_PEER;
  private boolean toldItsEnd;
  private boolean arrived;

  /// @param greeting messages that come before the database's first
  ServerPump(
      ServerLink database,
      Outlet client,
      SessionContext talk,
      Meter meter,
      Runnable cancel,
      LongSupplier nanoTime,
      byte[] greeting,
      Buffers buffers) {
    this.database = database.line();
    this.client = client;
    this.talk = talk;
    this.nanoTime = nanoTime;
    this.pinned = new PinnedSettings(database.parameters());
    this.results = new Results(talk);
    this.large = new LargeMessage(rows, results);
    this.wording = new ErrorRewriter(talk);
    this.toll = new BudgetCharge(meter, results, wording, cancel);
    this.buffer = new MessageBuffer(buffers);
    buffer.replace(greeting);
  }

  /// The database's socket has something to read.
  void arrived() {
    arrived = true;
  }

  /// Whether something has arrived that is not read yet: the socket need not be watched for more.
  boolean hasArrived() {
    return arrived;
  }

  /// Whether it waits for something that no socket tells of.
  boolean isStalled() {
    return turn == Turn.STALLED;
  }

  /// Goes on as far as possible; false once the database has left.
  boolean advance() throws PeerGone {
    while (moves() && arrived) {
      if (!fill()) {
        return false;
      }
      arrived = database.hasMore();
      mustBeDurable = talk.record().newest();
      large.pass(buffer);
    }
    buffer.rest();
    talk.answersWait(isStalled());
    return true;
  }

  /// What has come of the database and is not passed on.
  int held() {
    return buffer.capacity();
  }

  /// The session ends, and nothing more is passed on.
  void cutOff(String sqlState) {
    results.cutOff(sqlState, client.hasLeftInPart());
  }

  private boolean moves() throws PeerGone {
    boolean moves = client.isClear() && release() && takeAll() && release() && client.isClear();
    turn = moves ? Turn.FOR_PEER : Turn.STALLED;
    return moves;
  }

  private boolean fill() throws PeerGone {
    try {
      return buffer.fill(database::read);
    } catch (IOException e) {
      throw new PeerGone(EndReason.DATABASE_LEFT, e);
    }
  }

  /// Takes each message that is there; false if one has to wait.
  private boolean takeAll() {
    while (!large.isUnderWay() && buffer.nextHead()) {
      byte type = buffer.type();
      Arrival arrival = arrival(type);
      switch (arrival) {
        case WHOLE, IN_PIECES -> {
          if (!take(type, arrival)) {
            return false;
          }
        }
        case TOO_LONG -> cutShort(type);
        case INCOMPLETE -> {
          return true;
        }
      }
    }
    return true;
  }

  private Arrival arrival(byte type) {
    boolean row = RowCheck.isRow(type);
    boolean text = isText(type);
    if (buffer.nextWhole(row || text ? Integer.MAX_VALUE - 1 : LARGEST_WHOLE)) {
      return Arrival.WHOLE;
    }
    if (row && buffer.length() > STREAM_FROM) {
      return Arrival.IN_PIECES;
    }
    return text && isTooLarge() ? Arrival.TOO_LONG : Arrival.INCOMPLETE;
  }

  /// Takes the current message; false if it has to wait for the budgets.
  private boolean take(byte type, Arrival arrival) {
    if (RowCheck.isRow(type)) {
      requireAnnounced(type);
    }
    Taking counted = toll.count(buffer);
    if (counted == Taking.ASKED) {
      buffer.stepBack();
      return false;
    }
    if (arrival == Arrival.IN_PIECES) {
      large.beginRow(buffer);
    }
    boolean wanted = takeIn(type);
    if (counted == Taking.SPENT && (type == 'N' || type == 'S')) {
      buffer.drop();
    } else if (counted == Taking.SPENT) {
      buffer.replace(toll.instead());
    } else if (!wanted || results.areWithheld()) {
      buffer.drop();
    }
    return true;
  }

  private boolean release() throws PeerGone {
    boolean waits = false;
    if (client.hasAllLeft()) {
      results.allLeft();
    }
    try {
      var record = mustBeDurable;
      waits =
          !(large.isReleased()
              ? client.passThrough(buffer, record)
              : client.passBefore(buffer, record));
      return !waits;
    } finally {
      if (!waits) {
        results.passed(); // also if the client went: some of it may have left
      }
    }
  }

  private static boolean isText(byte type) {
    return type == 'E' || type == 'N';
  }

  /// Whether the text is longer than one that is held, and enough of it is there to tell its code.
  private boolean isTooLarge() {
    return buffer.length() > LARGEST_WHOLE && buffer.arrived() >= TELLS_ITS_CODE;
  }

  /// Of a text too large to hold the code is told; the rest is dropped as it comes.
  private void cutShort(byte type) {
    int length = buffer.length();
    large.beginText(buffer);
    ErrorFields begun = ErrorFields.parse(buffer.copyBody());
    byte[] instead = wording.tooLong(type, begun, length);
    if (type == 'E') {
      failed(begun);
    }
    if (results.areWithheld()) {
      buffer.drop();
    } else {
      buffer.replace(instead);
    }
  }

  /// False if the client has not asked for what it answers.
  private boolean takeIn(byte type) {
    BareAnswer.check(buffer);
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
      case '1' -> talk.statements().answered(Step.Kind.PARSE);
      case '2' -> talk.statements().answered(Step.Kind.BIND);
      case '3' -> {
        return !talk.statements().answered(Step.Kind.CLOSE).isHidden();
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

  /// Whether the database has told the client why it ends.
  boolean hasToldItsEnd() {
    return toldItsEnd && buffer.kept() == 0;
  }

  private void failed(ErrorFields error) {
    toldItsEnd |= !results.areWithheld() && error.endsSession();
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
