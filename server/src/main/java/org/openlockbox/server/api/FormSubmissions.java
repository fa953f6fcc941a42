package org.openlockbox.server.api;

import java.util.function.Supplier;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.Secret;

/// Forms that make a request, carried out once: pressing a button twice makes one request.
public final class FormSubmissions {
  private final Idempotency idempotency;

  public FormSubmissions(Idempotency idempotency) {
    this.idempotency = idempotency;
  }

  /// Makes the request, or finds the one that this form has made.
  ///
  /// @param key what the form holds, another one each time it is shown
  /// @param sent the hash of all that was sent
  public RequestId once(
      Caller caller, TenantId tenant, Secret key, Bytes sent, Supplier<RequestId> work) {
    var named = "page " + key.derived("page").base64Url();
    var reply =
        idempotency.once(
            caller.subject(),
            tenant.value(),
            named,
            sent,
            () -> ApiReply.ok(Json.object().put("id", work.get().value()).build()));
    return Fields.of(CanonicalJson.parse(reply.body()), "answer").value("id", RequestId::new);
  }
}
