package org.openlockbox.portal.keys;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// What somebody signs who tries a decision: that they practised, what they chose, and what it
/// would have been about. It is of a type that no log, no gateway and no verifier takes for
/// anything, and names no request.
public record Practice(
    TenantId tenant, SubjectId approver, boolean approves, PracticeTerms terms, Nonce nonce) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.practice.v1+json";

  /// What nobody asked for: access of this level to this resource, in this time.
  public record PracticeTerms(ResourceId resource, Level level, Window window) {
    static final Duration LENGTH = Duration.ofMinutes(30);
    static final Level LEVEL = Level.MASKED;
  }

  static Practice of(
      TenantId tenant,
      SubjectId approver,
      boolean approves,
      PracticeTerms terms,
      RandomGenerator random) {
    return new Practice(tenant, approver, approves, terms, Nonce.random(random));
  }

  static Practice parse(Json payload) {
    var fields = Fields.of(payload, "practice").version(1);
    var practice =
        new Practice(
            fields.value("tenant", TenantId::new),
            fields.value("approver", SubjectId::new),
            fields.flag("approves"),
            new PracticeTerms(
                fields.value("resource", ResourceId::new),
                fields.value("level", Level::parse),
                new Window(fields.instant("notBefore"), fields.instant("notAfter"))),
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
            .put("resource", terms.resource().value())
            .put("level", terms.level().word())
            .put("notBefore", terms.window().notBefore())
            .put("notAfter", terms.window().notAfter())
            .put("nonce", nonce.value())
            .build());
  }
}
