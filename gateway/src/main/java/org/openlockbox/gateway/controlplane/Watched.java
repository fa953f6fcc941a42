package org.openlockbox.gateway.controlplane;

import org.openlockbox.core.tenant.TenantId;

/// A tenant with live sessions here, and the size of its log that this gateway has seen proven.
public record Watched(TenantId tenant, long size) {}
