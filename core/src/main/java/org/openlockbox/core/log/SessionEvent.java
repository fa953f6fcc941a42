package org.openlockbox.core.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.CanonicalJsonWriter;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.operation.OperationFacts;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.CommittedText;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.tlog.tree.Hash;

/// Something happened in a session through a gateway.
public sealed interface SessionEvent extends EntryBody
    permits SessionEvent.Opened,
        SessionEvent.Operation,
        StreamPart,
        SessionEvent.Outcome,
        SessionEvent.Closed,
        SessionEvent.Lost,
        SessionEvent.RemovalFailed {
  /// The session it is about.
  SessionId of();

  @Override
  default Optional<SessionId> session() {
    return Optional.of(of());
  }

  /// The gateway let an engineer in through `protocol`. `connect` is the statement that the
  /// engineer signed for it; `certificate` is what the gateway authority signed about the gateway;
  /// `catalogue` is the SHA-256 of what the gateway knew about the resource. The client's words are
  /// such as a document may hold ([TextRules#visible]).
  record Opened(
      SessionId of,
      RequestId about,
      SubjectId engineer,
      ResourceId resource,
      Protocol protocol,
      Level level,
      Envelope connect,
      Envelope certificate,
      Hash catalogue,
      String clientAddress,
      String clientApplication,
      Instant expires)
      implements SessionEvent {
    public Opened {
      if (!TextRules.allows(clientAddress) || !TextRules.allows(clientApplication)) {
        throw new MalformedJson("'client' has a control, invisible or broken character");
      }
    }

    static Opened parse(Fields body) {
      var client = body.object("client");
      var opened =
          new Opened(
              body.value("session", SessionId::new),
              body.value("request", RequestId::new),
              body.value("engineer", SubjectId::new),
              body.value("resource", ResourceId::new),
              body.value("protocol", Protocol::parse),
              body.value("level", Level::parse),
              enveloped(body.object("connect")),
              enveloped(body.object("certificate")),
              body.hash("catalogue"),
              client.text("address"),
              client.text("application"),
              body.instant("expires"));
      client.done();
      return opened;
    }

    private static Envelope enveloped(Fields fields) {
      var envelope = Envelope.parse(fields.object("envelope"));
      fields.done();
      return envelope;
    }

    @Override
    public Json.Object toJson() {
      var client =
          Json.object().put("address", clientAddress).put("application", clientApplication);
      return Json.object()
          .put("session", of.value())
          .put("request", about.value())
          .put("engineer", engineer.value())
          .put("resource", resource.value())
          .put("protocol", protocol.word())
          .put("level", level.word())
          .put("connect", EntryBody.enveloped(connect))
          .put("certificate", EntryBody.enveloped(certificate))
          .put("catalogue", catalogue)
          .put("client", client.build())
          .put("expires", expires)
          .build();
    }

    @Override
    public EntryType type() {
      return EntryType.SESSION_OPEN;
    }
  }

  /// The engineer asked for something: a statement, an HTTP request, a command. Recorded before its
  /// result is released. `n` counts from 0 within the session; `kind` is a lower-case word such as
  /// `query` or `execute`; `input` is what came with the text, such as the values of parameters;
  /// `facts` is what the gateway read off it; `refused` says in one word why the gateway did not
  /// pass it on.
  record Operation(
      SessionId of,
      long n,
      Commitment text,
      Optional<Commitment> input,
      String kind,
      OperationFacts facts,
      Optional<String> refused)
      implements SessionEvent {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z-]{0,31}");

    public Operation {
      requireCount("n", n);
      requireWord("kind", kind);
      refused.ifPresent(why -> requireWord("refused", why));
      if (facts instanceof SqlFacts sql && sql.preparedBy().orElse(-1) >= n) {
        throw new MalformedJson("'preparedBy' names an earlier operation of the session");
      }
      if (facts instanceof HttpFacts http && http.route().isEmpty() && refused.isEmpty()) {
        throw new MalformedJson("a request for no route of the catalogue is refused");
      }
    }

    /// One that the gateway passed on.
    public Operation(
        SessionId of,
        long n,
        Commitment text,
        Optional<Commitment> input,
        String kind,
        OperationFacts facts) {
      this(of, n, text, input, kind, facts, Optional.empty());
    }

    private static void requireWord(String name, String word) {
      if (!WORD.matcher(word).matches()) {
        throw new MalformedJson("'%s' is a word: %s".formatted(name, word));
      }
    }

    static Operation parse(Fields body) {
      return new Operation(
          body.value("session", SessionId::new),
          body.number("n"),
          body.value("text", Commitment::parse),
          body.optionalValue("input", Commitment::parse),
          body.text("kind"),
          OperationFacts.parse(body.object("facts")),
          body.optionalText("refused"));
    }

    @Override
    public Json.Object toJson() {
      return Json.object()
          .put("session", of.value())
          .put("n", n)
          .put("text", text.hex())
          .putIfPresent("input", input.map(Commitment::hex))
          .put("kind", kind)
          .put("facts", Json.object().put(facts.member(), facts.toJson()).build())
          .putIfPresent("refused", refused)
          .build();
    }

    @Override
    public String canonical() {
      var read = new CanonicalJsonWriter().spelled(facts.member(), facts.canonical());
      var body = new CanonicalJsonWriter().spelled("facts", read.done());
      input.ifPresent(values -> body.word("input", values.hex()));
      body.word("kind", kind).number("n", n);
      refused.ifPresent(why -> body.word("refused", why));
      return body.word("session", of.value()).word("text", text.hex()).done();
    }

    /// What was read off it, if it is a statement of SQL.
    public Optional<SqlFacts> sql() {
      return facts instanceof SqlFacts sql ? Optional.of(sql) : Optional.empty();
    }

    /// In plain words, one line: `refused (level): writes customers`.
    public String line() {
      return refused
          .map(why -> "refused (%s): %s".formatted(why, facts.line()))
          .orElseGet(facts::line);
    }

    @Override
    public List<CommittedText> texts() {
      var sent = new CommittedText(TextKind.OPERATION, text);
      return input
          .map(values -> List.of(sent, new CommittedText(TextKind.INPUT, values)))
          .orElse(List.of(sent));
    }

    @Override
    public EntryType type() {
      return EntryType.OPERATION;
    }
  }

  /// What came of operation `n`: its status, the units (rows, objects, files) and bytes that
  /// reached the engineer, how many units it changed by the word of the protected service, and a
  /// commitment to what was shown, made with the salt of the operation's own text: whoever holds a
  /// copy can show that it is what was returned, and once that text is erased nobody can guess what
  /// was.
  record Outcome(
      SessionId of,
      long n,
      OutcomeStatus status,
      long units,
      long bytes,
      long changed,
      Optional<Commitment> result)
      implements SessionEvent {
    public Outcome {
      requireCount("n", n);
      requireCount("units", units);
      requireCount("bytes", bytes);
      requireCount("changed", changed);
      if (result.isPresent() && units == 0) {
        throw new MalformedJson("a result without units");
      }
    }

    /// Its status, if it did not do what was asked.
    public Optional<OutcomeStatus> failure() {
      return Optional.of(status).filter(OutcomeStatus::isFailure);
    }

    static Outcome parse(Fields body) {
      return new Outcome(
          body.value("session", SessionId::new),
          body.number("n"),
          body.value("status", OutcomeStatus::new),
          body.number("units"),
          body.number("bytes"),
          SqlFacts.positive(body, "changed"),
          body.optionalValue("result", Commitment::parse));
    }

    @Override
    public Json.Object toJson() {
      var body =
          Json.object()
              .put("session", of.value())
              .put("n", n)
              .put("status", status.word())
              .put("units", units)
              .put("bytes", bytes)
              .putIfPresent("result", result.map(Commitment::hex));
      if (changed > 0) {
        body.put("changed", changed);
      }
      return body.build();
    }

    @Override
    public String canonical() {
      var body = new CanonicalJsonWriter().number("bytes", bytes);
      if (changed > 0) {
        body.number("changed", changed);
      }
      body.number("n", n);
      result.ifPresent(shown -> body.word("result", shown.hex()));
      return body.word("session", of.value())
          .word("status", status.word())
          .number("units", units)
          .done();
    }

    @Override
    public EntryType type() {
      return EntryType.OUTCOME;
    }
  }

  /// The session is over; the totals and the chain cover each operation and outcome of it.
  /// `released` says whether what the protected service was given for it is gone, such as a
  /// database role.
  record Closed(
      SessionId of,
      String reason,
      long operations,
      long units,
      long bytes,
      Hash chain,
      boolean released)
      implements SessionEvent {
    public Closed {
      requireCount("operations", operations);
      requireCount("units", units);
      requireCount("bytes", bytes);
    }

    static Closed parse(Fields body) {
      return new Closed(
          body.value("session", SessionId::new),
          body.text("reason"),
          body.number("operations"),
          body.number("units"),
          body.number("bytes"),
          body.hash("chain"),
          body.flag("released"));
    }

    @Override
    public Json.Object toJson() {
      return Json.object()
          .put("session", of.value())
          .put("reason", reason)
          .put("operations", operations)
          .put("units", units)
          .put("bytes", bytes)
          .put("chain", chain)
          .put("released", released)
          .build();
    }

    @Override
    public EntryType type() {
      return EntryType.SESSION_CLOSE;
    }
  }

  /// The server's word that a gateway is gone and the session never closed.
  record Lost(SessionId of, String reason) implements SessionEvent {
    static Lost parse(Fields body) {
      return new Lost(body.value("session", SessionId::new), body.text("reason"));
    }

    @Override
    public Json.Object toJson() {
      return Json.object().put("session", of.value()).put("reason", reason).build();
    }

    @Override
    public EntryType type() {
      return EntryType.SESSION_LOST;
    }
  }

  /// What the protected service was given for a session, such as a database role, could not be
  /// taken away.
  record RemovalFailed(SessionId of, RequestId about, String why) implements SessionEvent {
    static RemovalFailed parse(Fields body) {
      return new RemovalFailed(
          body.value("session", SessionId::new),
          body.value("request", RequestId::new),
          body.text("why"));
    }

    @Override
    public Json.Object toJson() {
      return Json.object()
          .put("session", of.value())
          .put("request", about.value())
          .put("why", why)
          .build();
    }

    @Override
    public EntryType type() {
      return EntryType.REMOVAL_FAILED;
    }

    @Override
    public Optional<RequestId> request() {
      return Optional.of(about);
    }
  }

  private static void requireCount(String name, long value) {
    if (value < 0) {
      throw new MalformedJson("'%s' is 0 or more: %d".formatted(name, value));
    }
  }
}
