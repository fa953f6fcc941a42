package org.openlockbox.gateway.testing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.epoch.WitnessView;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.HistoryAnswer;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.controlplane.WatchedLog;

/// A control plane of which nothing is there but the log.
public abstract class LogAlone implements ControlPlane {
  @Override
  public LeaseAnswer lease(List<WatchedLog> watched) {
    throw new NoReply("not here");
  }

  @Override
  public Optional<ConnectOffer> connect(String user) {
    return Optional.empty();
  }

  @Override
  public List<ConnectOffer> connects(TenantId tenant, ResourceId resource) {
    return List.of();
  }

  @Override
  public HistoryAnswer history(TenantId tenant, RequestId request, OptionalLong seen) {
    throw new NoReply("not here");
  }

  @Override
  public WitnessView witnessed(TenantId tenant, long size, long epochs) {
    throw new NoReply("not here");
  }

  @Override
  public void alarm(TenantId tenant, RequestId request, String problem) {
    throw new NoReply("not here");
  }

  @Override
  public Amount claim(TenantId tenant, RequestId request, Amount amount) {
    throw new NoReply("no rows here");
  }
}
