package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.service.GatewayProtocols;
import org.openlockbox.node.service.GatewaySettings;
import org.openlockbox.postgres.PostgresConfig;
import org.openlockbox.postgres.PostgresProtocol;

/// A second gateway of the demo, in this program. Most **record nothing**: what they would append
/// they throw away, at once or after a pause. Such a one shows what relaying costs without
/// recording, holds the idle sessions whose memory is counted, and can be cut off from the server.
/// Only a benchmark can make it; no setting of the product does.
public final class OwnGateway implements AutoCloseable {
  private static final String ID = "gw-bench";

  private final LockboxGateway gateway;
  private final NetworkProxy line;
  private final SoftwareKey authority;

  public OwnGateway(Path state) {
    this(state, Duration.ZERO);
  }

  /// Each batch of entries takes this long to be thrown away.
  public OwnGateway(Path state, Duration pause) {
    this(state, state.resolve("lockbox.yaml"), ID, Optional.of(pause), OwnGateway::databases);
  }

  private interface ServedProtocols {
    List<GatewayProtocol.Factory> of(GatewaySettings settings, GatewayConfig config);
  }

  private OwnGateway(
      Path state, Path file, String id, Optional<Duration> pause, ServedProtocols protocols) {
    String token =
        new Command(Map.of(), "./lockbox", "token", "new", "--config", file.toString())
            .with("--role", "gateway", "--subject", id, "--name", "benchmark")
            .lastLine();
    try {
      authority = KeyFile.parse(Files.readString(state.resolve("keys/authority.key")));
      var settings = new GatewaySettings(ConfigReader.read(file));
      GatewayConfig demo = settings.read(Optional.empty());
      URI server = demo.controlPlane().server();
      line = new NetworkProxy(server.getHost(), server.getPort());
      gateway =
          LockboxGateway.start(
              beside(demo, id, server, () -> token, pause), protocols.of(settings, demo));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// With the protocols and ports of this configuration, which lies beside the demo's.
  ///
  /// @param records whether its entries go to the demo's log
  static OwnGateway at(Path state, Path file, String id, boolean records) {
    return new OwnGateway(
        state,
        file,
        id,
        records ? Optional.empty() : Optional.of(Duration.ZERO),
        (settings, config) ->
            new GatewayProtocols(settings, InstantSource.system())
                .factories(config.limits(), new SecureRandom()));
  }

  private static List<GatewayProtocol.Factory> databases(
      GatewaySettings settings, GatewayConfig config) {
    return List.of(
        PostgresProtocol.of(anywhere(settings.postgres()), config.limits(), new SecureRandom()));
  }

  private GatewayConfig beside(
      GatewayConfig demo, String id, URI server, Supplier<String> token, Optional<Duration> pause) {
    var door =
        new GatewayConfig.ControlPlaneEndpoint(
            URI.create(server.getScheme() + "://127.0.0.1:" + line.port()),
            token,
            demo.controlPlane().tls(),
            pause.map(time -> (identity, entries) -> LockSupport.parkNanos(time.toNanos())));
    return new GatewayConfig(
        certified(demo.credential(), id), door, demo.pins(), demo.alarms(), demo.limits());
  }

  private static PostgresConfig anywhere(PostgresConfig demo) {
    return new PostgresConfig(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        demo.identity(),
        demo.catalogue(),
        demo.databasePassword(),
        demo.grammar(),
        demo.logins());
  }

  /// The demo's gateway under another name, with a certificate of the demo's authority.
  private GatewayCredential certified(GatewayCredential demo, String name) {
    var theirs = GatewayCertificate.parse(demo.certificate().get());
    var id = new GatewayId(name);
    var own =
        new GatewayCertificate(
            id, theirs.key(), theirs.logHost(), theirs.resources(), theirs.validity());
    var signed = own.unsigned().signedBy(authority);
    return new GatewayCredential(id, demo.signer(), () -> signed);
  }

  /// How to log in here with an access that was made for the demo's gateway.
  public Map<String, String> environment(DemoGrant access) {
    return access.at(String.valueOf(gateway.port()));
  }

  /// Cuts the way to the server, as a firewall would: nothing is answered any more.
  public void cutOff() {
    line.cut();
  }

  @Override
  public void close() {
    gateway.close();
    line.close();
  }
}
