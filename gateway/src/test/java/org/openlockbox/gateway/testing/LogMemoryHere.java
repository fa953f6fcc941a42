package org.openlockbox.gateway.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory;

/// A memory of logs that ends with the test.
public final class LogMemoryHere implements LogMemory {
  private final Map<TenantId, LogHead> heads = new HashMap<>();
  private final Set<RequestId> ended = new HashSet<>();
  private final List<StoredAlarm> alarms = new ArrayList<>();

  @Override
  public synchronized RememberedLog of(TenantId tenant, RequestId request) {
    return new RememberedLog(
        Optional.ofNullable(heads.get(tenant)),
        ended.contains(request),
        !heads.containsKey(tenant));
  }

  @Override
  public synchronized boolean note(TenantId tenant, Optional<LogHead> before, LogHead now) {
    if (!Optional.ofNullable(heads.get(tenant)).equals(before)) {
      return false;
    }
    heads.put(tenant, now);
    return true;
  }

  @Override
  public synchronized void noteEnd(TenantId tenant, RequestId request, Instant until) {
    ended.add(request);
  }

  /// Whether the end of this request was noted.
  public synchronized boolean hasEnded(RequestId request) {
    return ended.contains(request);
  }

  @Override
  public synchronized void raise(TenantId tenant, RequestId request, String problem) {
    alarms.add(new StoredAlarm(tenant, request, problem, Instant.EPOCH));
  }

  @Override
  public synchronized void delivered(StoredAlarm alarm) {
    alarms.remove(alarm);
  }

  @Override
  public synchronized List<StoredAlarm> alarms() {
    return List.copyOf(alarms);
  }
}
