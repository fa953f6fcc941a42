package org.openlockbox.e2e.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.PostgresUrl;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// An installation that may lose any one part: three PostgreSQL with Patroni, two servers, each
/// with another way to the database, and two gateways, all behind HAProxy.
final class Installation implements AutoCloseable {
  private static final Duration ELECTED_WITHIN = Duration.ofMinutes(3);

  /// A campaign asks more often than any engineer.
  private static final String MANY_REQUESTS =
      """

      server:
        requestRates: {perEngineer: 2000, perTenant: 2000}
      """;

  private final InitHost shop;
  private final HaHost host;
  private final int balancer = Ports.free();
  private final int dialled = Ports.free();
  private final int database = Ports.free();
  private final List<PatroniNode> nodes;
  private final Map<String, Typed> parts = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  Installation(Path page) throws IOException {
    this.shop = InitHost.bare("failover");
    this.host = new HaHost(shop, page);
    int etcd = Ports.free();
    int peers = Ports.free();
    shop.begins(
        """
        exec etcd --name etcd-1 --data-dir etcd --listen-client-urls http://127.0.0.1:%1$d \
            --advertise-client-urls http://127.0.0.1:%1$d --listen-peer-urls http://127.0.0.1:%2$d \
            --initial-advertise-peer-urls http://127.0.0.1:%2$d --initial-cluster etcd-1=http://127.0.0.1:%2$d \
            --logger zap --log-level error 2>etcd.log
        """
            .formatted(etcd, peers));
    String template = host.text("scope: lockbox");
    this.nodes =
        List.of("db-1", "db-2", "db-3").stream()
            .map(name -> new PatroniNode(name, host, template, etcd))
            .toList();
    try {
      awaitCluster();
      begins();
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// Until there is one primary, and a standby that confirms its commits.
  void awaitCluster() {
    Pause.until(
        "one primary and a synchronous standby",
        ELECTED_WITHIN,
        () ->
            nodes.stream().filter(PatroniNode::isPrimary).count() == 1
                && nodes.stream().anyMatch(PatroniNode::isSynchronous));
  }

  PatroniNode primary() {
    return nodes.stream()
        .filter(PatroniNode::isPrimary)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no primary"));
  }

  private void balances() throws IOException {
    String text =
        host.text("global")
            .replace("balancer:5000", "127.0.0.1:" + database)
            .replace("balancer:8443", "127.0.0.1:" + balancer)
            .replace("balancer:6432", "127.0.0.1:" + dialled);
    for (PatroniNode node : nodes) {
      text =
          text.replace(
              "%1$s:5432 check addr %1$s port 8008".formatted(node.name()),
              checked(node.postgresPort(), node.restPort()));
    }
    for (String server : List.of("lockbox-1", "lockbox-2")) {
      text =
          text.replace(
              "%1$s:8443 check addr %1$s port 9420".formatted(server),
              checked(port(server), port(server + " management")));
    }
    for (String gateway : List.of("gw-1", "gw-2")) {
      text =
          text.replace(
              "%1$s:6432 check addr %1$s port 9421".formatted(gateway),
              checked(port(gateway), port(gateway + " management")));
    }
    Files.writeString(host.directory().resolve("haproxy.cfg"), text);
    host.types("haproxy -c -q -f haproxy.cfg");
    host.begins("exec haproxy -f haproxy.cfg 2>haproxy.log");
  }

  private static String checked(int port, int asked) {
    return "127.0.0.1:%d check addr 127.0.0.1 port %d".formatted(port, asked);
  }

  private int port(String part) {
    return ports.computeIfAbsent(part, _ -> Ports.free());
  }

  private void begins() throws IOException {
    String first = "localhost:" + primary().postgresPort();
    host.types(
        """
        psql -q -d postgres -f %s
        lockbox init --no-start --host localhost --provider "Example Ltd" --admin postgres \
            --control %s --protect localhost:%d/shop --tenants acme=1,globex=2 \
            --directory etc --state lib --port %d --gateway-port %d
        lockbox resource plan shop --config etc/gateway.yaml >fence.sql
        psql -q -d shop -v ON_ERROR_STOP=1 -f fence.sql
        """
            .formatted(InitHost.shop(), first, shop.cluster().port(), balancer, dialled));
    balances();
    servers(first + "/lockbox");
    host.enrolls("gw-2", "client-2", "shop");
    derives("gateway.yaml", "gw-1", dialled, Map.of());
    derives(
        "gateway.yaml",
        "gw-2",
        dialled,
        Map.of("gw-1", "gw-2", "gateway/client", "gateway/client-2"));
    starts("gw-1");
    starts("gw-2");
  }

  /// The first names all nodes, the second the balancer.
  private void servers(String database) throws IOException {
    String hosts =
        nodes.stream()
            .map(node -> "127.0.0.1:" + node.postgresPort())
            .collect(Collectors.joining(",", "", "/lockbox?targetServerType=primary"));
    derives(
        "server.yaml",
        "lockbox-1",
        balancer,
        Map.of(database, hosts, "\nserver:\n", MANY_REQUESTS));
    String balanced = "127.0.0.1:%d/lockbox".formatted(this.database);
    derives(
        "server.yaml",
        "lockbox-2",
        balancer,
        Map.of(
            database,
            balanced,
            "lib/lockbox-server'",
            "lib/server-2'",
            "\nserver:\n",
            MANY_REQUESTS));
    starts("lockbox-1");
    String health = "curl -ksf -o answer https://localhost:%d/healthz".formatted(balancer);
    Pause.until(
        "the balancer has seen the server", ELECTED_WITHIN, () -> shop.types(health).exit() == 0);
    shop.foundsAcme();
    host.types(
        """
        install -d -m 700 lib/server-2
        cp -p lib/lockbox-server/wrapping-key lib/server-2/
        lockbox remember --config etc/lockbox-2.yaml
        """);
    starts("lockbox-2");
  }

  /// A configuration beside the one that `init` made, which listens on a port of its own and is
  /// asked on another.
  private void derives(String from, String part, int listens, Map<String, String> exchanges)
      throws IOException {
    Path etc = host.directory().resolve("etc");
    String text = Files.readString(etc.resolve(from));
    for (var exchange : exchanges.entrySet()) {
      text = text.replace(exchange.getKey(), exchange.getValue());
    }
    text =
        text.replace("'0.0.0.0:" + listens + "'", "'0.0.0.0:" + port(part) + "'")
            + "\nmanagement: {listen: \"127.0.0.1:%d\"}\n".formatted(port(part + " management"));
    Files.writeString(etc.resolve(part + ".yaml"), text);
  }

  private void starts(String part) {
    parts.put(part, shop.starts(part));
  }

  /// `kill -9` of a server or a gateway.
  void kills(String part) {
    var running = parts.get(part);
    if (running == null) {
      throw new AssertionError(part);
    }
    ProcessHandle.of(running.pid()).ifPresent(ProcessHandle::destroyForcibly);
    running.close();
    running.ends();
  }

  void startsAgain(String part) {
    starts(part);
  }

  /// A grant for many sessions, as a URL.
  record Access(String request, PostgresUrl url) {}

  Access access() {
    String request =
        shop.types(
                """
                LOCKBOX_PROFILE=engineer lockbox request create --tenant acme --resource shop \
                    --level masked --for PT8H --sessions 100 --purpose customer_ticket --ticket SUP-1 \
                    --reason "Order not shown" -o json
                """)
            .json()
            .text("id");
    host.types("LOCKBOX_PROFILE=anna lockbox approve %s --key anna.key".formatted(request));
    var url = shop.types("LOCKBOX_PROFILE=engineer lockbox connect %s url".formatted(request)).ok();
    return new Access(request, PostgresUrl.of(url.lines().findFirst().orElseThrow()));
  }

  /// What somebody types who does not know that anything happens.
  InitHost desk() {
    return shop;
  }

  /// What each server and gateway has said, for whoever asks why.
  private void keepWhatWasSaid() {
    parts.forEach(
        (part, running) -> {
          try {
            Files.writeString(host.directory().resolve(part + ".log"), running.err());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public void close() {
    keepWhatWasSaid();
    nodes.forEach(PatroniNode::close);
    shop.close();
  }
}
