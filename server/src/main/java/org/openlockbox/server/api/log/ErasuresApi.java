package org.openlockbox.server.api.log;

import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.SignedCalls;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.erasure.TextErasure;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.log.entry.Histories;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Erases texts beside a tenant's log, as the tenant's approvers signed.
@RestController
public final class ErasuresApi {
  private final Histories histories;
  private final Visibility visibility;
  private final SignedCalls calls;
  private final TextErasure erasing;

  public ErasuresApi(
      Histories histories, Visibility visibility, SignedCalls calls, TextErasure erasing) {
    this.histories = histories;
    this.visibility = visibility;
    this.calls = calls;
    this.erasing = erasing;
  }

  @PostMapping("/v1/tenants/{t}/erasures")
  ResponseEntity<byte[]> erase(ApiCall call, @PathVariable String t) {
    call.caller().need(Role.APPROVER, "erase texts");
    var tenant = visibility.log(call.caller(), t).id();
    return calls
        .once(
            call,
            tenant,
            "erasure",
            () -> {
              var body = call.fields("erasure");
              var envelope = Envelope.parse(body.object("envelope"));
              body.done();
              long index = erasing.erase(tenant, envelope);
              return ApiReply.created(
                  Json.object()
                      .put("index", index)
                      .put("proof", histories.proof(tenant, index).orElseThrow())
                      .build());
            })
        .send();
  }
}
