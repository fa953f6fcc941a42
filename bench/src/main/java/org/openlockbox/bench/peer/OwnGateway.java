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
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.service.GatewaySettings;
import org.openlockbox.postgres.PostgresConfig;
import org.openlockbox.postgres.PostgresProtocol;

/// A second gateway of the demo, in this program, which **records nothing**: what it would append
/// it throws away, at once or after a pause. It shows what relaying costs without recording, holds
/// the idle sessions whose memory is counted, and can be cut off from the server. Only a benchmark
/// can make such a gateway; no setting of the product does.
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
    Path file = state.resolve("lockbox.yaml");
    String token =
        new Command(Map.of(), "./lockbox", "token", "new", "--config", file.toString())
            .with("--role", "gateway", "--subject", ID, "--name", "benchmark")
            .lastLine();
    try {
      authority = KeyFile.parse(Files.readString(state.resolve("keys/authority.key")));
      var settings = new GatewaySettings(ConfigReader.read(file));
      GatewayConfig demo = settings.read(Optional.empty());
      URI server = demo.controlPlane().server();
      line = new NetworkProxy(server.getHost(), server.getPort());
      gateway =
          LockboxGateway.start(
              unrecorded(demo, server, () -> token, pause),
              List.of(
                  PostgresProtocol.of(
                      anywhere(settings.postgres()), demo.limits(), new SecureRandom())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private GatewayConfig unrecorded(
      GatewayConfig demo, URI server, Supplier<String> token, Duration pause) {
    var door =
        new GatewayConfig.ControlPlaneEndpoint(
            URI.create(server.getScheme() + "://127.0.0.1:" + line.port()),
            token,
            demo.controlPlane().tls(),
            Optional.of((identity, entries) -> LockSupport.parkNanos(pause.toNanos())));
    return new GatewayConfig(
        certified(demo.credential()), door, demo.pins(), demo.alarms(), demo.limits());
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
  private GatewayCredential certified(GatewayCredential demo) {
    var theirs = GatewayCertificate.parse(demo.certificate().get());
    var id = new GatewayId(ID);
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
