package org.openlockbox.server.api;

import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.server.erasure.Erasing;
import org.openlockbox.server.identity.Role;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Erases texts beside a tenant's log, as the tenant's approvers signed.
@RestController
public final class ErasuresApi {
  private final Desk desk;
  private final Erasing erasing;

  public ErasuresApi(Desk desk, Erasing erasing) {
    this.desk = desk;
    this.erasing = erasing;
  }

  @PostMapping("/v1/tenants/{t}/erasures")
  ResponseEntity<byte[]> erase(Call call, @PathVariable String t) {
    call.caller().need(Role.APPROVER, "erase texts");
    var tenant = desk.sight().log(call.caller(), t).id();
    return desk.once(
            call,
            tenant,
            "erasure",
            () -> {
              var body = call.fields("erasure");
              var envelope = Envelope.parse(body.object("envelope"));
              body.done();
              long index = erasing.erase(tenant, envelope);
              return Reply.created(
                  Json.object()
                      .put("index", index)
                      .put("proof", desk.histories().proof(tenant, index).orElseThrow())
                      .build());
            })
        .send();
  }
}
