package org.openlockbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// The peers of one run: straight to PostgreSQL, through PgBouncer, through the gateway. All three
/// read the same generated views of the same tenant, so only the way differs. The first two log in
/// as a role that the fence made for the run, as it does for a session, but without its limit of
/// one connection; it is gone afterwards.
final class Peers implements AutoCloseable {
  private static final String ROLE = "lb_s_be4cbe4cbe4cbe4cbe4cbe4cbe4cbe4c";
  private static final String UNDO = "select lb.close_session('" + ROLE + "')";
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
        alter role %1$s connection limit 250;
      end $$
      """
          .formatted(ROLE);

  private final String port;
  private final String bouncerPort;
  private final Path directory;
  private final Map<String, String> superuser;
  private final Process bouncer;
  private final List<Peer> all = new ArrayList<>();

  Peers(Path state, Access access) {
    try {
      port = helpdeskPort(state);
      bouncerPort = freePort();
      String password = Files.readString(state.resolve("data/helpdesk/password")).strip();
      superuser = login("postgres", password, port);
      psql(UNDO);
      psql(MAKE);
      directory = Files.createTempDirectory("lockbox-bouncer");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      bouncer = bouncer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.add(new Peer("direct", login(ROLE, "bench", port)));
    all.add(new Peer("PgBouncer", login(ROLE, "bench", bouncerPort)));
    all.add(new Peer("gateway, recorded", access.environment()));
  }

  /// The demo writes down the ports that it uses.
  private static String helpdeskPort(Path state) throws IOException {
    var ports = new Properties();
    try (var file = Files.newBufferedReader(state.resolve("ports.properties"))) {
      ports.load(file);
    }
    return ports.getProperty("helpdesk", "8434");
  }

  private static String freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return String.valueOf(socket.getLocalPort());
    }
  }

  List<Peer> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    bouncer.destroy();
    try {
      bouncer.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    psql(UNDO);
  }

  private void psql(String sql) {
    new Command(superuser, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql).output();
  }

  private static Map<String, String> login(String user, String password, String port) {
    return Map.of(
        "PGHOST",
        "127.0.0.1",
        "PGPORT",
        port,
        "PGDATABASE",
        "helpdesk",
        "PGUSER",
        user,
        "PGPASSWORD",
        password,
        "PGSSLMODE",
        "prefer");
  }

  /// Session pooling, prepared statements passed through, no TLS: its fastest setting.
  private Process bouncer() throws IOException {
    Path users = directory.resolve("users.txt");
    Files.writeString(users, "\"" + ROLE + "\" \"bench\"\n");
    Path settings = directory.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        helpdesk = host=127.0.0.1 port=%s dbname=helpdesk
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %s
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %s
        pool_mode = session
        default_pool_size = 200
        max_client_conn = 400
        server_idle_timeout = 1
        log_connections = 0
        log_disconnections = 0
        """
            .formatted(port, bouncerPort, users));
    var command =
        System.getProperty("user.name").equals("root")
            ? new Command(Map.of(), "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                .with("/usr/sbin/pgbouncer", settings.toString())
            : new Command(Map.of(), "/usr/sbin/pgbouncer", settings.toString());
    return command.start();
  }
}
