package org.openlockbox.server.policy;

import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Takes what a tenant signs for its own tickets into its log.
public final class SignedTickets {
  private final Store store;
  private final ProviderDirectory directory;

  public SignedTickets(Store store, ProviderDirectory directory) {
    this.store = store;
    this.directory = directory;
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
          directory.refuseOwn(tenant, event.claimed().by());
          if (!batch.now().isBefore(event.claimed().notAfter())) {
            throw Problem.refused("ticket", "its time is over");
          }
          var entry = batch.append(tenant, event);
          store.logs().writeSigned(batch);
          return entry;
        });
  }
}
