package org.openlockbox.server.api.tenant;

import java.util.Set;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Idempotency;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tenants that begin in the portal: an operator creates one that waits, and its administrator is
/// invited to bring its founders together. The operator can neither found it nor be one of them.
@RestController
public final class InvitationsApi {
  private static final Set<Role> FIRST = Set.of(Role.TENANT_ADMIN, Role.APPROVER);

  private final Provider provider;
  private final Idempotency idempotency;
  private final WaitingTenants waiting;
  private final Invitations invitations;

  public InvitationsApi(
      Provider provider, Idempotency idempotency, WaitingTenants waiting, Invitations invitations) {
    this.provider = provider;
    this.idempotency = idempotency;
    this.waiting = waiting;
    this.invitations = invitations;
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
              body.done();
              waiting.begin(id, name);
              var sent = invitations.inviteFirst(id, name, admin, FIRST, provider());
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

  private String provider() {
    return provider.name();
  }
}
