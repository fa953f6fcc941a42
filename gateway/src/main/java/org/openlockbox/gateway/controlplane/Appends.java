package org.openlockbox.gateway.controlplane;

import java.util.List;

/// Where entries are appended to tenant logs, for a gateway whose control plane runs in its own
/// process: the same call as [ControlPlane#append], without a network in between. Everything else
/// such a gateway asks goes over HTTPS as ever, its lease too.
@FunctionalInterface
public interface Appends {
  /// Appends entries in order; durable when it returns.
  ///
  /// @throws ControlPlane.AppendRefused when an entry can never be taken
  /// @throws ControlPlane.NoReply when nobody knows whether it was
  void append(GatewayIdentity identity, List<GatewayEntry> entries);
}
