package org.openlockbox.gateway.testing;

import java.util.HashSet;
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
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.HistoryAnswer;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.controlplane.WatchedLog;

/// One control plane made of two tenants' own; what is switched off at the first is off for both.
public record TwoTenants(FakeControlPlane first, FakeControlPlane second) implements ControlPlane {
  private FakeControlPlane of(TenantId tenant) {
    return second.isOf(tenant) ? second : first;
  }

  @Override
  public LeaseAnswer lease(List<WatchedLog> watched) {
    LeaseAnswer one = first.lease(watched);
    LeaseAnswer other = second.lease(watched);
    var ended = new HashSet<>(one.ended());
    ended.addAll(other.ended());
    var stopped = new HashSet<>(one.stopped());
    stopped.addAll(other.stopped());
    return new LeaseAnswer(one.lasts(), ended, stopped);
  }

  @Override
  public Optional<ConnectOffer> connect(String user) {
    return first.connect(user).or(() -> second.connect(user));
  }

  @Override
  public List<ConnectOffer> connects(TenantId tenant, ResourceId resource) {
    return of(tenant).connects(tenant, resource);
  }

  @Override
  public HistoryAnswer history(TenantId tenant, RequestId request, OptionalLong seen) {
    return of(tenant).history(tenant, request, seen);
  }

  @Override
  public WitnessView witnessed(TenantId tenant, long size, long epochs) {
    return of(tenant).witnessed(tenant, size, epochs);
  }

  @Override
  public void alarm(TenantId tenant, RequestId request, String problem) {
    of(tenant).alarm(tenant, request, problem);
  }

  @Override
  public Amount claim(TenantId tenant, RequestId request, Amount amount) {
    return of(tenant).claim(tenant, request, amount);
  }

  @Override
  public void append(List<GatewayEntry> entries) {
    for (FakeControlPlane plane : List.of(first, second)) {
      var its = entries.stream().filter(entry -> of(entry.tenant()) == plane).toList();
      if (!its.isEmpty()) {
        plane.append(its);
      }
    }
  }
}
