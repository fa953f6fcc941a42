package org.openlockbox.server.api.tenant;

import java.util.Optional;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Idempotency;
import org.openlockbox.server.identity.Invitations.EarlierPeople;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.proposal.FoundingInvitations;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tenants that begin in the portal.
@RestController
public final class InvitationsApi {
  private final Idempotency idempotency;
  private final FoundingInvitations founding;

  public InvitationsApi(Idempotency idempotency, FoundingInvitations founding) {
    this.idempotency = idempotency;
    this.founding = founding;
  }

  @PostMapping("/v1/tenants:invite")
  ResponseEntity<byte[]> invite(ApiCall call) {
    call.caller().need(Role.OPERATOR, "create tenants");
    return idempotency
        .once(
            call,
            "",
            () -> {
              var body = call.fields("tenant to invite");
              var id = body.value("tenant", TenantId::new);
              var name = body.text("name");
              var admin = body.value("admin", MailAddress::new);
              var earlier = body.trueIfThere("replace") ? EarlierPeople.LEAVE : EarlierPeople.STAY;
              body.done();
              var sent = founding.invite(id, name, admin, earlier, Optional.empty());
              return ApiReply.created(
                  Json.object()
                      .put("tenant", id.value())
                      .put("name", name)
                      .put("admin", admin.value())
                      .put("expiresAt", sent.expiresAt())
                      .build());
            })
        .send();
  }
}
