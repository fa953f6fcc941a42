package org.openlockbox.gateway.testing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.controlplane.GatewayEntry;

/// Takes every entry at once, counts the statements among them and keeps nothing but the newest
/// outcome.
public final class InstantLog extends LogAlone {
  private final AtomicLong statements = new AtomicLong();
  private volatile Optional<SessionEvent.Outcome> outcome = Optional.empty();

  public long statements() {
    return statements.get();
  }

  public Optional<SessionEvent.Outcome> outcome() {
    return outcome;
  }

  @Override
  public void append(List<GatewayEntry> entries) {
    statements.addAndGet(
        entries.stream().filter(entry -> entry.body() instanceof SessionEvent.Operation).count());
    entries.stream()
        .map(GatewayEntry::body)
        .filter(SessionEvent.Outcome.class::isInstance)
        .map(SessionEvent.Outcome.class::cast)
        .forEach(each -> outcome = Optional.of(each));
  }
}
