package org.openlockbox.portal.keys;

import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// What somebody signs who tries a decision: that they practised, and what they chose. It is of a
/// type that no log, no gateway and no verifier takes for anything, and names no request.
public record Practice(TenantId tenant, SubjectId approver, boolean approves, Nonce nonce) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.practice.v1+json";

  static Practice of(
      TenantId tenant, SubjectId approver, boolean approves, RandomGenerator random) {
    return new Practice(tenant, approver, approves, Nonce.random(random));
  }

  static Practice parse(Json payload) {
    var fields = Fields.of(payload, "practice").version(1);
    var practice =
        new Practice(
            fields.value("tenant", TenantId::new),
            fields.value("approver", SubjectId::new),
            fields.flag("approves"),
            fields.value("nonce", Nonce::new));
    fields.done();
    return practice;
  }

  public Envelope unsigned() {
    return Envelope.unsigned(
        PAYLOAD_TYPE,
        Json.object()
            .put("v", 1)
            .put("tenant", tenant.value())
            .put("approver", approver.value())
            .put("approves", approves)
            .put("nonce", nonce.value())
            .build());
  }
}
