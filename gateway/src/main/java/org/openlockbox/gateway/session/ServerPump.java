package org.openlockbox.gateway.session;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.postgres.BareAnswer;
import org.openlockbox.gateway.postgres.Buffers;
import org.openlockbox.gateway.postgres.CommandTag;
import org.openlockbox.gateway.postgres.ErrorFields;
import org.openlockbox.gateway.postgres.MessageBuffer;
import org.openlockbox.gateway.postgres.ParameterChange;
import org.openlockbox.gateway.postgres.PgError;
import org.openlockbox.gateway.postgres.RowCheck;
import org.openlockbox.gateway.postgres.ServerLink;
import org.openlockbox.gateway.postgres.SocketConnection;
import org.openlockbox.gateway.postgres.WireViolation;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.Budgets.Meter;
import org.openlockbox.gateway.session.Budgets.Taking;

/// From the database to the client. What one read brings is looked through message by message and
/// released in one write, once the newest statement that was recorded *when it was read* is
/// durable. That is stricter than matching answers to statements and needs no book-keeping to be
/// right. Messages too large to hold pass through in pieces, each piece by the same rule.
///
/// Goes as far as it can and never waits. While it is stalled the database is not read, so what is
/// held is at most what one read brings.
final class ServerPump {
  private static final int LARGEST_WHOLE = 1024 * 1024;
  private static final int STREAM_FROM = 16 * 1024;
  private static final int TELLS_ITS_CODE = 256;

  private final SocketConnection database;
  private final Outlet client;
  private final SessionContext talk;
  private final Meter meter;
  private final Runnable cancel;
  private final LongSupplier nanoTime;
  private final PinnedSettings pinned;
  private final Results results;
  private final ErrorRewriter wording;
  private final BudgetCharge toll;
  private final RowCheck rows = new RowCheck();
  private final Transaction transaction = new Transaction();
  private final MessageBuffer buffer;
  private @Nullable PendingEntry mustBeDurable;
  private int passing;
  private boolean passingRow;
  private boolean cutting;
  private boolean copyingOut;
  private boolean dropping;
  private boolean hiding;
  private boolean toldItsEnd;
  private boolean arrived;
  private boolean stalled;

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
    this.meter = meter;
    this.cancel = cancel;
    this.nanoTime = nanoTime;
    this.pinned = new PinnedSettings(database.parameters());
    this.results = new Results(talk);
    this.wording = new ErrorRewriter(talk);
    this.toll = new BudgetCharge(meter, results, wording);
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
    return stalled;
  }

  /// Goes on as far as possible; false once the database has left.
  boolean advance() throws PeerGone {
    while (moves() && arrived) {
      if (!fill()) {
        return false;
      }
      arrived = database.hasMore();
      mustBeDurable = talk.record().newest();
      passOn();
    }
    buffer.rest();
    talk.answersWait(stalled);
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
    stalled = !(client.isClear() && release() && takeAll() && release() && client.isClear());
    return !stalled;
  }

  private boolean fill() throws PeerGone {
    try {
      return buffer.fill(database::read);
    } catch (IOException e) {
      throw new PeerGone(EndReason.DATABASE_LEFT, e);
    }
  }

  private void passOn() {
    if (passing > 0) {
      int passed = buffer.pass(passing);
      passing -= passed;
      if (cutting) {
        buffer.drop();
        cutting = passing > 0;
        return;
      }
      if (passingRow) {
        buffer.checkPassed(rows, passed);
      }
      if (!dropping) {
        buffer.digestPassed(results.commitment(), passed);
      }
      dropIfWanted();
    }
  }

  /// Takes each message that is there; false if one has to wait.
  private boolean takeAll() {
    while (passing == 0 && buffer.nextHead()) {
      byte type = buffer.type();
      boolean anyLength = RowCheck.isRow(type) || isText(type);
      boolean whole = buffer.nextWhole(anyLength ? Integer.MAX_VALUE - 1 : LARGEST_WHOLE);
      if (!whole && isText(type) && isTooLarge()) {
        cutShort(type);
        return true;
      }
      if (!whole && !(RowCheck.isRow(type) && buffer.length() > STREAM_FROM)) {
        return true;
      }
      Taking counted = count(type);
      if (counted == Taking.ASKED) {
        buffer.stepBack();
        return false;
      }
      if (!whole) {
        passingRow = type == 'D';
        passing = buffer.enterPartial();
      }
      take(type);
      if (counted == Taking.SPENT && (type == 'N' || type == 'S')) {
        buffer.drop();
      } else if (counted == Taking.SPENT) {
        buffer.replace(ErrorRewriter.spent(meter.budget()));
      } else {
        dropIfWanted();
      }
    }
    return true;
  }

  private boolean release() throws PeerGone {
    boolean waits = false;
    if (client.hasAllLeft()) {
      results.allLeft();
    }
    try {
      boolean inside = passing > 0 && !dropping && !cutting;
      var record = mustBeDurable;
      waits = !(inside ? client.passThrough(buffer, record) : client.passBefore(buffer, record));
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
    passing = buffer.enterPartial();
    cutting = true;
    ErrorFields begun = ErrorFields.parse(buffer.copyBody());
    byte[] instead = wording.tooLong(type, begun, length);
    if (type == 'E') {
      failed(begun);
    }
    if (dropping) {
      buffer.drop();
    } else {
      buffer.replace(instead);
    }
  }

  private void take(byte type) {
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
      case 'c' -> copyingOut = false;
      case 'H' -> {
        mustBeRunning();
        copyingOut = true;
      }
      case '1' -> talk.statements().answered(Step.Kind.PARSE);
      case '2' -> talk.statements().answered(Step.Kind.BIND);
      case '3' -> hiding = talk.statements().answered(Step.Kind.CLOSE).isHidden();
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
  }

  /// A statement whose budget is spent has failed for the client, and runs on for the database.
  private void mustBeRunning() {
    if (!dropping) {
      results.mustBeRunning();
    }
  }

  private void commit() {
    if (!dropping) {
      buffer.digestBody(results.commitment());
    }
  }

  /// After a spent budget everything up to ReadyForQuery is kept from the client, and an answer to
  /// what it has not asked always.
  private void dropIfWanted() {
    if (dropping || hiding) {
      buffer.drop();
    }
    hiding = false;
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
    copyingOut = false;
    transaction.completed(tag);
    results.completed(tag);
    talk.activity().ended(nanoTime.getAsLong());
  }

  /// A row belongs to a statement that runs and to a result that was announced; the result of an
  /// Execute may have been announced long ago, and is then as wide as its first row.
  private void requireAnnounced(byte type) {
    mustBeRunning();
    if (type == 'd' && !copyingOut) {
      throw new WireViolation("copied data from the database without its announcement");
    }
    if (type == 'D' && !rows.knowsColumns()) {
      if (results.isSimpleQuery()) {
        throw new WireViolation("a row from the database without its description");
      }
      talk.statements().columnsOfCurrent().ifPresent(rows::expect);
    }
  }

  /// What the budgets say to the current message.
  private Taking count(byte type) {
    if (RowCheck.isRow(type)) {
      requireAnnounced(type);
    }
    if (dropping) {
      return Taking.TAKEN;
    }
    int size = buffer.length() + 1;
    Taking said =
        switch (type) {
          case 'D', 'd' -> toll.row(size);
          case 'E' -> toll.error(ErrorFields.parse(buffer.copyBody()), size);
          case 'N' -> toll.notice(ErrorFields.parse(buffer.copyBody()), size);
          case 'S' -> toll.setting(size);
          default -> Taking.TAKEN;
        };
    if (said == Taking.SPENT && type == 'E') {
      dropping = true;
      results.failed(PgError.LIMIT);
    } else if (said == Taking.SPENT && RowCheck.isRow(type)) {
      dropping = true;
      results.spent();
      cancel.run();
    }
    return said;
  }

  private void error() {
    ErrorFields error = ErrorFields.parse(buffer.copyBody());
    Optional<byte[]> instead = wording.error(error);
    failed(error);
    instead.filter(_ -> !dropping).ifPresent(buffer::replace);
  }

  /// Whether the database has told the client why it ends.
  boolean hasToldItsEnd() {
    return toldItsEnd && buffer.kept() == 0;
  }

  private void failed(ErrorFields error) {
    toldItsEnd |= !dropping && error.endsSession();
    rows.forget();
    copyingOut = false;
    talk.copyInEnded();
    transaction.failed();
    results.failed(wording.sqlState(error));
    talk.activity().ended(nanoTime.getAsLong());
  }

  private void notice() {
    if (!dropping) {
      wording.notice(ErrorFields.parse(buffer.copyBody())).ifPresent(buffer::replace);
    }
  }

  private void ready() {
    byte[] body = buffer.copyBody();
    if (body.length != 1) {
      throw new WireViolation("a malformed ReadyForQuery from the database");
    }
    rows.forget();
    copyingOut = false;
    boolean idle = transaction.ready(body[0]);
    results.ready(idle);
    talk.activity().ready(!idle);
    talk.copyInEnded();
    dropping = false;
  }

  private void copyIn() {
    if (!talk.mayWrite() || !results.isSimpleQuery()) {
      throw new WireViolation(
          "COPY FROM STDIN is only allowed at level write, as a simple query",
          "Connect again, and use INSERT at level write.");
    }
    if (dropping) {
      throw new WireViolation("COPY FROM STDIN behind a result whose budget is spent");
    }
    results.mustBeRunning();
    talk.copyInStarted();
  }
}
