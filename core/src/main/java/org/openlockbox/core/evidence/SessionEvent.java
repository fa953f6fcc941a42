package org.openlockbox.core.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.tlog.Hash;

/// Something happened in a session through a gateway.
public sealed interface SessionEvent extends EntryBody {
  /// The session it is about.
  SessionId of();

  @Override
  default Optional<SessionId> session() {
    return Optional.of(of());
  }

  /// The gateway let an engineer in. `connect` is the statement that the engineer signed for it;
  /// `certificate` is what the gateway authority signed about the gateway; `catalogue` is the
  /// SHA-256 of what the gateway knew about the resource.
  record Opened(
      SessionId of,
      RequestId about,
      SubjectId engineer,
      ResourceId resource,
      Level level,
      Envelope connect,
      Envelope certificate,
      Hash catalogue,
      String clientAddress,
      String clientApplication,
      Instant expires)
      implements SessionEvent {
    static Opened parse(Fields body) {
      var client = body.object("client");
      var opened =
          new Opened(
              body.value("session", SessionId::new),
              body.value("request", RequestId::new),
              body.value("engineer", SubjectId::new),
              body.value("resource", ResourceId::new),
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

    @Override
    public Optional<RequestId> request() {
      return Optional.of(about);
    }
  }

  /// The engineer sent a statement; recorded before its result is released. `n` counts from 0
  /// within the session; `kind` is a lower-case word such as `query` or `execute`; `parameters` are
  /// the values that it was executed with; `facts` is what the gateway read off its text.
  record Statement(
      SessionId of,
      long n,
      Commitment text,
      Optional<Commitment> parameters,
      String kind,
      StatementFacts facts)
      implements SessionEvent {
    private static final Pattern KIND = Pattern.compile("[a-z][a-z-]{0,31}");

    public Statement {
      requireCount("n", n);
      if (!KIND.matcher(kind).matches()) {
        throw new MalformedJson("not a kind of statement: " + kind);
      }
      if (facts.preparedBy().orElse(-1) >= n) {
        throw new MalformedJson("'preparedBy' names an earlier statement of the session");
      }
    }

    static Statement parse(Fields body) {
      return new Statement(
          body.value("session", SessionId::new),
          body.number("n"),
          body.value("text", Commitment::parse),
          body.optionalValue("parameters", Commitment::parse),
          body.text("kind"),
          StatementFacts.parse(body));
    }

    @Override
    public Json.Object toJson() {
      var body =
          Json.object()
              .put("session", of.value())
              .put("n", n)
              .put("text", text.hex())
              .putIfPresent("parameters", parameters.map(Commitment::hex))
              .put("kind", kind);
      facts.put(body);
      return body.build();
    }

    @Override
    public String canonical() {
      var body = new CanonicalJsonWriter().words("class", facts.classes());
      if (facts.columns() > 0) {
        body.number("columns", facts.columns());
      }
      if (!facts.functions().isNone()) {
        body.spelled("functions", facts.functions().canonical());
      }
      body.word("kind", kind).number("n", n);
      parameters.ifPresent(values -> body.word("parameters", values.hex()));
      facts.preparedBy().ifPresent(by -> body.number("preparedBy", by));
      facts.refused().ifPresent(why -> body.word("refused", why));
      body.word("session", of.value());
      facts.canonicalTables().ifPresent(tables -> body.spelled("tables", tables));
      return body.word("text", text.hex()).done();
    }

    @Override
    public List<CommittedText> texts() {
      var statement = new CommittedText(TextKind.STATEMENT, text);
      return parameters
          .map(values -> List.of(statement, new CommittedText(TextKind.PARAMETERS, values)))
          .orElse(List.of(statement));
    }

    @Override
    public EntryType type() {
      return EntryType.STATEMENT;
    }
  }

  /// What came of statement `n`: the command tag, rows and bytes that reached the engineer, the
  /// SQLSTATE of an error, and a commitment to the rows, made with the salt of the statement's own
  /// text: whoever holds a copy can show that it is what was returned, and once that text is erased
  /// nobody can guess what was.
  record Outcome(
      SessionId of,
      long n,
      String tag,
      long rows,
      long bytes,
      Optional<String> sqlState,
      Optional<Commitment> result)
      implements SessionEvent {
    private static final Pattern SQLSTATE = Pattern.compile("[0-9A-Z]{5}");

    public Outcome {
      requireCount("n", n);
      requireCount("rows", rows);
      requireCount("bytes", bytes);
      if (sqlState.filter(state -> !SQLSTATE.matcher(state).matches()).isPresent()) {
        throw new MalformedJson("not an SQLSTATE: " + sqlState);
      }
      if (result.isPresent() && rows == 0) {
        throw new MalformedJson("a result without rows");
      }
    }

    static Outcome parse(Fields body) {
      return new Outcome(
          body.value("session", SessionId::new),
          body.number("n"),
          body.text("tag"),
          body.number("rows"),
          body.number("bytes"),
          body.optionalText("sqlstate"),
          body.optionalValue("result", Commitment::parse));
    }

    @Override
    public Json.Object toJson() {
      return Json.object()
          .put("session", of.value())
          .put("n", n)
          .put("tag", tag)
          .put("rows", rows)
          .put("bytes", bytes)
          .putIfPresent("sqlstate", sqlState)
          .putIfPresent("result", result.map(Commitment::hex))
          .build();
    }

    @Override
    public String canonical() {
      var body = new CanonicalJsonWriter().number("bytes", bytes).number("n", n);
      result.ifPresent(shown -> body.word("result", shown.hex()));
      body.number("rows", rows).word("session", of.value());
      sqlState.ifPresent(state -> body.word("sqlstate", state));
      return body.text("tag", tag).done();
    }

    @Override
    public EntryType type() {
      return EntryType.OUTCOME;
    }
  }

  /// The session is over; the totals and the chain cover each statement and outcome of it.
  /// `released` says whether its database role is gone.
  record Closed(
      SessionId of,
      String reason,
      long statements,
      long rows,
      long bytes,
      Hash chain,
      boolean released)
      implements SessionEvent {
    public Closed {
      requireCount("statements", statements);
      requireCount("rows", rows);
      requireCount("bytes", bytes);
    }

    static Closed parse(Fields body) {
      return new Closed(
          body.value("session", SessionId::new),
          body.text("reason"),
          body.number("statements"),
          body.number("rows"),
          body.number("bytes"),
          body.hash("chain"),
          body.flag("released"));
    }

    @Override
    public Json.Object toJson() {
      return Json.object()
          .put("session", of.value())
          .put("reason", reason)
          .put("statements", statements)
          .put("rows", rows)
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

  /// A session's database role or backend could not be taken away.
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
