package org.openlockbox.portal.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.statement.Revocation;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.LimitWords;

/// A member of a signed payload, in words: read from its bytes and from nothing else. `exact` is a
/// value that is compared by the letter.
public record StatementField(String label, String value, boolean exact) {
  /// All members of the payload, in its reader's order.
  static List<StatementField> of(PageContext frame, Envelope envelope) {
    return switch (envelope.payloadType()) {
      case Decision.PAYLOAD_TYPE -> decision(frame, Decision.parse(envelope.payloadJson()));
      case Revocation.PAYLOAD_TYPE -> revocation(frame, Revocation.parse(envelope.payloadJson()));
      default -> List.of();
    };
  }

  private static List<StatementField> decision(PageContext frame, Decision decision) {
    var fields = new ArrayList<StatementField>();
    fields.add(
        said(frame, "decision", frame.say(decision.approves() ? "sign.approve" : "sign.deny")));
    decision.allowance().ifPresent(allowed -> fields.addAll(allowance(frame, allowed)));
    fields.addAll(signer(frame, decision.approver(), decision.comment()));
    fields.addAll(about(frame, decision.request()));
    fields.add(exact(frame, "tenant", decision.tenant().value()));
    fields.add(exact(frame, "log", decision.origin().value()));
    fields.add(exact(frame, "nonce", decision.nonce().value()));
    return fields;
  }

  private static List<StatementField> revocation(PageContext frame, Revocation revocation) {
    var fields = new ArrayList<StatementField>();
    fields.add(said(frame, "decision", frame.say("sign.revoke")));
    fields.addAll(signer(frame, revocation.approver(), revocation.comment()));
    fields.addAll(about(frame, revocation.request()));
    fields.add(exact(frame, "tenant", revocation.tenant().value()));
    fields.add(exact(frame, "log", revocation.origin().value()));
    fields.add(exact(frame, "nonce", revocation.nonce().value()));
    return fields;
  }

  private static List<StatementField> allowance(PageContext frame, Allowance allowed) {
    var limits = new LimitWords(frame, allowed.limits()).all();
    return List.of(
        said(frame, "level", frame.say("level." + allowed.level().word())),
        said(frame, "duration", frame.words().duration(allowed.duration())),
        said(frame, "from", frame.time(allowed.window().notBefore())),
        said(frame, "until", frame.time(allowed.window().notAfter())),
        said(
            frame,
            "limits",
            limits.isEmpty() ? frame.say("diff.limits.none") : String.join(", ", limits)));
  }

  private static List<StatementField> signer(PageContext frame, SubjectId approver, String said) {
    var comment =
        Stream.of(said)
            .filter(text -> !text.isEmpty())
            .map(text -> said(frame, "comment", SignableStatement.said(frame, text)));
    return Stream.concat(Stream.of(said(frame, "approver", frame.name(approver))), comment)
        .toList();
  }

  private static List<StatementField> about(PageContext frame, RequestRef request) {
    return List.of(
        exact(frame, "request", request.id().value()),
        exact(frame, "index", Long.toString(request.index())),
        exact(frame, "sha256", request.sha256().hex()),
        said(frame, "assurance", frame.say("assurance." + request.assurance().word())));
  }

  private static StatementField said(PageContext frame, String label, String value) {
    return new StatementField(frame.say("proof.field." + label), value, false);
  }

  private static StatementField exact(PageContext frame, String label, String value) {
    return new StatementField(frame.say("proof.field." + label), value, true);
  }
}
