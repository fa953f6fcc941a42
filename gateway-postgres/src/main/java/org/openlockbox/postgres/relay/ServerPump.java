package org.openlockbox.postgres.relay;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.budget.Budgets.ChargeResult;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.net.Buffers;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.login.ServerLink;
import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.postgres.wire.RowCheck;

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
/// | [ResultRecorder] | the same | whether the client gets its answers |
/// | [CopyPhase] | the session | whether data is copied, and which way |
/// | [LargeMessage] | the message that comes | whether it passes in pieces |
/// | [TurnResult] | this direction | what it needs to go on |
///
/// [AnswerIntake] has the messages that may come in each.
final class ServerPump {
  /// How much of a message is there.
  private enum Completeness {
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
  private final ResultRecorder results;
  private final BudgetCharge toll;
  private final AnswerIntake answers;
  private final LargeMessage large;
  private final MessageBuffer buffer;
  private @Nullable PendingEntry mustBeDurable;
  private TurnResult turn = TurnResult.FOR_PEER;
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
    this.results = new ResultRecorder(talk);
    var rows = new RowCheck();
    var wording = new ErrorRewriter(talk);
    var pinned = new PinnedSettings(database.parameters());
    this.toll = new BudgetCharge(meter, results, wording, cancel);
    this.buffer = new MessageBuffer(buffers);
    this.answers = new AnswerIntake(talk, results, rows, wording, pinned, nanoTime, buffer);
    this.large = new LargeMessage(rows, results);
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
    return turn == TurnResult.STALLED;
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
    turn = moves ? TurnResult.FOR_PEER : TurnResult.STALLED;
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
      Completeness completeness = completeness(type);
      switch (completeness) {
        case WHOLE, IN_PIECES -> {
          if (!take(type, completeness)) {
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

  private Completeness completeness(byte type) {
    boolean row = RowCheck.isRow(type);
    boolean text = isText(type);
    if (buffer.nextWhole(row || text ? Integer.MAX_VALUE - 1 : LARGEST_WHOLE)) {
      return Completeness.WHOLE;
    }
    if (row && buffer.length() > STREAM_FROM) {
      return Completeness.IN_PIECES;
    }
    return text && isTooLarge() ? Completeness.TOO_LONG : Completeness.INCOMPLETE;
  }

  /// Takes the current message; false if it has to wait for the budgets.
  private boolean take(byte type, Completeness completeness) {
    answers.check(type);
    ChargeResult counted = toll.count(buffer);
    if (counted == ChargeResult.ASKED) {
      buffer.stepBack();
      return false;
    }
    if (completeness == Completeness.IN_PIECES) {
      large.beginRow(buffer);
    }
    boolean wanted = answers.take(type);
    if (counted == ChargeResult.SPENT && (type == 'N' || type == 'S')) {
      buffer.drop();
    } else if (counted == ChargeResult.SPENT) {
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
    byte[] instead = answers.takeTooLong(type, length);
    if (results.areWithheld()) {
      buffer.drop();
    } else {
      buffer.replace(instead);
    }
  }

  /// Whether the database has told the client why it ends.
  boolean hasToldItsEnd() {
    return answers.haveToldTheEnd() && buffer.kept() == 0;
  }
}
