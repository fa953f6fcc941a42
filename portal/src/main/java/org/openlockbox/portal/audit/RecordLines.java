package org.openlockbox.portal.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.OutcomeWords;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.entry.StoredEntry;

/// Puts the entries of a request into plain words. What the engineer received is put beside the
/// statement that it belongs to, if both are among these entries; counts, never data.
public final class RecordLines {
  private static final int LONGEST_TEXT = 2000;

  private record OperationRef(SessionId session, long n) {}

  private final PageContext frame;
  private final Map<Commitment, LogTexts.TextPrefix> texts;
  private final List<RecordLine> lines = new ArrayList<>();
  private final Map<OperationRef, Integer> sent = new HashMap<>();
  private final Map<OperationRef, Commitment> sentTexts = new HashMap<>();

  RecordLines(PageContext frame, Map<Commitment, LogTexts.TextPrefix> texts) {
    this.frame = frame;
    this.texts = texts;
  }

  List<RecordLine> of(List<StoredEntry> entries) {
    entries.forEach(this::take);
    return lines;
  }

  private void take(StoredEntry stored) {
    var body = stored.read().body();
    if (body instanceof SessionEvent.Closed || body instanceof SessionEvent.Lost) {
      body.session().ifPresent(this::leaveUnknown);
    }
    if (body instanceof SessionEvent.Outcome outcome) {
      var at = sent.get(new OperationRef(outcome.of(), outcome.n()));
      if (at != null) {
        lines.set(at, lines.get(at).with(words(outcome), OutcomeKind.of(outcome.status())));
        return;
      }
    }
    if (body instanceof SessionEvent.Operation statement) {
      sent.put(new OperationRef(statement.of(), statement.n()), lines.size());
      sentTexts.put(new OperationRef(statement.of(), statement.n()), statement.text());
    }
    lines.add(
        new RecordLine(
            stored.seq(),
            stored.read().time(),
            body.type().word(),
            body.session().map(SessionId::value).orElse(""),
            statement(body),
            words(body),
            text(body)
                .map(sentText -> shown(sentText, isSql(body)))
                .or(() -> written(body).map(Excerpt::whole)),
            prepared(body),
            "",
            result(body),
            body instanceof SessionEvent.Operation sent && ToolStatement.is(sent)));
  }

  /// What came of a statement is recorded before its session ends, or never.
  private void leaveUnknown(SessionId ended) {
    sent.forEach(
        (statement, at) -> {
          if (statement.session.equals(ended) && lines.get(at).outcome().isEmpty()) {
            lines.set(at, lines.get(at).with(frame.say("record.unknown"), OutcomeKind.FINE));
          }
        });
  }

  private Optional<LogTexts.TextPrefix> text(EntryBody body) {
    return body instanceof SessionEvent.Operation statement
        ? Optional.ofNullable(texts.get(statement.text()))
        : Optional.empty();
  }

  /// The text of the statement that prepared this one, if that is among these entries.
  private Optional<Excerpt> prepared(EntryBody body) {
    if (!(body instanceof SessionEvent.Operation statement)) {
      return Optional.empty();
    }
    var by = statement.sql().map(SqlFacts::preparedBy).orElse(OptionalLong.empty());
    return by.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(sentTexts.get(new OperationRef(statement.of(), by.getAsLong())))
            .flatMap(made -> Optional.ofNullable(texts.get(made)))
            .map(text -> shown(text, true));
  }

  /// What people and their programs wrote into the entry itself. It never stands inside our words.
  private static Optional<String> written(EntryBody body) {
    var text =
        switch (body) {
          case SessionEvent.Opened opened -> opened.clientApplication();
          case SessionEvent.RemovalFailed failed -> failed.why();
          case RequestEvent.Decided decided -> decided.claimed().comment();
          case RequestEvent.Ended ended -> ended.comment();
          case SessionEvent _,
              RequestEvent _,
              KeyringEvent _,
              TicketEvent _,
              RecoveryEvent _,
              ErasedEvent _ ->
              "";
        };
    return Optional.of(text).filter(words -> !words.isBlank());
  }

  /// SQL may be in any encoding; for showing, what is no UTF-8 is replaced.
  private static Excerpt shown(LogTexts.TextPrefix text, boolean isSql) {
    var bytes = text.text();
    var beginning = bytes.slice(0, Math.min(LONGEST_TEXT, bytes.size()));
    return Excerpt.of(
        new String(beginning.toArray(), StandardCharsets.UTF_8),
        isSql,
        text.isShortened() || bytes.size() > LONGEST_TEXT);
  }

  private static boolean isSql(EntryBody body) {
    return body instanceof SessionEvent.Operation statement && statement.sql().isPresent();
  }

  private static String statement(EntryBody body) {
    return switch (body) {
      case SessionEvent.Operation statement -> statement.of() + "/" + statement.n();
      case SessionEvent.Outcome outcome -> outcome.of() + "/" + outcome.n();
      case SessionEvent _,
          RequestEvent _,
          KeyringEvent _,
          TicketEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          "";
    };
  }

  private static OutcomeKind result(EntryBody body) {
    return switch (body) {
      case SessionEvent.Operation statement ->
          statement.refused().isPresent() ? OutcomeKind.BLOCKED : OutcomeKind.FINE;
      case SessionEvent.Outcome outcome -> OutcomeKind.of(outcome.status());
      case SessionEvent.RemovalFailed _, SessionEvent.Lost _ -> OutcomeKind.FAILED;
      case StreamPart _,
          SessionEvent.Opened _,
          SessionEvent.Closed _,
          RequestEvent _,
          KeyringEvent _,
          TicketEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          OutcomeKind.FINE;
    };
  }

  private String words(EntryBody body) {
    return switch (body) {
      case SessionEvent.Operation statement -> words(statement);
      case StreamPart part ->
          frame.say(
              part.direction() == StreamPart.Direction.IN ? "record.partIn" : "record.partOut",
              part.part() + 1,
              part.bytes());
      case SessionEvent.Outcome outcome -> words(outcome);
      case SessionEvent.Opened opened -> frame.say("record.opened", opened.clientAddress());
      case SessionEvent.Closed closed ->
          frame.say(
              closed.released() ? "record.closed" : "record.closedLeft",
              why(frame, closed.reason()),
              closed.operations(),
              closed.units());
      case SessionEvent.Lost _ -> frame.say("record.lost");
      case RequestEvent.Decided decided ->
          frame.say(
              decided.claimed().approves() ? "record.approved" : "record.denied",
              frame.name(decided.claimed().approver()));
      case RequestEvent.Revoked revoked -> by(revoked.claimed().approver());
      case RequestEvent.Reviewed reviewed -> by(reviewed.reviewer());
      case RequestEvent.Automatic automatic ->
          frame.say("record.automatic", automatic.rule(), automatic.policy());
      case RequestEvent.Ended ended ->
          frame.say("record.ended." + ended.reason().word(), frame.name(ended.by()));
      case RequestEvent.Requested requested -> by(requested.submission().engineer().id());
      case RequestEvent.Withdrawn withdrawn -> by(withdrawn.by());
      case SessionEvent.RemovalFailed _,
          RequestEvent.Lapsed _,
          KeyringEvent _,
          TicketEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          "";
    };
  }

  private String by(SubjectId person) {
    return frame.say("record.by", frame.name(person));
  }

  private String words(SessionEvent.Outcome outcome) {
    return outcome
        .failure()
        .map(
            status ->
                outcome.units() == 0
                    ? frame.say("record.failed", new OutcomeWords(frame).of(status))
                    : frame.say(
                        "record.brokenOff", outcome.units(), new OutcomeWords(frame).of(status)))
        .orElseGet(
            () ->
                outcome.status().protocol() == Protocol.HTTP
                    ? frame.say("record.answered", outcome.status().word(), outcome.bytes())
                    : changed(outcome));
  }

  private String changed(SessionEvent.Outcome outcome) {
    return outcome.changed() > 0
        ? frame.say("record.changed", outcome.changed(), outcome.units())
        : frame.say("record.received", outcome.units());
  }

  private String words(SessionEvent.Operation operation) {
    var said = operation.sql().map(this::words).orElseGet(() -> operation.facts().line());
    return operation.refused().map(why -> refused(why) + "; " + said).orElse(said);
  }

  private static String tables(SortedSet<String> names) {
    return names.stream().map(SqlName::shown).collect(Collectors.joining(", "));
  }

  /// `reads customers, tickets; writes plans`, or the statement's classes; and what it calls.
  private String words(SqlFacts facts) {
    var parts = new ArrayList<String>();
    if (!facts.reads().isEmpty()) {
      parts.add(frame.say("record.reads", tables(facts.reads())));
    }
    if (!facts.writes().isEmpty()) {
      parts.add(frame.say("record.writes", tables(facts.writes())));
    }
    if (facts.others() > 0) {
      parts.add(frame.say("record.others", facts.others()));
    }
    if (parts.isEmpty()) {
      parts.add(String.join(", ", facts.classes()));
    }
    if (!facts.functions().names().isEmpty()) {
      parts.add(frame.say("record.calls", String.join(", ", facts.functions().names())));
    }
    if (facts.functions().others() > 0) {
      parts.add(frame.say("record.callsOthers", facts.functions().others()));
    }
    facts.preparedBy().ifPresent(n -> parts.add(frame.say("record.prepared", n)));
    return String.join("; ", parts);
  }

  /// Why a session ended: a gateway's word as a sentence, and what is none as it stands.
  public static String why(PageContext frame, String reason) {
    var known = "record.closed." + reason;
    return frame.words().knows(known) ? frame.say(known) : reason;
  }

  private String refused(String why) {
    var known = "record.refused." + why;
    return frame.words().knows(known) ? frame.say(known) : frame.say("record.refused", why);
  }
}
