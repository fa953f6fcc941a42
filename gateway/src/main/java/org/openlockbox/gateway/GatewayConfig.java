package org.openlockbox.gateway;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.controlplane.Appends;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.tlog.tree.Hash;

/// What a gateway needs to know, whatever protocols it has; files have been read by whoever makes
/// one.
///
/// @param credential the gateway's name, its key and its certificate
/// @param controlPlane where the gateway door is
/// @param pins the tenants' pins; a tenant without one is trusted on first use
/// @param alarms where the gateway itself tells a tenant that it refused a history
public record GatewayConfig(
    GatewayCredential credential,
    ControlPlaneEndpoint controlPlane,
    Map<TenantId, Hash> pins,
    Map<TenantId, List<AlarmReceiver>> alarms,
    LiveSessions.SessionLimits limits) {
  public GatewayConfig {
    pins = Map.copyOf(pins);
    alarms = Map.copyOf(alarms);
  }

  /// The gateway's name.
  GatewayId id() {
    return credential.id();
  }

  /// The way to the control plane: its address, the gateway's token, and TLS with an own authority
  /// or client certificate where that is configured.
  ///
  /// @param here how entries are appended if the control plane runs in this very process
  /// @param region where the gateway runs, as the control plane shows it
  public record ControlPlaneEndpoint(
      URI server,
      Supplier<String> token,
      Optional<SSLContext> tls,
      Optional<Appends> here,
      Optional<Region> region) {
    /// That of a gateway of which nobody has said where it runs.
    public ControlPlaneEndpoint(
        URI server, Supplier<String> token, Optional<SSLContext> tls, Optional<Appends> here) {
      this(server, token, tls, here, Optional.empty());
    }
  }
}
