package org.openlockbox.cli.signing;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.LimitsJson;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;

/// A request read from the bytes of its log entry, which are what a signature is bound to, after
/// every word the server told about it was found to say the same. So nobody signs terms that the
/// screen did not show.
public record ShownRequest(
    Submission submission,
    RequestRef ref,
    LogOrigin origin,
    ShownText reason,
    ShownText name,
    List<ShownText> statements) {
  public ShownRequest {
    statements = List.copyOf(statements);
  }

  /// A text as the server tells it, and whether the entry's commitment proves it to be the one that
  /// was given.
  public record ShownText(String text, boolean proven) {}

  /// Reads the entry in the server's JSON and compares; throws [Failure] if they disagree anywhere.
  public static ShownRequest check(ApiObject json, LogOrigin expected) {
    try {
      Bytes bytes = Bytes.ofBase64(json.required("entry"));
      LogEntry entry = LogEntry.parse(bytes);
      if (!(entry.body() instanceof RequestEvent.Requested requested)) {
        throw disagreement("entry", "it is no request");
      }
      same("origin", expected.value(), entry.origin().value());
      same("requestSha256", json.text("requestSha256"), bytes.sha256().hex());
      same("logIndex", json.text("logIndex"), Long.toString(entry.seq()));
      Submission submission = requested.submission();
      compare(json, submission);
      RequestRef ref = RequestRef.of(submission, entry.seq(), bytes.sha256());
      return new ShownRequest(
          submission,
          ref,
          entry.origin(),
          told("reason", json.text("reason"), json.text("reasonSalt"), requested.reason()),
          told(
              "engineer.name",
              json.object("engineer").text("name"),
              json.text("nameSalt"),
              requested.name()),
          requested.statements().map(each -> statement(json, each)).toList());
    } catch (MalformedJson | IllegalArgumentException malformed) {
      throw disagreement("entry", String.valueOf(malformed.getMessage()));
    }
  }

  private static void compare(ApiObject json, Submission submission) {
    same("id", json.text("id"), submission.id().value());
    same("tenant", json.text("tenant"), submission.tenant().value());
    same("purpose", json.text("purpose"), submission.purpose().word());
    same("ticket", json.text("ticket"), submission.ticket());
    same("assurance", json.text("assurance"), submission.assurance().word());
    same("quorum", json.text("quorum"), Integer.toString(submission.quorum()));
    same("decideBy", json.text("decideBy"), submission.decideBy().toString());
    same("extends", json.text("extends"), submission.extended().map(Object::toString).orElse(""));
    Terms terms = submission.terms();
    same("resource", json.text("resource"), terms.resource().value());
    same("level", json.text("level"), terms.level().word());
    same("duration", json.text("duration"), terms.duration().toString());
    same("notBefore", json.text("notBefore"), terms.notBefore().map(Object::toString).orElse(""));
    Limits shown = ShownLimits.of(json).limits();
    for (Limit limit : Limit.values()) {
      same(limit.word(), written(shown, limit), written(terms.limits(), limit));
    }
    compare(json.object("engineer"), submission.engineer());
  }

  private static String written(Limits limits, Limit limit) {
    return LimitsJson.written(limits, limit).map(CanonicalJson::text).orElse("");
  }

  /// The text that opens the commitment; the server cannot tell another one.
  private static ShownText statement(ApiObject json, Commitment committed) {
    return json.list("statementTexts").stream()
        .filter(shown -> ShownLimits.opens(shown, committed))
        .map(shown -> new ShownText(shown.text("text"), true))
        .findFirst()
        .orElse(new ShownText("not shown; commitment " + committed.hex(), false));
  }

  private static void compare(ApiObject json, Engineer engineer) {
    same("engineer.id", json.text("id"), engineer.id().value());
    same("engineer.country", json.text("country"), engineer.country().orElse(""));
    same("engineer.employer", json.text("employer"), engineer.employer().orElse(""));
    same(
        "engineer.kind",
        json.text("kind"),
        engineer.kind().map(Engineer.EngineerKind::word).orElse(""));
    same("engineer.keyId", json.text("keyId"), engineer.key().keyId().hex());
    Optional<String> responsible = engineer.responsible().map(SubjectId::value);
    if (json.has("responsible")) {
      same("engineer.responsible", json.text("responsible"), responsible.orElse(""));
    }
  }

  /// The entry holds only a commitment to the text. With the salt the text is proven; a text that
  /// does not fit its commitment is a lie.
  private static ShownText told(String member, String text, String salt, Commitment committed) {
    if (salt.isEmpty()) {
      return new ShownText(text, false);
    }
    Commitment opened = Commitment.to(Bytes.ofBase64(salt), Bytes.ofUtf8(text));
    if (!opened.equals(committed)) {
      throw disagreement(member, "the text is not the one that the log entry commits to");
    }
    return new ShownText(text, true);
  }

  /// Nobody approves a reason or a statement that the engineer may not have given, or another's
  /// name: without the salts that open the entry's commitments, throws [Failure]. Saying no, and
  /// ending, need no proof of them.
  public void requireProvenTexts() {
    if (!reason.proven() || !name.proven()) {
      throw new Failure(
          ExitCode.FAILURE,
          "the server does not prove that this is the %s that was given; nothing was signed"
              .formatted(reason.proven() ? "name" : "reason"),
          "do not approve; the engineer can ask again");
    }
    if (!statements.stream().allMatch(ShownText::proven)) {
      throw new Failure(
          ExitCode.FAILURE,
          "the server does not show the text of every statement that was asked for; nothing was"
              + " signed",
          "do not approve; the engineer can ask again");
    }
  }

  private static void same(String member, String told, String logged) {
    if (!Objects.equals(told, logged)) {
      throw disagreement(
          member, "the server says \"" + told + "\", the log entry \"" + logged + "\"");
    }
  }

  private static Failure disagreement(String member, String how) {
    return new Failure(
        ExitCode.FAILURE,
        "the server's words and the log entry of the request disagree about "
            + member
            + ": "
            + Terminal.clean(how)
            + "; nothing was signed",
        "do not approve; tell the provider and keep the request's id");
  }
}
