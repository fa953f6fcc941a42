package org.openlockbox.core.statement;

import java.time.Instant;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;

/// What the tenant signs for a ticket that is its own: until `notAfter`, its policy may let a
/// request that names this ticket through without asking. Signed with an approver's key, or with a
/// ticket key of the policy.
public record Ticket(
    TenantId tenant, LogOrigin origin, String ticket, SubjectId by, Instant notAfter) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.ticket.v1+json";

  private static final String WHAT = "ticket payload";

  public Ticket {
    if (!Submission.isTicket(ticket)) {
      throw new IllegalArgumentException("not a ticket: \"" + ticket + "\"");
    }
  }

  /// The statement to sign: `unsigned().signedBy(key)`.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }

  public static Ticket parse(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    return fields.whole(
        () ->
            new Ticket(
                fields.value("tenant", TenantId::new),
                fields.value("origin", LogOrigin::new),
                fields.text("ticket"),
                fields.value("by", SubjectId::new),
                fields.instant("notAfter")));
  }

  public Json.Object toJson() {
    return Json.object()
        .put("v", 1)
        .put("tenant", tenant.value())
        .put("origin", origin.value())
        .put("ticket", ticket)
        .put("by", by.value())
        .put("notAfter", notAfter)
        .build();
  }
}
