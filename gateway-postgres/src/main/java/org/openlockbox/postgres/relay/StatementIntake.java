package org.openlockbox.postgres.relay;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.relay.ClientPump.Taken;
import org.openlockbox.postgres.relay.Filtering.Judged;
import org.openlockbox.postgres.relay.QueryBatch.Place;
import org.openlockbox.postgres.statement.FilterResult;
import org.openlockbox.postgres.statement.Refusal;
import org.openlockbox.postgres.wire.BoundValues;
import org.openlockbox.postgres.wire.ClientMessage;
import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.postgres.wire.OwnWords;

/// Takes in what the client sends, message by message: every statement is judged and recorded, and
/// [OwnWords] stand in the place of what is refused, or is read another way.
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
final class StatementIntake {
  private final SessionContext talk;
  private final LongSupplier nanoTime;
  private final MessageBuffer buffer;
  private final CopyIntake copies;

  StatementIntake(SessionContext talk, LongSupplier nanoTime, MessageBuffer buffer) {
    this.talk = talk;
    this.nanoTime = nanoTime;
    this.buffer = buffer;
    this.copies = new CopyIntake(talk, nanoTime);
  }

  /// Takes in the current message, which is no goodbye.
  Taken take(ClientMessage message) {
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

  /// What is parsed is recorded before it is forwarded, unless an Execute has recorded that text.
  void recordParses() {
    for (Step step : talk.statements().takeUnrecordedParses()) {
      Bytes sql = step.meaning().map(NamedStatement::text).orElse(Bytes.empty());
      step.recordedAs(recorded("parse", sql, step.judgement()));
    }
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
    SessionRecord.Recorded recorded =
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

  /// All that was kept so far has been sent: what the server skips of it is on record as that.
  void sent() {
    talk.statements().sent().forEach(step -> step.recorded().ifPresent(this::skipped));
  }

  private void skipped(SessionRecord.Recorded statement) {
    talk.record().outcome(statement.number(), Results.SKIPPED);
  }

  private SessionRecord.Recorded recorded(String kind, Bytes sql, FilterResult said) {
    return recorded(kind, sql, Bytes.empty(), said.facts(), said.refused());
  }

  private SessionRecord.Recorded recorded(
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
