package org.openlockbox.gateway;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.controlplane.Appends;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.session.Sessions;
import org.openlockbox.net.TlsIdentity;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.tlog.Hash;

/// Everything a gateway needs to know; files have been read by whoever makes one.
///
/// @param credential the gateway's name, its key and its certificate
/// @param listen where clients connect; port 0 lets the system choose
/// @param identity certificate and key for clients; there is no way to switch TLS off
/// @param controlPlane where the gateway door is
/// @param pins the tenants' pins; a tenant without one is trusted on first use
/// @param alarms where the gateway itself tells a tenant that it refused a history
/// @param databasePassword the password of the gateway's role for each resource
/// @param logins what those may hold open who have not logged in
/// @param grammar the program that reads statements; without it no guarded session opens
public record GatewayConfig(
    GatewayCredential credential,
    InetSocketAddress listen,
    TlsIdentity identity,
    Door controlPlane,
    Catalogue catalogue,
    Map<TenantId, Hash> pins,
    Map<TenantId, List<AlarmReceiver>> alarms,
    Function<ResourceId, String> databasePassword,
    Optional<Path> grammar,
    Sessions.Limits limits,
    LoginLimits logins) {
  public GatewayConfig {
    pins = Map.copyOf(pins);
    alarms = Map.copyOf(alarms);
  }

  /// The gateway's name.
  public GatewayId id() {
    return credential.id();
  }

  /// The way to the control plane: its address, the gateway's token, and TLS with an own authority
  /// or client certificate where that is configured.
  ///
  /// @param here how entries are appended if the control plane runs in this very process
  public record Door(
      URI server, Supplier<String> token, Optional<SSLContext> tls, Optional<Appends> here) {}
}
