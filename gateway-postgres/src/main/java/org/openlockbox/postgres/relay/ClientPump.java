package org.openlockbox.postgres.relay;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.net.Buffers;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.wire.ClientMessage;
import org.openlockbox.postgres.wire.ClientMessages;
import org.openlockbox.postgres.wire.GatewayMessages;
import org.openlockbox.postgres.wire.MessageBuffer;

/// From the client to the database: every message is decoded, every statement judged and recorded,
/// and what has come in one piece goes on in one piece; [GatewayMessages] stand in the place of
/// what is refused, or is read another way. At `write` level nothing goes on before its record is
/// durable; below, the record must exist, and the result waits for its durability.
///
/// Goes as far as it can and never waits, but takes no more than [#MOST_AT_ONCE] messages in one
/// turn: then the loop serves the others first. While it is stalled the client is not read.
///
/// What becomes of a message, [StatementIntake] says; a goodbye is the pump's own.
final class ClientPump {
  /// What becomes of one message.
  enum IntakeResult {
    KEPT,
    DROPPED,

    /// Its meaning hangs on an answer that is still to come: it is looked at once more.
    LATER,

    /// The client leaves.
    LAST
  }

  /// A few milliseconds of work, if each of them is recorded.
  static final int MOST_AT_ONCE = 128;

  private final SocketConnection client;
  private final Outlet database;
  private final SessionContext talk;
  private final LongSupplier nanoTime;
  private final MessageBuffer buffer;
  private final StatementIntake statements;
  private @Nullable ClientMessage waiting;
  private TurnResult turn = TurnResult.FOR_PEER;
  private boolean arrived;
  private int taken;

  ClientPump(
      SocketConnection client,
      Outlet database,
      SessionContext talk,
      LongSupplier nanoTime,
      Buffers buffers) {
    this.client = client;
    this.database = database;
    this.talk = talk;
    this.nanoTime = nanoTime;
    this.buffer = new MessageBuffer(buffers);
    this.statements = new StatementIntake(talk, nanoTime, buffer);
  }

  /// The client's socket has something to read.
  void arrived() {
    arrived = true;
  }

  /// Whether something has arrived that is not read yet: the socket need not be watched for more.
  boolean hasArrived() {
    return arrived || isPausing();
  }

  /// Whether it could go on, and has had its turn.
  boolean isPausing() {
    return turn == TurnResult.PAUSING;
  }

  /// Whether it waits for something that no socket tells of.
  boolean isStalled() {
    return turn == TurnResult.STALLED;
  }

  /// Goes on as far as possible; false once the client has left.
  boolean advance() throws PeerGone {
    taken = 0;
    turn = moved();
    while (turn == TurnResult.FOR_PEER && arrived) {
      if (!fill()) {
        return false;
      }
      arrived = client.hasMore();
      turn = moved();
    }
    talk.activity().owesRest(turn == TurnResult.FOR_PEER && buffer.holdsPart());
    buffer.rest();
    return turn != TurnResult.OVER;
  }

  /// What the client has begun, what waits, and what the database has not taken yet.
  long filled() {
    long waits = waiting == null ? 0 : buffer.length();
    return buffer.capacity() + waits + database.line().unsent() + talk.statements().kept();
  }

  /// Takes what has come and writes what may go.
  private TurnResult moved() throws PeerGone {
    if (!database.isClear() || talk.isCancelling() || !endBatch()) {
      return TurnResult.STALLED;
    }
    TurnResult ended = takeAll();
    if (ended != TurnResult.FOR_PEER) {
      return ended;
    }
    return forward() && database.isClear() ? TurnResult.FOR_PEER : TurnResult.STALLED;
  }

  /// Ends a batch that has ended for the client but not for the database; false if that has to
  /// wait.
  private boolean endBatch() throws PeerGone {
    if (!talk.statements().owesSync()) {
      return true;
    }
    boolean said = forward() && database.say(GatewayMessages.sync());
    if (said) {
      talk.statements().syncIsSent();
    }
    return said;
  }

  private boolean fill() throws PeerGone {
    try {
      talk.activity().heard(nanoTime.getAsLong());
      return buffer.fill(client::read);
    } catch (IOException e) {
      throw new PeerGone(EndReason.CLIENT_LEFT, e);
    }
  }

  /// Takes each message that is there, until one has to wait or its turn is over.
  private TurnResult takeAll() throws PeerGone {
    while (buffer.nextHead() && buffer.nextWhole(ClientMessages.limit(buffer.type()))) {
      if (taken++ == MOST_AT_ONCE) {
        buffer.stepBack();
        return TurnResult.PAUSING;
      }
      switch (mayBeTaken() ? take() : IntakeResult.LATER) {
        case KEPT -> waiting = null;
        case DROPPED -> {
          waiting = null;
          buffer.drop();
        }
        case LAST -> {
          waiting = null;
          return TurnResult.OVER;
        }
        case LATER -> {
          buffer.stepBack();
          forward();
          return TurnResult.STALLED;
        }
      }
    }
    return TurnResult.FOR_PEER;
  }

  private IntakeResult take() throws PeerGone {
    ClientMessage message = decoded();
    return message instanceof ClientMessage.Terminate ? terminate() : statements.take(message);
  }

  /// The current message. One that has to wait is decoded once, however often it is looked at.
  private ClientMessage decoded() {
    if (waiting == null) {
      waiting = ClientMessages.parse(buffer);
    }
    return waiting;
  }

  /// Asked before a message is read through: while the log is stalled, or the server owes many
  /// answers, this is asked again and again. The goodbye needs no room.
  private boolean mayBeTaken() {
    boolean leaves = buffer.type() == 'X';
    if (talk.statements().drains(leaves)) {
      buffer.insert(GatewayMessages.flush());
    }
    return leaves || (talk.record().hasRoom() && talk.statements().haveRoom());
  }

  /// As PostgreSQL does, the session does first what came before the goodbye, and says so.
  private IntakeResult terminate() throws PeerGone {
    boolean isDone =
        talk.copying() == CopyPhase.IN || (talk.statements().awaitsClient() && !talk.answersWait());
    return forward() && database.isClear() && isDone ? IntakeResult.LAST : IntakeResult.LATER;
  }

  /// Writes what is kept; false if it has to wait.
  private boolean forward() throws PeerGone {
    if (buffer.pending() == 0) {
      return true;
    }
    statements.recordParses();
    boolean passed =
        database.passBefore(buffer, talk.holdsBeforeForward() ? talk.record().newest() : null);
    if (passed) {
      statements.sent();
    }
    return passed;
  }
}
