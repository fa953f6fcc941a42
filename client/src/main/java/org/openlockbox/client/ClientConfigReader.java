package org.openlockbox.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.client.memory.FileLogMemory;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.GatewayConfig.ControlPlaneEndpoint;
import org.openlockbox.gateway.GatewayKey;
import org.openlockbox.gateway.application.ApplicationListing;
import org.openlockbox.gateway.application.ApplicationReader;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.file.CertificateFile;
import org.openlockbox.gateway.file.ControlPlaneTls;
import org.openlockbox.gateway.file.ControlPlaneTls.ShownPair;
import org.openlockbox.gateway.file.SecretFile;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.tlog.tree.Hash;

/// Reads what an application is started with: a file of its own, and the files that it names,
/// relative to it. The reference of every key is in docs/client.md.
public final class ClientConfigReader {
  private static final Duration IDLE = Duration.ofMinutes(15);

  /// Names under `localhost` never leave the machine (RFC 6761).
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Path base;
  private final InstantSource clock;

  private ClientConfigReader(Path file, InstantSource clock) {
    this.base = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
    this.clock = clock;
  }

  /// Reads the file and opens the memory that it names.
  ///
  /// @throws YamlProblem naming the line of the first mistake
  /// @throws org.openlockbox.gateway.file.UnusableFile if a key or certificate cannot be used
  /// @throws IOException if a file cannot be read, or the memory not be opened
  public static ClientConfig read(Path file, InstantSource clock) throws IOException {
    YamlMap top = YamlMap.parse(file.toString(), Files.readString(file));
    return new ClientConfigReader(file, clock).read(top);
  }

  private ClientConfig read(YamlMap top) throws IOException {
    List<ApplicationSpec> resources = resources(top);
    GatewayConfig gateway = gateway(top);
    Duration idle = top.optionalDuration("idle").orElse(IDLE);
    Path memory = base.resolve(top.text("memory"));
    top.done();
    FileLogMemory opened = FileLogMemory.open(memory, clock);
    try {
      return top.checked("pins", () -> new ClientConfig(gateway, resources, opened, idle));
    } catch (YamlProblem e) {
      opened.close();
      throw e;
    }
  }

  private List<ApplicationSpec> resources(YamlMap top) throws IOException {
    Path file = base.resolve(top.text("resources"));
    List<ApplicationSpec> all =
        ApplicationReader.readAll(file.toString(), Files.readString(file)).stream()
            .map(ApplicationListing::spec)
            .toList();
    List<String> names = top.texts("serves");
    for (String name : names) {
      if (all.stream().noneMatch(each -> each.id().value().equals(name))) {
        throw top.problem("serves", "%s lists no application '%s'".formatted(file, name));
      }
    }
    return all.stream().filter(each -> names.contains(each.id().value())).toList();
  }

  private GatewayConfig gateway(YamlMap top) throws IOException {
    YamlMap server = top.map("server");
    URI url = server.checked("url", () -> safe(URI.create(server.text("url"))));
    YamlMap gateway = top.map("gateway");
    GatewayId id = gateway.checked("id", () -> new GatewayId(gateway.text("id")));
    String text = Files.readString(base.resolve(gateway.text("key")));
    GatewayKey key = gateway.checked("key", () -> GatewayKey.parse(text));
    Path certificate = base.resolve(gateway.text("certificate"));
    SecretFile token = new SecretFile(base.resolve(gateway.text("token")));
    gateway.done();
    return new GatewayConfig(
        new GatewayCredential(id, key, CertificateFile.of(certificate, id, key.key())),
        controlPlane(server, url, token),
        pins(top.map("pins")),
        Map.of(),
        LiveSessions.SessionLimits.STANDARD);
  }

  private ControlPlaneEndpoint controlPlane(YamlMap server, URI url, SecretFile token) {
    Optional<Path> authority = server.optionalText("ca").map(base::resolve);
    Optional<ShownPair> shown = server.optionalMap("tls").map(this::shown);
    server.done();
    return new ControlPlaneEndpoint(
        url, token, ControlPlaneTls.of(authority, shown), Optional.empty());
  }

  /// https anywhere; http only on this machine, because the token travels to this address.
  private static URI safe(URI url) {
    boolean isHere =
        "http".equals(url.getScheme())
            && url.getHost() != null
            && (THIS_MACHINE.contains(url.getHost()) || url.getHost().endsWith(".localhost"));
    if (!isHere && !("https".equals(url.getScheme()) && url.getHost() != null)) {
      throw new IllegalArgumentException(
          "must be https://host or https://host:port; http would show the token to the network");
    }
    return url;
  }

  private ShownPair shown(YamlMap tls) {
    var pair = new ShownPair(base.resolve(tls.text("certificate")), base.resolve(tls.text("key")));
    tls.done();
    return pair;
  }

  private static Map<TenantId, Hash> pins(YamlMap named) {
    Map<TenantId, Hash> pins = new HashMap<>();
    for (String tenant : named.keys()) {
      Hash pin = named.checked(tenant, () -> Hash.ofHex(named.word(tenant)));
      pins.put(named.checked(tenant, () -> new TenantId(tenant)), pin);
    }
    named.done();
    return pins;
  }
}
