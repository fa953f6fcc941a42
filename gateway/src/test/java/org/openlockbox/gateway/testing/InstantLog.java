package org.openlockbox.gateway.testing;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.gateway.controlplane.GatewayEntry;

/// Takes every entry at once, counts the statements among them and keeps nothing.
public final class InstantLog extends LogAlone {
  private final AtomicLong statements = new AtomicLong();

  public long statements() {
    return statements.get();
  }

  @Override
  public void append(List<GatewayEntry> entries) {
    statements.addAndGet(
        entries.stream().filter(entry -> entry.body() instanceof SessionEvent.Statement).count());
  }
}
