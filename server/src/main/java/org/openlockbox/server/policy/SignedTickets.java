package org.openlockbox.server.policy;

import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Takes what a tenant signs for its own tickets into its log.
public final class SignedTickets {
  private final Store store;

  public SignedTickets(Store store) {
    this.store = store;
  }

  public StoredEntry take(TenantId tenant, TicketEvent event) {
    return store.within(
        () -> {
          var batch = store.logs().lock(tenant);
          event
              .fault(store.tenants().keyring(tenant))
              .ifPresent(
                  why -> {
                    throw Problem.refused("ticket", why);
                  });
          if (!batch.now().isBefore(event.claimed().notAfter())) {
            throw Problem.refused("ticket", "its time is over");
          }
          var entry = batch.append(tenant, event);
          store.logs().writeSigned(batch);
          return entry;
        });
  }
}
