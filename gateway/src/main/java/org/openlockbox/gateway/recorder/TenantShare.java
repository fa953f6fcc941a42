package org.openlockbox.gateway.recorder;

import java.util.List;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.GatewayEntry;

/// Entries of one tenant on their way into its log, in order.
///
/// @param sent what the first of them were sent as, so it must not change; the others are not sent
record TenantShare(TenantId tenant, List<PendingEntry> entries, List<GatewayEntry> sent) {
  TenantShare {
    entries = List.copyOf(entries);
    sent = List.copyOf(sent);
  }

  /// Those that were sent.
  List<PendingEntry> sentEntries() {
    return entries.subList(0, sent.size());
  }

  /// The same entries, where it is known what has become of those that were sent.
  TenantShare withNoneSent() {
    return new TenantShare(tenant, entries, List.of());
  }
}
