package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/// The peers of one run: straight to PostgreSQL, through HAProxy, pgpool-II and PgBouncer, through
/// a gateway that records nothing, and through the demo's gateway. All of them read the same
/// generated views of the same tenant, so only the way differs. All but the gateways log in as a
/// role that the fence made for the run, as it does for a session, but without its limit of one
/// connection; it is gone afterwards.
public final class Peers implements AutoCloseable {
  public static final String DIRECT = "direct";
  public static final String BOUNCER = "PgBouncer";

  /// Who does what a gateway does apart from the record and the checks: TLS on both sides, and each
  /// message read. The others are compared with it.
  public static final String FAIR = "PgBouncer, TLS";

  public static final String RECORDED = "gateway, recorded";
  private static final String ROLE = "lb_s_be4cbe4cbe4cbe4cbe4cbe4cbe4cbe4c";
  private static final String UNDO = "select lb.close_session('" + ROLE + "')";
  private static final Duration REMOVED_WITHIN = Duration.ofMinutes(2);
  private static final long LOOK_NANOS = 500_000_000L;
  private static final String MAKE =
      """
      do $$
      declare
        verifier text;
      begin
        create role lockbox_bench password 'bench';
        select rolpassword into verifier from pg_authid where rolname = 'lockbox_bench';
        drop role lockbox_bench;
        perform lb.open_session('%1$s', verifier, '1', 'read', now() + interval '6 hours', 'bench');
      end $$
      """
          .formatted(ROLE);

  private final String port;
  private final Map<String, String> superuser;
  private final DatabasePeers database;
  private final List<Peer> all = new ArrayList<>();

  public Peers(Path state, DemoGrant access, OwnGateway unrecorded) {
    try {
      port = port(state, "helpdesk");
      Path tls = state.resolve("tls");
      String password = Files.readString(state.resolve("data/helpdesk/password")).strip();
      superuser = DatabasePeers.login("postgres", password, port, "helpdesk", "prefer");
      psql(UNDO);
      psql(MAKE);
      database =
          new DatabasePeers(
              superuser(), ROLE, tls.resolve("server.pem"), tls.resolve("server.key"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.addAll(database.all());
    all.add(
        new Peer(
            "gateway, unrecorded",
            unrecorded.environment(access),
            Optional.of(ProcessHandle.current())));
    all.add(new Peer(RECORDED, access.environment(), node(state)));
  }

  /// The demo's own process: gateway, server, and everything else. Its command line is longer than
  /// what [ProcessHandle] tells of one.
  static Optional<ProcessHandle> node(Path state) {
    String words = "\0demo\0--state\0" + state.toAbsolutePath().normalize() + "\0";
    return ProcessHandle.allProcesses().filter(p -> commandLine(p).contains(words)).findFirst();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    } catch (IOException e) {
      return ""; // gone meanwhile, or another system than Linux
    }
  }

  /// The demo writes down the ports that it uses.
  public static String port(Path state, String of) throws IOException {
    var ports = new Properties();
    try (var file = Files.newBufferedReader(state.resolve("ports.properties"))) {
      ports.load(file);
    }
    return Objects.requireNonNull(ports.getProperty(of), "the demo's port of " + of);
  }

  public List<Peer> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    database.close();
    psql(UNDO);
  }

  void psql(String sql) {
    superuser().psql(sql);
  }

  /// How many roles of sessions stand in the protected database, the one of this run among them.
  public long sessionRoles() {
    String count = "select count(*) from pg_roles where rolname like 'lb\\_s\\_%'";
    return Long.parseLong(
        new Command(superuser, "psql", "-X", "-A", "-t", "-c", count).output().strip());
  }

  /// Returns once no more than so many are left.
  public void awaitSessionRoles(long most) {
    long deadline = System.nanoTime() + REMOVED_WITHIN.toNanos();
    while (sessionRoles() > most) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("sessions that are over have left their roles behind");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /// A transaction of the superuser's that stays open until it is closed.
  public Connection transaction(String sql) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%s/helpdesk".formatted(port),
            "postgres",
            superuser.get("PGPASSWORD"));
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return connection;
  }

  /// As the superuser of the protected database.
  public Peer superuser() {
    return new Peer("superuser", superuser, Optional.empty());
  }
}
