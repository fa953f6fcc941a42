package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.demo.postgres.DirectoryTrees;
import org.openlockbox.node.process.Ports;

/// A host as `lockbox init` makes it, over one PostgreSQL that has both databases. `etc` stands for
/// `/etc/lockbox` and `lib` for `/var/lib`; what is typed is typed beside them.
public final class InitHost implements AutoCloseable {
  private final Path directory;
  private final DebianCluster cluster;
  private final Path distribution;
  private final HostPorts ports;
  private final List<Typed> running;

  /// Where both parts listen.
  private record HostPorts(int server, int gateway) {}

  private InitHost(
      Path directory,
      DebianCluster cluster,
      Path distribution,
      HostPorts ports,
      List<Typed> running) {
    this.directory = directory;
    this.cluster = cluster;
    this.distribution = distribution;
    this.ports = ports;
    this.running = running;
  }

  /// Types `init` and applies the fence. Nothing runs yet.
  public static InitHost make(String name) {
    return make(name, Distribution.get().directory());
  }

  /// The same with another build of `lockbox` than what was just compiled.
  public static InitHost make(String name, Path distribution) {
    var host = bare(name, distribution);
    try {
      host.types(
              """
              psql -q -d postgres -f %s
              lockbox init --no-start --host localhost --provider "Example Ltd" --admin postgres \
                  --control localhost:%d --protect localhost:%d/shop --tenants acme=1,globex=2 \
                  --directory etc --state lib --port %d --gateway-port %d
              lockbox resource plan shop --config etc/gateway.yaml >fence.sql
              psql -q -d shop -v ON_ERROR_STOP=1 -f fence.sql
              """
                  .formatted(
                      shop(),
                      host.cluster.port(),
                      host.cluster.port(),
                      host.ports.server(),
                      host.ports.gateway()))
          .ok();
      return host;
    } catch (RuntimeException | Error e) {
      host.close();
      throw e;
    }
  }

  /// A host with a PostgreSQL and nothing else.
  public static InitHost bare(String name) {
    return bare(name, Distribution.get().directory());
  }

  private static InitHost bare(String name, Path distribution) {
    Path directory = Distribution.scratch().resolve("init").resolve(name);
    try {
      DirectoryTrees.delete(directory);
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var cluster = DebianCluster.start(directory.resolve("postgres"), Ports.free());
    var ports = new HostPorts(Ports.free(), Ports.free());
    return new InitHost(directory, cluster, distribution, ports, new ArrayList<>());
  }

  /// A small database to protect, as SQL.
  public static Path shop() {
    return Distribution.home().resolve("build/packages/shop.sql");
  }

  /// This host, at which another build of `lockbox` is typed.
  public InitHost with(Path other) {
    return new InitHost(directory, cluster, other, ports, running);
  }

  public Path directory() {
    return directory;
  }

  public DebianCluster cluster() {
    return cluster;
  }

  public int gatewayPort() {
    return ports.gateway();
  }

  public int serverPort() {
    return ports.server();
  }

  /// Types lines; what fails ends them.
  public Answer types(String lines) {
    return terminal().types("set -e\n" + lines);
  }

  private Terminal terminal() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", distribution.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("HOME", directory.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home", ""));
    environment.put("LOCKBOX_DIST", distribution.toString());
    environment.put("LOCKBOX_JAVA_OPTS", Distribution.PROGRAM_OPTIONS);
    environment.put("LOCKBOX_STATE", directory.resolve("no-demo").toString());
    environment.put("PGHOST", "localhost");
    environment.put("PGPORT", Integer.toString(cluster.port()));
    environment.put("PGUSER", "postgres");
    environment.put("PGPASSWORD", cluster.password());
    environment.put("TZ", "UTC");
    return new Terminal(environment, directory);
  }

  /// Types a line and goes on while it runs.
  public Typed begins(String line) {
    var begun = terminal().begins(line);
    running.add(begun);
    return begun;
  }

  /// Starts the server or the gateway: `server` or `gateway`.
  public Typed starts(String part) {
    var started = begins("exec lockbox up --config etc/" + part + ".yaml");
    started.prints("lockbox is up");
    return started;
  }

  /// Sets up acme with a key file of anna, who gets a profile.
  public void foundsAcme() {
    founds("acme", "anna");
  }

  /// Sets up a tenant with a key file of its approver, who gets a profile.
  public void founds(String tenant, String approver) {
    types(
            """
            lockbox key new %2$s.key
            lockbox tenant create %1$s --name "Example of %1$s" --approver %2$s:"Example %2$s"=%2$s.key \
                --notify security@%1$s.example
            lockbox token new --config etc/server.yaml --role approver --tenant %1$s --subject %2$s \
                --name "Example %2$s" --profile %2$s
            """
                .formatted(tenant, approver))
        .ok();
  }

  /// Asks for acme's shop and has anna approve; answers the request's id.
  public String asksAndApproves() {
    var asked =
        types(
            """
            LOCKBOX_PROFILE=engineer lockbox request create --tenant acme --resource shop \
                --level masked --for PT30M --purpose customer_ticket --ticket SUP-1 \
                --reason "Order not shown" -o json
            """);
    String id = asked.json().text("id");
    types("LOCKBOX_PROFILE=anna lockbox approve %s --key anna.key".formatted(id)).ok();
    return id;
  }

  @Override
  public void close() {
    running.reversed().forEach(Typed::close);
    cluster.close();
    Leftovers.stopped(directory);
  }
}
