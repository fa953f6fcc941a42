package org.openlockbox.client;

import java.time.Duration;
import java.util.List;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.gateway.resource.LogMemory;

/// What an application needs to know to be its own gateway.
///
/// @param gateway its name, key and certificate as a gateway, the control plane, and the pin of
///   each tenant
/// @param resources what of it the catalogue lists
/// @param memory what it remembers of tenants' logs beyond a restart; closed with the client, if it
///   can be closed
/// @param idle how long a session goes on without an action
public record ClientConfig(
    GatewayConfig gateway, List<ApplicationSpec> resources, LogMemory memory, Duration idle) {
  /// @throws IllegalArgumentException if a tenant has no pin: an application trusts nobody's first
  ///   word
  public ClientConfig {
    resources = List.copyOf(resources);
    if (resources.isEmpty()) {
      throw new IllegalArgumentException("resources: there is none");
    }
    for (ApplicationSpec each : resources) {
      for (TenantId tenant : each.tenants().keySet()) {
        if (!gateway.pins().containsKey(tenant)) {
          throw new IllegalArgumentException(
              "pins: %s of %s has none; `lockbox tenant show %s --pin` prints it to an auditor"
                  .formatted(tenant, each.id(), tenant));
        }
      }
    }
  }
}
