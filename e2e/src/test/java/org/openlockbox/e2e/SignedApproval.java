package org.openlockbox.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;

/// An approval made without the client program, so that it can be made wrongly: read, change, sign
/// with any key, send as anybody.
final class SignedApproval {
  private final Api api;
  private final String path;
  private final Api.Reply shown;
  private final Decision right;

  private SignedApproval(Api api, String path, Api.Reply shown, Decision right) {
    this.api = api;
    this.path = path;
    this.shown = shown;
    this.right = right;
  }

  /// The decision that the client would sign for this approver, unsigned.
  static SignedApproval prepare(Api api, String tenant, String request, String approver)
      throws IOException {
    String path = "/v1/tenants/" + tenant + "/requests/" + request;
    var shown = api.get(path);
    Bytes entry = Bytes.ofBase64(shown.json().text("entry"));
    LogEntry parsed = LogEntry.parse(entry);
    Submission submission = ((RequestEvent.Requested) parsed.body()).submission();
    var decision =
        new Decision(
            submission.tenant(),
            parsed.origin(),
            RequestRef.of(submission, parsed.seq(), entry.sha256()),
            new SubjectId(approver),
            Optional.of(
                Allowance.asAsked(submission, Instant.now().truncatedTo(ChronoUnit.MILLIS))),
            "",
            Nonce.random(new SecureRandom()));
    return new SignedApproval(api, path, shown, decision);
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

  Api.Reply send(Decision decision, Path key) throws Exception {
    return send(signed(decision, key));
  }

  static Envelope signed(Decision decision, Path key) throws Exception {
    return decision.unsigned().signedBy(KeyFile.parse(Files.readString(key)));
  }

  Api.Reply send(Envelope envelope) throws IOException {
    return api.post(
        path + ":approve", shown.etag(), Json.object().put("envelope", envelope.toJson()).build());
  }

  static Api as(Demo demo, String profile) {
    return new Api(demo, profile);
  }
}
