package org.openlockbox.server.policy;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.statement.Ticket;
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

  /// A ticket that the tenant signed for: when, and which entry of its log says so.
  public record SignedTicket(Ticket ticket, Instant at, long entry) {}

  /// Those whose time is not over, the newest first, among the last so many.
  public List<SignedTicket> inForce(TenantId tenant, Instant now, int last) {
    return store.reader().newestTickets(tenant, last).stream()
        .flatMap(SignedTickets::signed)
        .filter(one -> now.isBefore(one.ticket().notAfter()))
        .toList();
  }

  private static Stream<SignedTicket> signed(StoredEntry stored) {
    var entry = stored.read();
    return entry.body() instanceof TicketEvent event
        ? Stream.of(new SignedTicket(event.claimed(), entry.time(), stored.seq()))
        : Stream.of();
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
