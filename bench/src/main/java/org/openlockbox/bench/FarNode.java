package org.openlockbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.bench.peer.Command;
import org.openlockbox.bench.peer.DemoGrant;
import org.openlockbox.bench.peer.NetworkProxy;
import org.openlockbox.bench.peer.Peer;
import org.openlockbox.bench.peer.Peers;
import org.openlockbox.node.process.Ports;

/// A node of the product beside the demo, with the demo's configuration and databases, whose
/// answers from the log's database come late. It is the newest boot of the demo's gateway, so the
/// demo's own has no lease from then on.
final class FarNode implements AutoCloseable {
  private static final String NAME = "gateway, far log";

  private static final int ATTEMPTS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Process node;
  private final String gatewayPort;
  private final NetworkProxy line;
  private final Path config;

  private FarNode(Process node, String gatewayPort, NetworkProxy line, Path config) {
    this.node = node;
    this.gatewayPort = gatewayPort;
    this.line = line;
    this.config = config;
  }

  /// @param roundTrip how long one durable commit there takes, the disk included
  static FarNode start(Path state, GatewayBench bench, Duration roundTrip) throws IOException {
    var line = new NetworkProxy("127.0.0.1", Integer.parseInt(Peers.port(state, "control")));
    delay(line, login(state, line), bench, roundTrip);
    String gateway = String.valueOf(Ports.free());
    Path config = state.resolve("far.yaml");
    Files.writeString(config, configuration(state, line, gateway));
    try {
      lockbox("remember", config).output();
      Process node = lockbox("up", config).listening(Integer.parseInt(gateway));
      return new FarNode(node, gateway, line, config);
    } catch (IOException | IllegalStateException e) {
      line.close();
      remove(config);
      throw e;
    }
  }

  private static void remove(Path config) {
    Path running = config.resolveSibling("." + config.getFileName() + ".running");
    new Command(Map.of(), "rm", "-rf", config.toString(), config + ".heads", running.toString())
        .output();
  }

  private static Command lockbox(String verb, Path config) {
    return new Command(Map.of(), "./lockbox", verb, "--config", config.toString());
  }

  /// The demo's, with other ports, and with the log's database as one that is already there.
  private static String configuration(Path state, NetworkProxy line, String gateway)
      throws IOException {
    String text = Files.readString(state.resolve("lockbox.yaml"));
    text =
        replaced(
            text,
            "embedded: {directory: data/control, port: %s}".formatted(Peers.port(state, "control")),
            """
            url: jdbc:postgresql://127.0.0.1:%d/lockbox
                user: postgres
                password: {file: data/control/password}
              wrappingKey: lockbox.yaml.wrapping-key"""
                .formatted(line.port()));
    for (String own : List.of("server", "http", "checks")) {
      text = replaced(text, ":" + Peers.port(state, own), ":" + Ports.free());
    }
    return replaced(
        text, "listen: 127.0.0.1:" + Peers.port(state, "gateway"), "listen: 127.0.0.1:" + gateway);
  }

  private static String replaced(String text, String from, String to) {
    if (!text.contains(from)) {
      throw new IllegalStateException("the demo's configuration has changed: no " + from);
    }
    return text.replace(from, to);
  }

  private static Peer login(Path state, NetworkProxy line) throws IOException {
    String password = Files.readString(state.resolve("data/control/password")).strip();
    return new Peer(
        "log's database",
        Map.of(
            "PGHOST",
            "127.0.0.1",
            "PGPORT",
            "" + line.port(),
            "PGDATABASE",
            "postgres",
            "PGUSER",
            "postgres",
            "PGPASSWORD",
            password),
        Optional.empty());
  }

  /// Makes answers as late as it takes for one commit to last so long.
  private static void delay(
      NetworkProxy line, Peer database, GatewayBench bench, Duration roundTrip) throws IOException {
    bench.durableCommit(database); // warm
    double near = bench.durableCommit(database).p50();
    double far = near;
    Duration late = Duration.ZERO;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      late = late.plus(roundTrip).minusNanos((long) (far * NANOS_PER_MILLI));
      line.late(late);
      far = bench.durableCommit(database).p50();
    }
    System.out.printf(
        "%nOne durable commit in the log's database: p50 %.2f ms, with late answers %.2f ms%n",
        near, far);
  }

  Peer peer(DemoGrant access) {
    return new Peer(NAME, access.at(gatewayPort), Optional.of(node.toHandle()));
  }

  @Override
  public void close() {
    node.destroy();
    node.onExit().join();
    line.close();
    remove(config);
  }
}
