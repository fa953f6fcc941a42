package org.openlockbox.gateway.recorder;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.tenant.TenantId;

/// Signs an entry of this gateway with its counter, so that nobody else can make one up.
@FunctionalInterface
public interface EntrySigner {
  Bytes sign(TenantId tenant, EntryBody body, long counter);
}
