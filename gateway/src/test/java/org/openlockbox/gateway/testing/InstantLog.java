package org.openlockbox.gateway.testing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.openlockbox.core.access.Amount;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.epoch.WitnessView;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.HistoryAnswer;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.controlplane.Watched;

/// Takes every entry at once, counts the statements among them and keeps nothing.
public final class InstantLog implements ControlPlane {
  private final AtomicLong statements = new AtomicLong();

  public long statements() {
    return statements.get();
  }

  @Override
  public void append(List<GatewayEntry> entries) {
    statements.addAndGet(
        entries.stream().filter(entry -> entry.body() instanceof SessionEvent.Statement).count());
  }

  @Override
  public LeaseAnswer lease(List<Watched> watched) {
    throw new Unreachable("not here");
  }

  @Override
  public Optional<ConnectOffer> connect(String user) {
    return Optional.empty();
  }

  @Override
  public HistoryAnswer history(TenantId tenant, RequestId request, OptionalLong seen) {
    throw new Unreachable("not here");
  }

  @Override
  public WitnessView witnessed(TenantId tenant, long size, long epochs) {
    throw new Unreachable("not here");
  }

  @Override
  public Amount claim(TenantId tenant, RequestId request, Amount amount) {
    throw new Unreachable("not here");
  }
}
