package org.openlockbox.node.service;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.GatewayKey;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.controlplane.Appends;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.http.HttpConfig;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.http.resource.HttpResource;
import org.openlockbox.http.resource.UpstreamLook;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.AlarmSettings;
import org.openlockbox.node.config.NodeConfig.GatewayPart;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.postgres.PostgresConfig;
import org.openlockbox.tlog.tree.Hash;

/// Turns the gateway section of the configuration into what the gateway is told.
public final class GatewaySettings {
  private static final long BYTES_IN_MEGABYTE = 1_000_000L;

  private final NodeConfig config;
  private final GatewayPart part;

  public GatewaySettings(NodeConfig config) {
    this.config = config;
    this.part = config.gateway().orElseThrow();
  }

  /// Reads the files that the gateway section names.
  ///
  /// @param here how entries are appended if the control plane runs in this process
  public GatewayConfig read(Optional<Appends> here) {
    return new GatewayConfig(
        credential(),
        new GatewayConfig.ControlPlaneEndpoint(
            part.server().url(),
            part.server().token(),
            ClientTls.of(part.server().ca(), part.server().clientCertificate()),
            here),
        pins(),
        alarms(),
        limits());
  }

  /// The PostgreSQL databases of the catalogue, and where their clients connect.
  public PostgresConfig postgres() {
    return new PostgresConfig(
        new InetSocketAddress(part.listen().host(), part.listen().port()),
        ServerSettings.identity(part.tls(), "gateway.tls"),
        config.catalogue(),
        this::password,
        Optional.ofNullable(System.getenv("LOCKBOX_GRAMMAR")).map(Path::of),
        part.logins());
  }

  /// The services of the catalogue that speak HTTP, and where their clients connect.
  ///
  /// @param memory that of a database of the catalogue
  Optional<HttpConfig> http(Function<ResourceId, LogMemory> memory) {
    return part.http()
        .map(
            http ->
                new HttpConfig(
                    new InetSocketAddress(http.listen().host(), http.listen().port()),
                    ServerSettings.identity(part.tls(), "gateway.tls").context(),
                    ClientTls.of(http.ca(), Optional.empty()).orElseGet(ClientTls::usual),
                    nanoTime ->
                        config.services().stream()
                            .map(each -> service(each, memory.apply(each.memory()), nanoTime))
                            .toList(),
                    part.logins(),
                    http.idle()));
  }

  private static HttpResource service(HttpListing listed, LogMemory memory, LongSupplier nanoTime) {
    return HttpResource.of(listed.spec(), memory, base -> new UpstreamLook(base, nanoTime));
  }

  private GatewayCredential credential() {
    var id = new GatewayId(part.id());
    var key = GatewayKey.parse(ServerSettings.text(part.key()));
    return new GatewayCredential(id, key, CertificateFile.of(part.certificate(), id, key.key()));
  }

  private LiveSessions.SessionLimits limits() {
    LiveSessions.SessionLimits usual = LiveSessions.SessionLimits.STANDARD;
    LiveSessions.SessionLimits held = part.sessions().hold().map(usual::withHold).orElse(usual);
    return part.sessions()
        .recordMegabytes()
        .map(megabytes -> held.withRecord(megabytes * BYTES_IN_MEGABYTE))
        .orElse(held);
  }

  /// The pins that are configured.
  Map<TenantId, Hash> pins() {
    Map<TenantId, Hash> pins = new HashMap<>();
    part.pins().forEach((tenant, pin) -> pins.put(new TenantId(tenant), Hash.ofHex(pin)));
    return pins;
  }

  /// Whom the gateway tells of a history that it refused.
  Map<TenantId, List<AlarmReceiver>> alarms() {
    return part.alarms().stream()
        .collect(
            Collectors.groupingBy(
                alarm -> new TenantId(alarm.tenant()),
                Collectors.mapping(AlarmSettings::receiver, Collectors.toList())));
  }

  /// The same, with every secret read once: fails where one cannot be had.
  PostgresConfig checkedPostgres() {
    config.catalogue().resources().forEach(resource -> password(resource.id()));
    return postgres();
  }

  private String password(ResourceId resource) {
    return Optional.ofNullable(part.passwords().get(resource.value()))
        .orElseThrow(
            () -> new NodeFailure(Code.FAILURE, "no password for " + resource + " is configured"))
        .get();
  }
}
