package org.openlockbox.server.log.entry;

import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.tenant.TenantId;

/// The contiguous counters of one boot of a gateway in one tenant's log.
public record CounterLine(TenantId tenant, GatewayId gateway, String boot) {
  public static CounterLine of(TenantId tenant, GatewayStamp stamp) {
    return new CounterLine(tenant, stamp.id(), stamp.boot());
  }
}
