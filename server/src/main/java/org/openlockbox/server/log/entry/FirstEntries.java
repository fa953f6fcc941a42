package org.openlockbox.server.log.entry;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The first entries about a request; `whole` if there are no others.
public record FirstEntries(List<StoredEntry> entries, boolean whole) {
  public FirstEntries {
    entries = List.copyOf(entries);
  }

  /// The entries about each of these requests that lie in the first so many batches with any of it,
  /// in as many round trips for many requests as for one.
  public static Map<RequestId, FirstEntries> of(
      JdbcClient jdbc, TenantId tenant, Collection<RequestId> requests, int batches) {
    return new RequestEntries(jdbc, tenant).first(requests, batches);
  }
}
