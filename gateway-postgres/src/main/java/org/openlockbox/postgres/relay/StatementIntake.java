package org.openlockbox.postgres.relay;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.batch.AsyncFilter.FilteredText;
import org.openlockbox.postgres.batch.BatchStep;
import org.openlockbox.postgres.batch.NameOrigins;
import org.openlockbox.postgres.batch.NamedStatement;
import org.openlockbox.postgres.batch.PreparedStatements;
import org.openlockbox.postgres.batch.QueryBatch.QueryPosition;
import org.openlockbox.postgres.relay.ClientPump.IntakeResult;
import org.openlockbox.postgres.statement.FilterResult;
import org.openlockbox.postgres.statement.StatementRefusal;
import org.openlockbox.postgres.wire.BoundValues;
import org.openlockbox.postgres.wire.ClientMessage;
import org.openlockbox.postgres.wire.GatewayMessages;
import org.openlockbox.postgres.wire.MessageBuffer;

/// Takes in what the client sends, message by message: every statement is judged and recorded, and
/// [GatewayMessages] stand in the place of what is refused, or is read another way.
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
/// A function call is refused wherever it comes: it stands where a Query may stand, and a query
/// that fails goes in its place. A COPY that reads from the client is refused in a Parse: the Sync
/// that ends its batch would be swallowed by the copy, and the client be waited for. A cancellation
/// is no message of a session: while one is under way, nothing is forwarded.
final class StatementIntake {
  private static final String FUNCTION_CALL = "function-call";

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
  IntakeResult take(ClientMessage message) {
    if (talk.statements().isUndecided()) {
      return IntakeResult.LATER;
    }
    if (talk.copying() == CopyPhase.IN) {
      return copies.take(message, buffer) ? IntakeResult.KEPT : IntakeResult.DROPPED;
    }
    PreparedStatements statements = talk.statements();
    talk.activity().asked(nanoTime.getAsLong());
    return switch (message) {
      case ClientMessage.Query(Bytes sql) -> query(sql);
      case ClientMessage.Parse parse -> parse(parse);
      case ClientMessage.Bind bind -> bind(bind);
      case ClientMessage.Execute(String portal) -> execute(portal);
      case ClientMessage.Describe(char kind, String name) -> {
        statements.describe(kind == 'P', name);
        yield IntakeResult.KEPT;
      }
      case ClientMessage.Close(char kind, String name) -> {
        statements.close(kind == 'P', name);
        yield IntakeResult.KEPT;
      }
      case ClientMessage.FunctionCall(int function) -> functionCall(function);
      case ClientMessage.Sync() -> sync();
      case ClientMessage.Flush() -> flush();
      // may come before its COPY has begun, or be left over from one that has ended already
      case ClientMessage.CopyData(), ClientMessage.CopyDone(), ClientMessage.CopyFail() ->
          statements.mayBeginCopy() ? IntakeResult.LATER : IntakeResult.DROPPED;
      case ClientMessage.Terminate() -> throw new IllegalStateException("handled before");
    };
  }

  /// A COPY that begins swallows the Sync that was sent with it, so nobody knows what such a one
  /// will end.
  private IntakeResult sync() {
    if (talk.statements().mayBeginCopy()) {
      return IntakeResult.LATER;
    }
    recordParses();
    talk.statements().sync();
    return IntakeResult.KEPT;
  }

  /// What is parsed is recorded before it is forwarded, unless an Execute has recorded that text.
  void recordParses() {
    for (BatchStep step : talk.statements().takeUnrecordedParses()) {
      Bytes sql = step.meaning().map(NamedStatement::text).orElse(Bytes.empty());
      step.recordedAs(recorded("parse", sql, step.judgement()));
    }
  }

  /// Outside a batch it goes on as it is, because a message, whatever it is, stops the clock of a
  /// transaction that is idle.
  private IntakeResult flush() {
    if (!talk.statements().isInBatch()) {
      return IntakeResult.KEPT;
    }
    if (!talk.statements().flush()) {
      return IntakeResult.DROPPED;
    }
    buffer.replace(GatewayMessages.flush());
    return IntakeResult.KEPT;
  }

  private IntakeResult query(Bytes sql) {
    QueryPosition place = talk.statements().placeOfQuery();
    if (place == QueryPosition.EARLY) {
      return IntakeResult.LATER;
    }
    Optional<FilteredText> said = talk.judging().of(sql);
    if (said.isEmpty()) {
      return IntakeResult.LATER;
    }
    FilterResult judgement = said.get().judgement();
    SessionRecord.RecordedOperation recorded =
        recorded(
            "query",
            sql,
            Bytes.empty(),
            NameOrigins.traced(judgement.facts(), judgement.names(), talk.statements()),
            judgement.refused());
    if (place == QueryPosition.SKIPPED) {
      skipped(recorded);
      return IntakeResult.DROPPED;
    }
    talk.statements().query(place, said.get().renames(), recorded).judged(judgement).with(sql);
    Optional<Bytes> other =
        judgement.refusal().map(_ -> GatewayMessages.REFUSED).or(judgement::instead);
    if (place == QueryPosition.IN_BATCH) {
      talk.activity().ended(nanoTime.getAsLong()); // what was before it in the batch
      buffer.replace(GatewayMessages.queryInBatch(other.orElse(sql)));
    } else {
      other.ifPresent(text -> buffer.replace(GatewayMessages.query(text)));
    }
    return IntakeResult.KEPT;
  }

  private IntakeResult functionCall(int function) {
    QueryPosition place = talk.statements().placeOfQuery();
    if (place == QueryPosition.EARLY) {
      return IntakeResult.LATER;
    }
    FilterResult judgement =
        FilterResult.refusing(SqlFacts.of(FUNCTION_CALL), StatementRefusal.functionCall());
    Bytes text = Bytes.ofUtf8("-- FunctionCall of function " + Integer.toUnsignedString(function));
    SessionRecord.RecordedOperation recorded = recorded(FUNCTION_CALL, text, judgement);
    if (place == QueryPosition.SKIPPED) {
      skipped(recorded);
      return IntakeResult.DROPPED;
    }
    talk.statements().query(place, false, recorded).judged(judgement).with(text);
    buffer.replace(
        place == QueryPosition.IN_BATCH
            ? GatewayMessages.queryInBatch(GatewayMessages.REFUSED)
            : GatewayMessages.query(GatewayMessages.REFUSED));
    return IntakeResult.KEPT;
  }

  private IntakeResult parse(ClientMessage.Parse parse) {
    String name = parse.statement();
    Bytes sql = parse.sql();
    Optional<FilteredText> said = talk.judging().ofParse(sql);
    if (said.isEmpty()) {
      return IntakeResult.LATER;
    }
    FilterResult judgement = said.get().judgement();
    boolean typed = parse.namesTypes() && talk.judging().isGuarded();
    talk.statements().parse(name, NamedStatement.of(sql, said.get(), typed)).judged(judgement);
    judgement.refusal().ifPresent(_ -> buffer.replace(GatewayMessages.refusedParse(name)));
    judgement.instead().ifPresent(text -> buffer.replace(GatewayMessages.parse(buffer, text)));
    return IntakeResult.KEPT;
  }

  private IntakeResult bind(ClientMessage.Bind bind) {
    if (talk.statements().mustWait(false, bind.statement())) {
      return IntakeResult.LATER;
    }
    NamedStatement meaning = meaning(false, bind.statement(), "prepared statement");
    BatchStep step = talk.statements().bind(bind.portal(), meaning, BoundValues.line(bind));
    if (meaning.shortValues() && BoundValues.isOneLonger(bind, FilterResult.LONGEST_VALUE)) {
      step.judged(FilterResult.refusing(meaning.facts(), StatementRefusal.longValue()));
      buffer.replace(GatewayMessages.refusedBind(bind.portal()));
    }
    return IntakeResult.KEPT;
  }

  private IntakeResult execute(String portal) {
    PreparedStatements statements = talk.statements();
    if (statements.mustWait(true, portal)) {
      return IntakeResult.LATER;
    }
    if (portal.isEmpty() && statements.meaning(true, portal).isEmpty()) {
      statements.unnamedPortalIsClosed();
      buffer.replace(GatewayMessages.executeOfNothing());
    }
    NamedStatement meaning = meaning(true, portal, "portal");
    var facts = NameOrigins.traced(meaning.facts(), meaning.names(), statements);
    var recorded =
        recorded("execute", meaning.text(), statements.values(portal), facts, meaning.refused());
    statements.execute(portal, meaning, recorded);
    return IntakeResult.KEPT;
  }

  /// All that was kept so far has been sent: what the server skips of it is on record as that.
  void sent() {
    talk.statements().sent().forEach(step -> step.recorded().ifPresent(this::skipped));
  }

  private void skipped(SessionRecord.RecordedOperation statement) {
    talk.record().outcome(statement.number(), ResultRecorder.SKIPPED);
  }

  private SessionRecord.RecordedOperation recorded(String kind, Bytes sql, FilterResult said) {
    return recorded(kind, sql, Bytes.empty(), said.facts(), said.refused());
  }

  private SessionRecord.RecordedOperation recorded(
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
