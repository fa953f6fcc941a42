package org.openlockbox.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.evidence.Decision;
import org.openlockbox.core.evidence.LogEntry;
import org.openlockbox.core.evidence.Nonce;
import org.openlockbox.core.evidence.RequestEvent;
import org.openlockbox.core.evidence.RequestRef;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Rest;

/// An approval made without the client program, so that it can be made wrongly: read, change, sign
/// with any key, send as anybody.
final class SignedApproval {
  private final Rest rest;
  private final String path;
  private final Rest.Reply shown;
  private final Decision right;

  private SignedApproval(Rest rest, String path, Rest.Reply shown, Decision right) {
    this.rest = rest;
    this.path = path;
    this.shown = shown;
    this.right = right;
  }

  /// The decision that the client would sign for this approver, unsigned.
  static SignedApproval prepare(Rest rest, String tenant, String request, String approver) {
    String path = "/v1/tenants/" + tenant + "/requests/" + request;
    var shown = rest.get(path);
    Bytes entry = Bytes.ofBase64(shown.json().text("entry"));
    LogEntry parsed = LogEntry.parse(entry);
    Submission submission = ((RequestEvent.Requested) parsed.body()).submission();
    var decision =
        new Decision(
            submission.tenant(),
            parsed.origin(),
            new RequestRef(submission.id(), parsed.seq(), entry.sha256()),
            new SubjectId(approver),
            Optional.of(
                Allowance.asAsked(submission, Instant.now().truncatedTo(ChronoUnit.MILLIS))),
            "",
            Nonce.random(new SecureRandom()));
    return new SignedApproval(rest, path, shown, decision);
  }

  Decision decision() {
    return right;
  }

  Decision with(Allowance allowance) {
    return new Decision(
        right.tenant(),
        right.origin(),
        right.request(),
        right.approver(),
        Optional.of(allowance),
        "",
        right.nonce());
  }

  Decision with(RequestRef other) {
    return new Decision(
        right.tenant(),
        right.origin(),
        other,
        right.approver(),
        right.allowance(),
        "",
        right.nonce());
  }

  Decision with(TenantId other) {
    return new Decision(
        other,
        right.origin(),
        right.request(),
        right.approver(),
        right.allowance(),
        "",
        right.nonce());
  }

  Rest.Reply send(Decision decision, Path key) throws Exception {
    return send(signed(decision, key));
  }

  static Envelope signed(Decision decision, Path key) throws Exception {
    return decision.unsigned().signedBy(KeyFile.parse(Files.readString(key)));
  }

  Rest.Reply send(Envelope envelope) {
    return rest.post(
        path + ":approve", shown.etag(), Json.object().put("envelope", envelope.toJson()).build());
  }

  static Rest as(Demo demo, String profile) {
    return new Rest(demo.port("server"), demo.token(profile));
  }
}
