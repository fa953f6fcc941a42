package org.openlockbox.server.gateway;

import java.time.InstantSource;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.mail.LogNotices;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Passes on what a gateway says of a history that it refused. The gateway repeats it until this
/// has committed, and tells the customer by its own way besides, because whoever tampered with this
/// database can take the mail away again.
public final class HistoryAlarms {
  private static final int LONGEST = 500;

  private final Store store;
  private final LogNotices notices;
  private final InstantSource clock;

  public HistoryAlarms(Store store, LogNotices notices, InstantSource clock) {
    this.store = store;
    this.notices = notices;
    this.clock = clock;
  }

  public void raise(GatewayId gateway, TenantId tenant, RequestId request, String problem) {
    if (problem.isBlank() || problem.length() > LONGEST) {
      throw Problem.malformed("a problem has 1 to %d characters".formatted(LONGEST));
    }
    if (store.tenants().find(tenant).isEmpty()) {
      throw Problem.notFound();
    }
    store
        .transaction()
        .executeWithoutResult(
            _ ->
                notices.refused(
                    new LogNotices.HistoryRefusal(
                        tenant, request, gateway, problem, clock.instant())));
  }
}
