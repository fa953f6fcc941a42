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

/// A host as `lockbox init` makes it, over one PostgreSQL that has both databases. `etc` stands for
/// `/etc/lockbox` and `lib` for `/var/lib`; what is typed is typed beside them.
public final class InitHost implements AutoCloseable {
  private final Path directory;
  private final DebianCluster cluster;
  private final int serverPort = EmptyHost.freePort();
  private final int gatewayPort = EmptyHost.freePort();
  private final List<Typed> running = new ArrayList<>();

  private InitHost(Path directory, DebianCluster cluster) {
    this.directory = directory;
    this.cluster = cluster;
  }

  /// Types `init` and applies the fence. Nothing runs yet.
  public static InitHost make(String name) {
    Path directory = Distribution.scratch().resolve("init").resolve(name);
    try {
      DirectoryTrees.delete(directory);
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var cluster = DebianCluster.start(directory.resolve("postgres"), EmptyHost.freePort());
    var host = new InitHost(directory, cluster);
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
                      Distribution.home().resolve("build/packages/shop.sql"),
                      cluster.port(),
                      cluster.port(),
                      host.serverPort,
                      host.gatewayPort))
          .ok();
      return host;
    } catch (RuntimeException | Error e) {
      host.close();
      throw e;
    }
  }

  public Path directory() {
    return directory;
  }

  public DebianCluster cluster() {
    return cluster;
  }

  public int serverPort() {
    return serverPort;
  }

  /// Types lines; what fails ends them.
  public Answer types(String lines) {
    return terminal().types("set -e\n" + lines);
  }

  private Terminal terminal() {
    var distribution = Distribution.get().directory();
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", distribution.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("HOME", directory.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home", ""));
    environment.put("LOCKBOX_DIST", distribution.toString());
    environment.put("LOCKBOX_JAVA_OPTS", "-Xmx512m");
    environment.put("PGHOST", "localhost");
    environment.put("PGPORT", Integer.toString(cluster.port()));
    environment.put("PGUSER", "postgres");
    environment.put("PGPASSWORD", cluster.password());
    environment.put("TZ", "UTC");
    return new Terminal(environment, directory);
  }

  /// Starts the server or the gateway: `server` or `gateway`.
  public Typed starts(String part) {
    var started = terminal().begins("exec lockbox up --config etc/" + part + ".yaml");
    running.add(started);
    started.prints("lockbox is up");
    return started;
  }

  /// Sets up acme with a key file of anna, who gets a profile.
  public void foundsAcme() {
    types(
            """
            lockbox key new anna.key
            lockbox tenant create acme --name "Acme Ltd" --approver anna:"Anna Example"=anna.key \
                --notify security@acme.example
            lockbox token new --config etc/server.yaml --role approver --tenant acme --subject anna \
                --name "Anna Example" --profile anna
            """)
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
  }
}
