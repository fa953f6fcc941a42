package org.openlockbox.e2e.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.DebianCluster;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.PostgresUrl;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// Two servers that keep nothing on their disk, and two gateways, behind HAProxy with the text of
/// docs/high-availability.md. What was signed is remembered in a PostgreSQL of its own.
final class BalancedHost implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private final InitHost shop;
  private final HaHost host;
  private final DebianCluster memory;
  private final int balancer = Ports.free();
  private final int dialled = Ports.free();
  private final Map<String, Typed> parts = new LinkedHashMap<>();

  /// Those that run, and those that they took over from.
  private final List<Typed> started = new ArrayList<>();

  private final Map<String, Integer> ports = new LinkedHashMap<>();

  BalancedHost(String name) throws IOException {
    this.shop = InitHost.bare(name);
    this.host = new HaHost(shop, Distribution.home().resolve("docs/high-availability.md"));
    this.memory = DebianCluster.start(host.directory().resolve("memory"), Ports.free());
    try {
      begins();
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void begins() throws IOException {
    host.types(
        """
        psql -q -d postgres -c 'alter system set max_connections = 500'
        """);
    shop.cluster().close();
    shop.cluster().begin();
    host.types(
        """
        psql -q -d postgres -f %1$s
        lockbox init --no-start --host localhost --provider "Example Ltd" --admin postgres \
            --control localhost:%2$d --protect localhost:%2$d/shop --tenants acme=1,globex=2 \
            --directory etc --state lib --port %3$d --gateway-port %4$d
        lockbox resource plan shop --config etc/gateway.yaml >fence.sql
        psql -q -d shop -v ON_ERROR_STOP=1 -f fence.sql
        umask 077
        echo %5$s >etc/memory.password
        """
            .formatted(
                InitHost.shop(), shop.cluster().port(), balancer, dialled, memory.password()));
    balances();
    server("lockbox-1", "lib/lockbox-server");
    starts("lockbox-1");
    shop.foundsAcme();
    host.types(
        "install -d -m 700 lib/server-2; cp -p lib/lockbox-server/wrapping-key lib/server-2/");
    server("lockbox-2", "lib/server-2");
    starts("lockbox-2");
    derives("gateway.yaml", "gw-1", dialled, Map.of());
    starts("gw-1");
    adds("gw-2", "client-2");
  }

  private void server(String part, String state) throws IOException {
    derives(
        "server.yaml",
        part,
        balancer,
        Map.of(
            "\nserver:\n",
            """

            server:
              signedHeads:
                postgres: {url: "jdbc:postgresql://localhost:%d/postgres", user: postgres, password: {file: memory.password}}
            """
                .formatted(memory.port()),
            "lib/lockbox-server'",
            state + "'"));
  }

  /// Enrolls a gateway with a key of its own and starts it.
  private void adds(String gateway, String client) throws IOException {
    host.enrolls(gateway, client, "shop");
    derives(
        "gateway.yaml",
        gateway,
        dialled,
        Map.of("gw-1", gateway, "gateway/client", "gateway/" + client));
    starts(gateway);
  }

  /// Starts a gateway with a new key beside `gw-1`, with the same settings, on a port of its own;
  /// answers the port.
  int succeedsTheFirst(String gateway, String... resources) throws IOException {
    host.enrolls(gateway, "client-3", resources);
    Path etc = host.directory().resolve("etc");
    String text = Files.readString(etc.resolve("gw-1.yaml"));
    Files.writeString(
        etc.resolve(gateway + ".yaml"),
        text.replace("gw-1", gateway)
            .replace("gateway/client.", "gateway/client-3.")
            .replace(":" + port("gw-1") + "'", ":" + port(gateway) + "'")
            .replace(":" + managed("gw-1") + "\"", ":" + managed(gateway) + "\""));
    starts(gateway);
    return port(gateway);
  }

  private void balances() throws IOException {
    String text = host.text("global");
    int database = text.indexOf("listen lockbox-database");
    text =
        text.substring(0, database)
            + text.substring(text.indexOf("listen lockbox-server"))
                .replace("balancer:8443", "127.0.0.1:" + balancer)
                .replace("balancer:6432", "127.0.0.1:" + dialled);
    for (String server : List.of("lockbox-1", "lockbox-2")) {
      text = text.replace("%1$s:8443 check addr %1$s port 9420".formatted(server), checked(server));
    }
    for (String gateway : List.of("gw-1", "gw-2")) {
      text =
          text.replace("%1$s:6432 check addr %1$s port 9421".formatted(gateway), checked(gateway));
    }
    Files.writeString(host.directory().resolve("haproxy.cfg"), text);
    host.types("haproxy -c -q -f haproxy.cfg");
    host.begins("exec haproxy -f haproxy.cfg 2>haproxy.log");
  }

  private String checked(String part) {
    return "127.0.0.1:%d check addr 127.0.0.1 port %d".formatted(port(part), managed(part));
  }

  private int port(String part) {
    return ports.computeIfAbsent(part, _ -> Ports.free());
  }

  private int managed(String part) {
    return port(part + " management");
  }

  private void derives(String from, String part, int listens, Map<String, String> exchanges)
      throws IOException {
    Path etc = host.directory().resolve("etc");
    String text = Files.readString(etc.resolve(from));
    for (var exchange : exchanges.entrySet()) {
      text = text.replace(exchange.getKey(), exchange.getValue());
    }
    text =
        text.replace("'0.0.0.0:" + listens + "'", "'0.0.0.0:" + port(part) + "'")
            + "\nmanagement: {listen: \"127.0.0.1:%d\"}\n".formatted(managed(part));
    Files.writeString(etc.resolve(part + ".yaml"), text);
  }

  /// Starts a part, and waits until the balancer sends it somebody.
  void starts(String part) {
    var begun = shop.starts(part);
    parts.put(part, begun);
    started.add(begun);
    String ready = "curl -sf -o ready http://127.0.0.1:%d/readyz".formatted(managed(part));
    Pause.until(part + " is ready", READY_WITHIN, () -> shop.types(ready).exit() == 0);
    Pause.until("the balancer sends " + part + " somebody", READY_WITHIN, () -> isSeen(part));
  }

  /// What the balancer said last of this part; it says nothing of one that it does not know.
  private boolean isSeen(String part) throws IOException {
    return Files.readAllLines(log()).reversed().stream()
        .filter(line -> line.contains("/" + part + " is "))
        .findFirst()
        .map(line -> line.contains(" is UP"))
        .orElse(true);
  }

  private Typed part(String name) {
    var running = parts.get(name);
    if (running == null) {
      throw new AssertionError(name);
    }
    return running;
  }

  /// As `systemctl restart` does.
  void restartsServer(String part) {
    part(part).signal("TERM");
    part(part).ends(READY_WITHIN).ends(143); // as a JVM says that SIGTERM ended it
    starts(part);
  }

  /// Lets the sessions of a gateway come to their end.
  void drains(String part, String within) {
    host.types(
        "lockbox drain --config etc/%s.yaml --within %s --notice PT5S".formatted(part, within));
  }

  /// Waits until the drained gateway has stopped by itself.
  Answer stopsByItself(String part, Duration patience) {
    return part(part).ends(patience).ends(0);
  }

  /// How many sessions the gateways ended because this machine was too slow for the lease.
  int lapsedSessions() {
    return (int)
        started.stream()
            .flatMap(part -> part.err().lines())
            .filter(line -> line.endsWith(" ended: lease-lapsed"))
            .count();
  }

  /// What the balancer and the parts said of themselves, for a test that fails.
  String story() {
    var said = new StringBuilder(read(log()));
    started.forEach(
        part ->
            part.err()
                .lines()
                .filter(BalancedHost::tells)
                .forEach(line -> said.append(line).append('\n')));
    return said.toString();
  }

  /// What went wrong, or ended a session that its own program did not leave.
  private static boolean tells(String line) {
    return line.contains(" WARN ")
        || line.contains(" ERROR ")
        || (line.contains(" ended: ") && !line.contains("client-left"));
  }

  private Path log() {
    return host.directory().resolve("haproxy.log");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InitHost desk() {
    return shop;
  }

  Path etc() {
    return host.directory().resolve("etc");
  }

  /// Where engineers' programs dial.
  int dialledPort() {
    return dialled;
  }

  int databasePort() {
    return shop.cluster().port();
  }

  /// A grant of a tenant's shop for many sessions, as a URL.
  PostgresUrl grant(String tenant, String approver, int sessions) {
    return grant(tenant, approver, "shop", sessions);
  }

  PostgresUrl grant(String tenant, String approver, String resource, int sessions) {
    String request =
        shop.types(
                """
                LOCKBOX_PROFILE=engineer lockbox request create --tenant %s --resource %s \
                    --level masked --for PT2H --sessions %d --purpose customer_ticket --ticket SUP-1 \
                    --reason "Order not shown" -o json
                """
                    .formatted(tenant, resource, sessions))
            .json()
            .text("id");
    host.types(
        "LOCKBOX_PROFILE=%1$s lockbox approve %2$s --key %1$s.key".formatted(approver, request));
    var url = shop.types("LOCKBOX_PROFILE=engineer lockbox connect %s url".formatted(request)).ok();
    return PostgresUrl.of(url.lines().findFirst().orElseThrow());
  }

  @Override
  public void close() {
    shop.close();
    memory.close();
  }
}
