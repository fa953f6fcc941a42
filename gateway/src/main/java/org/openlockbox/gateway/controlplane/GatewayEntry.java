package org.openlockbox.gateway.controlplane;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.tenant.TenantId;

/// An entry that a gateway asks the control plane to append.
///
/// @param counter contiguous for this tenant within this gateway's boot
/// @param signature the gateway's, on session-open and session-close
public record GatewayEntry(
    TenantId tenant,
    EntryBody body,
    long counter,
    Optional<Bytes> signature,
    List<RecordedText> texts) {
  public GatewayEntry {
    texts = List.copyOf(texts);
  }
}
