package org.openlockbox.server.api;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RefusedSignatures;
import org.openlockbox.server.gateway.Sessions;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.log.Histories;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.tenant.Store;

/// What every part of the API has at hand: who sees what, how a request is shown, and calls that
/// are carried out once.
public final class Desk {
  private final Provider provider;
  private final Store store;
  private final Histories histories;
  private final InstantSource clock;
  private final Visibility sight;
  private final RequestView view;
  private final Idempotency idempotency;
  private final RefusedSignatures refused;

  public Desk(
      Provider provider, Store store, Histories histories, Sessions sessions, InstantSource clock) {
    this.provider = provider;
    this.store = store;
    this.histories = histories;
    this.clock = clock;
    this.sight = new Visibility(store);
    this.view = new RequestView(store, sessions, clock);
    this.idempotency = new Idempotency(store.jdbc(), store.transaction(), clock);
    this.refused = new RefusedSignatures(store.jdbc(), clock);
  }

  public Provider provider() {
    return provider;
  }

  public Store store() {
    return store;
  }

  public Histories histories() {
    return histories;
  }

  public Visibility sight() {
    return sight;
  }

  /// Notes of signed statements that were not taken.
  public RefusedSignatures refused() {
    return refused;
  }

  RequestView view() {
    return view;
  }

  Idempotency idempotency() {
    return idempotency;
  }

  /// Carries out once what a person sends from a page that holds this key: pressing a button twice
  /// makes one request. `sent` is the hash of all that was sent.
  public RequestId once(
      Caller caller, TenantId tenant, Secret key, Bytes sent, Supplier<RequestId> work) {
    var named = "page " + key.derived("page").base64Url();
    var reply =
        idempotency.once(
            caller.subject(),
            tenant.value(),
            named,
            sent,
            () -> Reply.ok(Json.object().put("id", work.get().value()).build()));
    return Fields.of(CanonicalJson.parse(reply.body()), "answer").value("id", RequestId::new);
  }

  /// Carries out once what a caller signed about something of the tenant's; a refusal is noted.
  Reply once(Call call, TenantId tenant, String about, Supplier<Reply> work) {
    return refused.noting(
        tenant, call.caller().subject(), about, () -> idempotency.once(call, tenant.value(), work));
  }

  /// Forgets answers that nobody will ask for again.
  public void forgetOldAnswers() {
    idempotency.forgetOld();
  }

  public Instant now() {
    return clock.instant();
  }
}
