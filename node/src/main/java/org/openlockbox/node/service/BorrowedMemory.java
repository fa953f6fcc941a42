package org.openlockbox.node.service;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory;

/// The memory of another place, whichever that place has now.
record BorrowedMemory(Supplier<LogMemory> newest) implements LogMemory {
  @Override
  public RememberedLog of(TenantId tenant, RequestId request) {
    return newest.get().of(tenant, request);
  }

  @Override
  public boolean note(TenantId tenant, Optional<LogHead> before, LogHead now) {
    return newest.get().note(tenant, before, now);
  }

  @Override
  public void noteEnd(TenantId tenant, RequestId request, Instant until) {
    newest.get().noteEnd(tenant, request, until);
  }

  @Override
  public void raise(TenantId tenant, RequestId request, String problem) {
    newest.get().raise(tenant, request, problem);
  }

  @Override
  public void delivered(StoredAlarm alarm) {
    newest.get().delivered(alarm);
  }

  @Override
  public List<StoredAlarm> alarms() {
    return newest.get().alarms();
  }
}
