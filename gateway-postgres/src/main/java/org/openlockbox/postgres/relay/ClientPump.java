package org.openlockbox.postgres.relay;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.gateway.session.EndReason;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.net.Buffers;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.relay.Filtering.Judged;
import org.openlockbox.postgres.relay.QueryBatch.Place;
import org.openlockbox.postgres.statement.FilterResult;
import org.openlockbox.postgres.statement.Refusal;
import org.openlockbox.postgres.wire.BoundValues;
import org.openlockbox.postgres.wire.ClientMessage;
import org.openlockbox.postgres.wire.ClientMessages;
import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.postgres.wire.OwnWords;

/// From the client to the database: every message is decoded, every statement judged and recorded,
/// and what has come in one piece goes on in one piece; [OwnWords] stand in the place of what is
/// refused, or is read another way. At `write` level nothing goes on before its record is durable;
/// below, the record must exist, and the result waits for its durability.
///
/// Goes as far as it can and never waits, but takes no more than [#MOST_AT_ONCE] messages in one
/// turn: then the loop serves the others first. While it is stalled the client is not read.
///
/// What becomes of a message hangs on the batch that it comes into ([BatchPhase]), and on
/// [CopyPhase]:
///
/// | state | what the client may send | the rest |
/// |---|---|---|
/// | no batch | all but copy data | a COPY's data waits while one may begin, or is dropped |
/// | `OPEN` | the same; a Query only where all is answered and nothing was executed | |
/// | `FAILED_FOR_CLIENT`, `FAILED` | the same; a Query is recorded as skipped, and dropped | |
/// | `UNDECIDED` | Terminate, which waits for what came before it | waits |
/// | `SYNC_DUE` | nothing, until the gateway has sent its Sync | waits |
/// | copying `IN` | CopyData, CopyDone, CopyFail, Terminate | Flush, Sync: dropped; else a violation |
///
/// A function call is refused wherever it comes. A cancellation is no message of a session: while
/// one is under way, nothing is forwarded.
final class ClientPump {
  /// What becomes of one message.
  private enum Taken {
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
  private final CopyIntake copies;
  private @Nullable ClientMessage waiting;
  private Turn turn = Turn.FOR_PEER;
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
    this.copies = new CopyIntake(talk, nanoTime);
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
    return turn == Turn.PAUSING;
  }

  /// Whether it waits for something that no socket tells of.
  boolean isStalled() {
    return turn == Turn.STALLED;
  }

  /// Goes on as far as possible; false once the client has left.
  boolean advance() throws PeerGone {
    taken = 0;
    turn = moved();
    while (turn == Turn.FOR_PEER && arrived) {
      if (!fill()) {
        return false;
      }
      arrived = client.hasMore();
      turn = moved();
    }
    talk.activity().owesRest(turn == Turn.FOR_PEER && buffer.holdsPart());
    buffer.rest();
    return turn != Turn.OVER;
  }

  /// What the client has begun, what waits, and what the database has not taken yet.
  long filled() {
    long waits = waiting == null ? 0 : buffer.length();
    return buffer.capacity() + waits + database.line().unsent() + talk.statements().kept();
  }

  /// Takes what has come and writes what may go.
  private Turn moved() throws PeerGone {
    if (!database.isClear() || talk.isCancelling() || !endBatch()) {
      return Turn.STALLED;
    }
    Turn ended = takeAll();
    if (ended != Turn.FOR_PEER) {
      return ended;
    }
    return forward() && database.isClear() ? Turn.FOR_PEER : Turn.STALLED;
  }

  /// Ends a batch that has ended for the client but not for the database; false if that has to
  /// wait.
  private boolean endBatch() throws PeerGone {
    if (!talk.statements().owesSync()) {
      return true;
    }
    boolean said = forward() && database.say(OwnWords.sync());
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
  private Turn takeAll() throws PeerGone {
    while (buffer.nextHead() && buffer.nextWhole(ClientMessages.limit(buffer.type()))) {
      if (taken++ == MOST_AT_ONCE) {
        buffer.stepBack();
        return Turn.PAUSING;
      }
      switch (mayBeTaken() ? take(decoded()) : Taken.LATER) {
        case KEPT -> waiting = null;
        case DROPPED -> {
          waiting = null;
          buffer.drop();
        }
        case LAST -> {
          waiting = null;
          return Turn.OVER;
        }
        case LATER -> {
          buffer.stepBack();
          forward();
          return Turn.STALLED;
        }
      }
    }
    return Turn.FOR_PEER;
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
      buffer.insert(OwnWords.flush());
    }
    return leaves || (talk.record().hasRoom() && talk.statements().haveRoom());
  }

  /// As PostgreSQL does, the session does first what came before the goodbye, and says so.
  private Taken terminate() throws PeerGone {
    boolean isDone =
        talk.copying() == CopyPhase.IN || (talk.statements().awaitsClient() && !talk.answersWait());
    return forward() && database.isClear() && isDone ? Taken.LAST : Taken.LATER;
  }

  /// Writes what is kept; false if it has to wait.
  private boolean forward() throws PeerGone {
    if (buffer.pending() == 0) {
      return true;
    }
    recordParses();
    boolean passed =
        database.passBefore(buffer, talk.holdsBeforeForward() ? talk.record().newest() : null);
    if (passed) {
      talk.statements().sent().forEach(step -> step.recorded().ifPresent(this::skipped));
    }
    return passed;
  }

  /// What is parsed is recorded before it is forwarded, unless an Execute has recorded that text.
  private void recordParses() {
    for (Step step : talk.statements().takeUnrecordedParses()) {
      Bytes sql = step.meaning().map(NamedStatement::text).orElse(Bytes.empty());
      step.recordedAs(recorded("parse", sql, step.judgement()));
    }
  }

  private Taken take(ClientMessage message) throws PeerGone {
    if (message instanceof ClientMessage.Terminate) {
      return terminate();
    }
    if (talk.statements().isUndecided()) {
      return Taken.LATER;
    }
    if (talk.copying() == CopyPhase.IN) {
      return copies.take(message, buffer) ? Taken.KEPT : Taken.DROPPED;
    }
    Statements statements = talk.statements();
    talk.activity().asked(nanoTime.getAsLong());
    return switch (message) {
      case ClientMessage.Query(Bytes sql) -> query(sql);
      case ClientMessage.Parse parse -> parse(parse);
      case ClientMessage.Bind bind -> bind(bind);
      case ClientMessage.Execute(String portal) -> execute(portal);
      case ClientMessage.Describe(char kind, String name) -> {
        statements.describe(kind == 'P', name);
        yield Taken.KEPT;
      }
      case ClientMessage.Close(char kind, String name) -> {
        statements.close(kind == 'P', name);
        yield Taken.KEPT;
      }
      case ClientMessage.Sync() -> sync();
      case ClientMessage.Flush() -> flush();
      // may come before its COPY has begun, or be left over from one that has ended already
      case ClientMessage.CopyData(), ClientMessage.CopyDone(), ClientMessage.CopyFail() ->
          statements.mayBeginCopy() ? Taken.LATER : Taken.DROPPED;
      case ClientMessage.Terminate() -> throw new IllegalStateException("handled before");
    };
  }

  /// A COPY that begins swallows the Sync that was sent with it, so nobody knows what such a one
  /// will end.
  private Taken sync() {
    if (talk.statements().mayBeginCopy()) {
      return Taken.LATER;
    }
    recordParses();
    talk.statements().sync();
    return Taken.KEPT;
  }

  /// Outside a batch it goes on as it is, because a message, whatever it is, stops the clock of a
  /// transaction that is idle.
  private Taken flush() {
    if (!talk.statements().isInBatch()) {
      return Taken.KEPT;
    }
    if (!talk.statements().flush()) {
      return Taken.DROPPED;
    }
    buffer.replace(OwnWords.flush());
    return Taken.KEPT;
  }

  private Taken query(Bytes sql) {
    Place place = talk.statements().placeOfQuery();
    if (place == Place.EARLY) {
      return Taken.LATER;
    }
    Optional<Judged> said = talk.judging().of(sql);
    if (said.isEmpty()) {
      return Taken.LATER;
    }
    FilterResult judgement = said.get().judgement();
    Step.Recorded recorded =
        recorded(
            "query",
            sql,
            Bytes.empty(),
            NameOrigins.traced(judgement.facts(), judgement.names(), talk.statements()),
            judgement.refused());
    if (place == Place.SKIPPED) {
      skipped(recorded);
      return Taken.DROPPED;
    }
    talk.statements().query(place, said.get().renames(), recorded).judged(judgement).with(sql);
    Optional<Bytes> other = judgement.refusal().map(_ -> OwnWords.REFUSED).or(judgement::instead);
    if (place == Place.IN_BATCH) {
      talk.activity().ended(nanoTime.getAsLong()); // what was before it in the batch
      buffer.replace(OwnWords.queryInBatch(other.orElse(sql)));
    } else {
      other.ifPresent(text -> buffer.replace(OwnWords.query(text)));
    }
    return Taken.KEPT;
  }

  private Taken parse(ClientMessage.Parse parse) {
    String name = parse.statement();
    Bytes sql = parse.sql();
    Optional<Judged> said = talk.judging().of(sql);
    if (said.isEmpty()) {
      return Taken.LATER;
    }
    FilterResult judgement = said.get().judgement();
    boolean typed = parse.namesTypes() && talk.judging().isGuarded();
    talk.statements().parse(name, NamedStatement.of(sql, said.get(), typed)).judged(judgement);
    judgement.refusal().ifPresent(_ -> buffer.replace(OwnWords.refusedParse(name)));
    judgement.instead().ifPresent(text -> buffer.replace(OwnWords.parse(buffer, text)));
    return Taken.KEPT;
  }

  private Taken bind(ClientMessage.Bind bind) {
    if (talk.statements().mustWait(false, bind.statement())) {
      return Taken.LATER;
    }
    NamedStatement meaning = meaning(false, bind.statement(), "prepared statement");
    Step step = talk.statements().bind(bind.portal(), meaning, BoundValues.line(bind));
    if (meaning.shortValues() && BoundValues.isOneLonger(bind, FilterResult.LONGEST_VALUE)) {
      step.judged(FilterResult.refusing(meaning.facts(), Refusal.longValue()));
      buffer.replace(OwnWords.refusedBind(bind.portal()));
    }
    return Taken.KEPT;
  }

  private Taken execute(String portal) {
    Statements statements = talk.statements();
    if (statements.mustWait(true, portal)) {
      return Taken.LATER;
    }
    if (portal.isEmpty() && statements.meaning(true, portal).isEmpty()) {
      statements.unnamedPortalIsClosed();
      buffer.replace(OwnWords.executeOfNothing());
    }
    NamedStatement meaning = meaning(true, portal, "portal");
    var facts = NameOrigins.traced(meaning.facts(), meaning.names(), statements);
    var recorded =
        recorded("execute", meaning.text(), statements.values(portal), facts, meaning.refused());
    statements.execute(portal, meaning, recorded);
    return Taken.KEPT;
  }

  private void skipped(Step.Recorded statement) {
    talk.record().outcome(statement.number(), SessionRecord.Answered.SKIPPED);
  }

  private Step.Recorded recorded(String kind, Bytes sql, FilterResult said) {
    return recorded(kind, sql, Bytes.empty(), said.facts(), said.refused());
  }

  private Step.Recorded recorded(
      String kind, Bytes sql, Bytes parameters, SqlFacts facts, Optional<String> refused) {
    talk.activity().acted(nanoTime.getAsLong());
    return talk.record().operation(kind, sql, parameters, facts, refused);
  }

  private NamedStatement meaning(boolean portal, String name, String what) {
    return talk.statements()
        .meaning(portal, name)
        .orElseGet(
            () -> NamedStatement.madeInSql(what, name, talk.statements().origin(portal, name)));
  }
}
