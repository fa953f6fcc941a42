package org.openlockbox.node.service;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Function;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.CheckPart;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings;
import org.openlockbox.node.config.NodeConfig.HttpPart;
import org.openlockbox.node.config.NodeConfig.Listen;
import org.openlockbox.node.config.NodeConfig.ManagementPart;
import org.openlockbox.node.config.NodeConfig.TlsFiles;
import org.openlockbox.node.database.EmbeddedDatabase;
import org.openlockbox.node.database.EmbeddedDatabases;
import org.openlockbox.node.management.CertificateExpiry;
import org.openlockbox.node.management.CertificateExpiry.CertificateKind;
import org.openlockbox.node.management.ManagementServer;
import org.openlockbox.node.management.NodeMeters;
import org.openlockbox.node.management.NodeParts;
import org.openlockbox.node.process.Closers;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.process.Ports;
import org.openlockbox.node.trace.Tracing;
import org.openlockbox.server.LockboxServer;
import org.openlockbox.server.Maintenance;
import org.openlockbox.server.ServerConfig;

/// A running node: the parts that its configuration names, started in the order in which they need
/// each other and stopped in the opposite one.
///
/// A crash leaves what each part's crash leaves (ARCHITECTURE.md), and the embedded PostgreSQL
/// still running; the next start takes it over.
public final class Node implements AutoCloseable {
  private final InstantSource clock;
  private final SecureRandom random;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final StringJoiner names = new StringJoiner(", ");
  private Optional<LockboxServer> server = Optional.empty();
  private Optional<LockboxGateway> gateway = Optional.empty();
  private Optional<EmbeddedDatabase> own = Optional.empty();
  private final Tracing tracing = new Tracing();
  private Optional<GatewayProtocols> protocols = Optional.empty();

  /// Chance for a command that starts no node.
  public static SecureRandom random() {
    return new SecureRandom();
  }

  /// The time for a command that starts no node.
  public static InstantSource clock() {
    return InstantSource.system();
  }

  private Node(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /// Starts all that the configuration names.
  public static Node start(NodeConfig config) {
    var node = empty();
    try {
      config.server().ifPresent(_ -> node.startServer(config));
      config.gateway().ifPresent(_ -> node.startGateway(config));
      node.trace(config);
      config.management().ifPresent(part -> node.startManagement(config, part));
      return node;
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /// The server section alone, on a port of the system's choice, for one task on the server's own
  /// host. Works beside a running server, as servers keep no state but in their database.
  public static MaintenanceTask maintenance(NodeConfig config) {
    return task(config, Maintenance::open);
  }

  /// The same over tables that stay as they are: to look, not to change.
  public static MaintenanceTask inspection(NodeConfig config) {
    return task(config, Maintenance::openAsIs);
  }

  private static MaintenanceTask task(
      NodeConfig config, Function<ServerConfig, Maintenance> opening) {
    var node = empty();
    try {
      var part = config.server().orElseThrow(Node::noServer);
      var own = node.embedded(part.database(), EmbeddedDatabases::attachOrStart);
      var settings = new ServerSettings(config, node.clock);
      var maintenance = opened(settings.read(own, new Listen("127.0.0.1", 0)), opening);
      node.running.push(maintenance);
      return new MaintenanceTask(node, maintenance);
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  private static NodeFailure noServer() {
    return new NodeFailure(Code.USAGE, "this configuration has no server section");
  }

  /// An operator's work on the server's database, and what it needs for that.
  public record MaintenanceTask(Node node, Maintenance maintenance) implements AutoCloseable {
    @Override
    public void close() {
      node.close();
    }
  }

  /// A node that runs nothing yet.
  public static Node empty() {
    return new Node(InstantSource.system(), new SecureRandom());
  }

  /// Starts the control plane, and its own PostgreSQL if it is embedded.
  public LockboxServer startServer(NodeConfig config) {
    var part = config.server().orElseThrow();
    own = embedded(part.database(), EmbeddedDatabases::start);
    Ports.check(part.web().listen().host(), part.web().listen().port(), "the server");
    var settings = new ServerSettings(config, clock);
    var portal = settings.portal();
    var started =
        opened(settings.read(own, part.web().listen()), it -> LockboxServer.start(it, portal));
    running.push(started);
    server = Optional.of(started);
    names.add("server on " + part.web().listen());
    return started;
  }

  /// What the database says is for the operator, and the rest of the stack of causes is not.
  private static <T> T opened(ServerConfig settings, Function<ServerConfig, T> start) {
    try {
      return start.apply(settings);
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException said) {
          throw new NodeFailure(
              Code.FAILURE,
              "the control plane's database, %s as %s, cannot be used: %s"
                  .formatted(
                      settings.database().jdbcUrl(), settings.database().user(), said.getMessage()),
              e);
        }
      }
      throw e;
    }
  }

  private LockboxGateway gateway(GatewaySettings settings) throws IOException {
    GatewayConfig config = settings.read(server.map(LocalAppends::new));
    var speaking = new GatewayProtocols(settings, clock);
    protocols = Optional.of(speaking);
    return LockboxGateway.start(config, speaking.factories(config.limits(), random));
  }

  /// Goes on with another configuration, if all of it can be used: else nothing changes. What the
  /// files hold that it names is read anew, as certificates. Sessions notice nothing.
  ///
  /// @throws NodeFailure with the first reason against it
  public void reload(NodeConfig before, NodeConfig next) {
    ConfigChange.requireReloadable(before, next);
    gateway.ifPresent(it -> ConfigChange.requireKept(before, next, it.permits()));
    var serverNext =
        server.map(
            _ -> {
              var listen = next.server().orElseThrow().web().listen();
              return new ServerSettings(next, clock).read(own, listen);
            });
    var gatewayNext = gateway.map(_ -> new GatewaySettings(next));
    var postgresNext = gatewayNext.map(GatewaySettings::postgres);
    postgresNext.ifPresent(it -> protocols.orElseThrow().requirePasswords(it));
    gatewayNext.ifPresent(GatewaySettings::requireAssertionKeys);
    var pins = gatewayNext.map(GatewaySettings::pins).orElse(Map.of());
    var alarms = gatewayNext.map(GatewaySettings::alarms).orElse(Map.of());
    try (var tracingNext = tracing.prepare(next.tracing())) {
      server.ifPresent(it -> reloaded(it, serverNext.orElseThrow()));
      gateway.ifPresent(
          it -> {
            protocols.orElseThrow().replace(postgresNext.orElseThrow(), gatewayNext.orElseThrow());
            it.reload(pins, alarms);
          });
      tracingNext.use(parts());
    }
  }

  private static void reloaded(LockboxServer running, ServerConfig next) {
    var _ =
        opened(
            next,
            it -> {
              running.reload(it);
              return running;
            });
  }

  /// Takes no new sessions and tells the open ones that they may go on for this time.
  ///
  /// @return until when
  public Instant drain(Duration within) {
    var until = clock.instant().plus(within).truncatedTo(ChronoUnit.SECONDS);
    gateway()
        .drain(
            ClientNotice.of(
                "this gateway is about to stop; this session ends at " + until + " at the latest",
                "Finish what you do and connect again."));
    return until;
  }

  /// Is not ready from now on; sessions open still, until [#drain].
  public void leave() {
    gateway().leave();
  }

  private LockboxGateway gateway() {
    return gateway.orElseThrow(() -> new NodeFailure(Code.USAGE, "this node runs no gateway"));
  }

  /// How many sessions are open here.
  public int sessions() {
    return gateway.map(it -> it.condition().sessions()).orElse(0);
  }

  public void startGateway(NodeConfig config) {
    var part = config.gateway().orElseThrow();
    Ports.check(part.listen().host(), part.listen().port(), "the gateway");
    part.http()
        .map(HttpPart::listen)
        .ifPresent(it -> Ports.check(it.host(), it.port(), "the gateway's HTTP"));
    part.check()
        .map(CheckPart::listen)
        .ifPresent(it -> Ports.check(it.host(), it.port(), "the gateway's checks"));
    try {
      var started = gateway(new GatewaySettings(config));
      running.push(started);
      gateway = Optional.of(started);
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, "the gateway could not start: " + e.getMessage(), e);
    } catch (ControlPlane.TokenRefused e) {
      throw new NodeFailure(
          Code.FAILURE,
          "the server at %s does not let gateway %s in; look at gateway.server.token: %s"
              .formatted(part.server().url(), part.id(), e.getMessage()),
          e);
    } catch (ControlPlane.CertificateRefused e) {
      throw new NodeFailure(
          Code.FAILURE,
          "the server at %s refuses the certificate of gateway %s; renew it: lockbox gateway renew %s: %s"
              .formatted(part.server().url(), part.id(), part.certificate(), e.getMessage()),
          e);
    }
    names.add(
        "gateway %s on %s%s%s"
            .formatted(
                part.id(),
                part.listen(),
                part.http().map(http -> " and for HTTP on " + http.listen()).orElse(""),
                part.check().map(check -> " and for checks on " + check.listen()).orElse("")));
  }

  /// Begins to tell how the parts are that run by then, and their figures.
  public void startManagement(NodeConfig config, ManagementPart part) {
    Ports.check(part.listen().host(), part.listen().port(), "the management port");
    var address = new InetSocketAddress(part.listen().host(), part.listen().port());
    var started = parts();
    var meters = new NodeMeters(started, certificates(config), tracing::measuredBy, clock);
    running.push(meters);
    try {
      running.push(ManagementServer.start(address, started, meters::text));
    } catch (IOException e) {
      throw new NodeFailure(
          Code.FAILURE, "the management port could not be opened: " + e.getMessage(), e);
    }
    names.add("management on " + part.listen());
  }

  /// Begins to send traces of the parts that run by then, if it is told where.
  private void trace(NodeConfig config) {
    running.push(tracing);
    try (var first = tracing.prepare(config.tracing())) {
      first.use(parts());
    }
  }

  private NodeParts parts() {
    return new NodeParts(server, gateway);
  }

  private static List<CertificateExpiry> certificates(NodeConfig config) {
    List<CertificateExpiry> named = new ArrayList<>();
    config
        .server()
        .flatMap(part -> part.web().tls())
        .ifPresent(tls -> named.add(ofTls("server.tls", tls)));
    config
        .gateway()
        .ifPresent(
            part -> {
              named.add(ofTls("gateway.tls", part.tls()));
              named.add(
                  new CertificateExpiry(
                      "gateway.certificate", part.certificate(), CertificateKind.GATEWAY));
              part.server()
                  .clientCertificate()
                  .ifPresent(tls -> named.add(ofTls("gateway.server.clientCertificate", tls)));
            });
    return named;
  }

  private static CertificateExpiry ofTls(String setting, TlsFiles tls) {
    return new CertificateExpiry(setting, tls.certificate(), CertificateKind.TLS);
  }

  /// How an embedded database is brought up.
  private interface DatabaseStarter {
    EmbeddedDatabase up(
        EmbeddedDatabases databases, DatabaseSettings.Embedded where, SecureRandom random);
  }

  private Optional<EmbeddedDatabase> embedded(DatabaseSettings database, DatabaseStarter bringing) {
    return switch (database) {
      case DatabaseSettings.External _ -> Optional.empty();
      case DatabaseSettings.Embedded where -> {
        var started = bringing.up(EmbeddedDatabases.provided(), where, random);
        running.push(started);
        yield Optional.of(started);
      }
    };
  }

  @Override
  public String toString() {
    return names.toString();
  }

  /// Stops everything, also when one part fails to stop.
  @Override
  public void close() {
    Closers.all(running);
  }
}
