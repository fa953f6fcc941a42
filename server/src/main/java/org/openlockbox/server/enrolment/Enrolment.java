package org.openlockbox.server.enrolment;

import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// What the page on which a passkey is made is about: its hash is the challenge, so that the answer
/// belongs to this person, this name and this one time. Nobody signs it and no log holds it.
public record Enrolment(TenantId tenant, SubjectId approver, String name, Nonce nonce) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.enrolment.v1+json";

  public static Enrolment of(
      TenantId tenant, SubjectId approver, String name, RandomGenerator random) {
    return new Enrolment(tenant, approver, name, Nonce.random(random));
  }

  public static Enrolment parse(Json payload) {
    var fields = Fields.of(payload, "enrolment").version(1);
    var enrolment =
        new Enrolment(
            fields.value("tenant", TenantId::new),
            fields.value("approver", SubjectId::new),
            fields.text("name"),
            fields.value("nonce", Nonce::new));
    fields.done();
    return enrolment;
  }

  public Envelope unsigned() {
    return Envelope.unsigned(
        PAYLOAD_TYPE,
        Json.object()
            .put("v", 1)
            .put("tenant", tenant.value())
            .put("approver", approver.value())
            .put("name", name)
            .put("nonce", nonce.value())
            .build());
  }
}
