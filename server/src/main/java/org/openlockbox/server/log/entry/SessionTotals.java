package org.openlockbox.server.log.entry;

import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;

/// What the log holds of one session: its operations, and the units and bytes that reached the
/// engineer. For a session that never says so itself; read a page at a time. For one thread.
public final class SessionTotals {
  private static final int BATCHES = 100;

  private final LogReader reader;
  private final TenantId tenant;
  private final RequestId request;
  private final SessionId session;
  private long next;
  private long operations;
  private long units;
  private long bytes;

  /// @param opened the index of the entry with which the session begins
  public SessionTotals(
      LogReader reader, TenantId tenant, RequestId request, SessionId session, long opened) {
    this.reader = reader;
    this.tenant = tenant;
    this.request = request;
    this.session = session;
    this.next = opened;
  }

  /// Goes on to the end of the log.
  public void readOn() {
    var page = reader.next(tenant, request, next, BATCHES);
    while (!page.isEmpty()) {
      page.forEach(this::take);
      next = page.getLast().seq() + 1;
      page = reader.next(tenant, request, next, BATCHES);
    }
  }

  private void take(StoredEntry stored) {
    var body = stored.read().body();
    if (body instanceof SessionEvent.Operation operation && operation.of().equals(session)) {
      operations++;
    }
    if (body instanceof SessionEvent.Outcome outcome && outcome.of().equals(session)) {
      units += outcome.units();
      bytes += outcome.bytes();
    }
  }

  public long operations() {
    return operations;
  }

  public long units() {
    return units;
  }

  public long bytes() {
    return bytes;
  }
}
