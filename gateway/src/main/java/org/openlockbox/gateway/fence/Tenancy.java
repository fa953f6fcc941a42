package org.openlockbox.gateway.fence;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.tenant.TenantId;

/// Which column holds the tenant, and which value of it stands for which tenant. A tenant without a
/// value here cannot be reached at all.
public record Tenancy(String column, SortedMap<String, String> values) {
  public Tenancy {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  Tenancy(String column, Map<String, String> values) {
    this(column, (SortedMap<String, String>) new TreeMap<>(values));
  }

  /// The tenant's value in the database.
  public Optional<String> valueOf(TenantId tenant) {
    return Optional.ofNullable(values.get(tenant.value()));
  }
}
