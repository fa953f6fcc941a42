package org.openlockbox.node.service;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.openlockbox.check.CheckConfig;
import org.openlockbox.check.caller.CallerTls;
import org.openlockbox.check.caller.CheckCallers;
import org.openlockbox.check.resource.CheckPlace;
import org.openlockbox.check.resource.CheckResource;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.GatewayKey;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.controlplane.Appends;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.file.CertificateFile;
import org.openlockbox.gateway.file.UnusableFile;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.http.HttpConfig;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.resource.CanaryCalls;
import org.openlockbox.http.resource.HttpResource;
import org.openlockbox.http.resource.UpstreamLook;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.AlarmSettings;
import org.openlockbox.node.config.NodeConfig.GatewayPart;
import org.openlockbox.node.config.NodeConfig.HttpPart;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.postgres.PostgresConfig;
import org.openlockbox.postgres.catalogue.ResourceSpec;
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
            here,
            part.region()),
        pins(),
        alarms(),
        limits());
  }

  /// The PostgreSQL databases of the catalogue, and where their clients connect. Each password is
  /// read once: fails where one cannot be had.
  public PostgresConfig postgres() {
    Map<ResourceId, String> passwords =
        config.catalogue().resources().stream()
            .collect(Collectors.toMap(ResourceSpec::id, spec -> password(spec.id())));
    return new PostgresConfig(
        new InetSocketAddress(part.listen().host(), part.listen().port()),
        ServerSettings.identity(part.tls(), "gateway.tls"),
        config.catalogue(),
        id -> Optional.ofNullable(passwords.get(id)).orElseGet(() -> password(id)),
        Optional.ofNullable(System.getenv("LOCKBOX_GRAMMAR")).map(Path::of),
        part.logins());
  }

  /// The services of the catalogue that speak HTTP, and where their clients connect.
  ///
  /// @param memory that of a database of the catalogue
  /// @param clock the time of day
  Optional<HttpConfig> http(Function<ResourceId, LogMemory> memory, InstantSource clock) {
    return part.http()
        .map(
            http ->
                new HttpConfig(
                    new InetSocketAddress(http.listen().host(), http.listen().port()),
                    ServerSettings.identity(part.tls(), "gateway.tls").context(),
                    trust(http),
                    nanoTime ->
                        config.services().stream()
                            .map(
                                each -> service(each, memory.apply(each.memory()), nanoTime, clock))
                            .toList(),
                    assertionKeys(http.assertionKeys()),
                    part.logins(),
                    http.idle(),
                    http.sessionHosts()));
  }

  /// The resources of the catalogue that ask by themselves, and where they ask.
  ///
  /// @param memory that of a database of the catalogue
  Optional<CheckConfig> checks(Function<ResourceId, LogMemory> memory) {
    return part.check()
        .map(
            check ->
                new CheckConfig(
                    new InetSocketAddress(check.listen().host(), check.listen().port()),
                    check.url(),
                    CallerTls.context(
                        List.of(ServerSettings.identity(part.tls(), "gateway.tls").keyManagers())),
                    new CheckCallers(check.callers()),
                    config.checks().stream()
                        .map(each -> new CheckPlace(each.spec(), memory.apply(each.memory())))
                        .map(CheckResource::new)
                        .toList(),
                    check.idle()));
  }

  /// Fails where a key of assertions cannot be used.
  void requireAssertionKeys() {
    part.http().ifPresent(http -> assertionKeys(http.assertionKeys()));
  }

  /// Reads the keys of assertions.
  ///
  /// @throws NodeFailure naming the file that holds none
  public static AssertionKeys assertionKeys(List<Path> files) {
    List<SoftwareKey> keys = new ArrayList<>();
    for (Path file : files) {
      try {
        keys.add(KeyFile.parse(ServerSettings.text(file)));
      } catch (IllegalArgumentException e) {
        throw new NodeFailure(Code.USAGE, "%s: %s".formatted(file, e.getMessage()), e);
      }
    }
    try {
      return AssertionKeys.of(keys);
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, "gateway.http.assertionKeys: " + e.getMessage(), e);
    }
  }

  private HttpResource service(
      HttpListing listed, LogMemory memory, LongSupplier nanoTime, InstantSource clock) {
    Optional<CanaryCalls> canaries = canaries(listed.spec(), clock);
    return HttpResource.of(
        listed.spec(), memory, base -> new UpstreamLook(base, canaries, nanoTime));
  }

  /// How it is seen that a service refuses what comes without a good assertion; empty if it takes
  /// none.
  public Optional<CanaryCalls> canaries(HttpSpec spec, InstantSource clock) {
    HttpPart http = part.http().orElseThrow();
    AssertionKeys keys = assertionKeys(http.assertionKeys());
    return spec.assertion()
        .map(_ -> new CanaryCalls(spec, new GatewayId(part.id()), () -> keys, trust(http), clock));
  }

  private static SSLContext trust(HttpPart http) {
    return ClientTls.of(http.ca(), Optional.empty()).orElseGet(ClientTls::usual);
  }

  private GatewayCredential credential() {
    var id = new GatewayId(part.id());
    var key = GatewayKey.parse(ServerSettings.text(part.key()));
    try {
      return new GatewayCredential(id, key, CertificateFile.of(part.certificate(), id, key.key()));
    } catch (UnusableFile e) {
      throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
    }
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

  private String password(ResourceId resource) {
    return Optional.ofNullable(part.passwords().get(resource.value()))
        .orElseThrow(
            () -> new NodeFailure(Code.FAILURE, "no password for " + resource + " is configured"))
        .get();
  }
}
