package org.openlockbox.gateway.condition;

import java.util.List;

/// What a gateway needs for its work now.
///
/// @param hasLease whether the control plane lets sessions go on, or did until seconds ago: who
///   logs in waits for as long, so a lease that comes back meanwhile costs nobody anything
/// @param isDraining whether it takes no new sessions, now or soon
/// @param sessions how many are open
/// @param stoppedWork work that should go on as long as the gateway runs, and has ended: only a new
///   start helps
public record GatewayCondition(
    boolean hasLease, boolean isDraining, int sessions, List<String> stoppedWork) {
  public GatewayCondition {
    stoppedWork = List.copyOf(stoppedWork);
  }

  /// Whether clients should be sent to this gateway.
  public boolean isReady() {
    return hasLease && !isDraining;
  }
}
