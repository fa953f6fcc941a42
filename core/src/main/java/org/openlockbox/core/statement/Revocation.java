package org.openlockbox.core.statement;

import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;

/// What any one approver signs to end a grant at once.
public record Revocation(
    TenantId tenant,
    LogOrigin origin,
    RequestRef request,
    SubjectId approver,
    String comment,
    Nonce nonce) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.revocation.v1+json";

  private static final String WHAT = "revocation payload";

  public Revocation {
    Decision.requireComment(comment, WHAT);
  }

  /// The statement to sign: `unsigned().signedBy(key)`.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }

  public static Revocation parse(Json payload) {
    return StatementJson.reading(WHAT, () -> read(payload));
  }

  private static Revocation read(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    var revocation =
        new Revocation(
            fields.value("tenant", TenantId::new),
            fields.value("origin", LogOrigin::new),
            RequestRef.parse(fields.object("request")),
            fields.value("approver", SubjectId::new),
            Decision.comment(fields),
            fields.value("nonce", Nonce::new));
    fields.done();
    return revocation;
  }

  public Json.Object toJson() {
    var json =
        Json.object()
            .put("v", 1)
            .put("tenant", tenant.value())
            .put("origin", origin.value())
            .put("request", request.toJson())
            .put("approver", approver.value())
            .put("nonce", nonce.value());
    if (!comment.isEmpty()) {
      json.put("comment", comment);
    }
    return json.build();
  }
}
