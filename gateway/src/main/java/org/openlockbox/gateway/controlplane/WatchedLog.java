package org.openlockbox.gateway.controlplane;

import org.openlockbox.core.tenant.TenantId;

/// A tenant with live sessions here, and the size of its log that this gateway has seen proven.
public record WatchedLog(TenantId tenant, long size) {}
