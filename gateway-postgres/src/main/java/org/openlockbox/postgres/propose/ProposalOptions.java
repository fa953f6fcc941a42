package org.openlockbox.postgres.propose;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;

/// What whoever asks for a draft says beforehand: the tenant column, or whose alone the database
/// is, and how many rows of each table may be looked at (0: none).
///
/// @param links what no foreign key declares, each as `TABLE.COLUMN,…=TABLE.KEY`
public record ProposalOptions(
    Optional<String> tenantColumn, Optional<TenantId> tenant, int rows, List<String> links) {
  public ProposalOptions {
    links = List.copyOf(links);
  }

  public ProposalOptions(Optional<String> tenantColumn, Optional<TenantId> tenant, int rows) {
    this(tenantColumn, tenant, rows, List.of());
  }
}
