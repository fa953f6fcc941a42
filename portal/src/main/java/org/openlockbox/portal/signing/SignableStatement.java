package org.openlockbox.portal.signing;

import java.util.List;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Revocation;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.EngineerCard;
import org.openlockbox.portal.wording.LoggedRequest;
import org.openlockbox.portal.wording.PlainText;
import org.openlockbox.portal.wording.SentencePart;
import org.openlockbox.portal.wording.Sentences;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.Denial;

/// What an approver can sign about a request, as the signing page shows it; read from the payload
/// and from nothing else. `verb` is `approve`, `deny` or `revoke`.
public record SignableStatement(
    String verb,
    List<SentencePart> sentence,
    EngineerCard who,
    String ticket,
    Assurance assurance,
    List<String> differences,
    String comment) {
  public SignableStatement {
    sentence = List.copyOf(sentence);
    differences = List.copyOf(differences);
  }

  static SignableStatement read(
      PageContext frame, LoggedRequest asked, String resource, Envelope unsigned) {
    var sentences = new Sentences(frame, asked.told(), resource);
    var who = EngineerCard.of(frame, asked.told());
    return switch (unsigned.payloadType()) {
      case Decision.PAYLOAD_TYPE ->
          decision(frame, asked, sentences, who, Decision.parse(unsigned.payloadJson()));
      case Revocation.PAYLOAD_TYPE ->
          revocation(asked, sentences, who, Revocation.parse(unsigned.payloadJson()));
      default -> throw unknown();
    };
  }

  private static SignableStatement revocation(
      LoggedRequest asked, Sentences sentences, EngineerCard who, Revocation revocation) {
    return new SignableStatement(
        "revoke",
        sentences.revocation(),
        who,
        asked.submission().ticket(),
        revocation.request().assurance(),
        List.of(),
        revocation.comment());
  }

  private static SignableStatement decision(
      PageContext frame,
      LoggedRequest asked,
      Sentences sentences,
      EngineerCard who,
      Decision decision) {
    return new SignableStatement(
        decision.approves() ? "approve" : "deny",
        sentences.decision(decision),
        who,
        asked.submission().ticket(),
        decision.request().assurance(),
        decision
            .allowance()
            .map(allowed -> Differences.of(frame, asked.submission(), allowed))
            .orElse(List.of()),
        said(frame, decision.comment()));
  }

  /// The reason of a denial in the reader's language, and what was added to it.
  public static String said(PageContext frame, String comment) {
    var denial = Denial.parse(comment);
    var text = PlainText.of(denial.text()).text();
    return denial
        .code()
        .map(why -> frame.say("deny.reason." + why.word()))
        .map(why -> text.isEmpty() ? why : why + ": " + text)
        .orElse(text);
  }

  /// The step that the signed statement asks for.
  static RequestEvent event(Envelope signed) {
    return switch (signed.payloadType()) {
      case Decision.PAYLOAD_TYPE -> RequestEvent.Decided.of(signed);
      case Revocation.PAYLOAD_TYPE -> RequestEvent.Revoked.of(signed);
      default -> throw unknown();
    };
  }

  private static Problem unknown() {
    return Problem.malformed("a statement of a kind that is not signed here");
  }
}
