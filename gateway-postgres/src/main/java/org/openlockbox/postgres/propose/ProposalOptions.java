package org.openlockbox.postgres.propose;

import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;

/// What whoever asks for a draft says beforehand: the tenant column, or whose alone the database
/// is, and how many rows of each table may be looked at (0: none).
public record ProposalOptions(Optional<String> tenantColumn, Optional<TenantId> tenant, int rows) {}
