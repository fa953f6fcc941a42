package org.openlockbox.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.openlockbox.node.process.Ports;

/// PgBouncer before one database, with session pooling and prepared statements passed through: its
/// fastest setting. One user may log in, with the password `bench`.
record Bouncer(Process started, String port) implements AutoCloseable {
  /// Without TLS alone.
  static Bouncer plain(String database, String databasePort, String user) throws IOException {
    return start(database, databasePort, user, directory(), "");
  }

  /// With and without TLS, by this certificate and key.
  static Bouncer withTls(
      String database, String databasePort, String user, Path certificate, Path key)
      throws IOException {
    Path directory = directory();
    String tls =
        """
        client_tls_sslmode = allow
        client_tls_cert_file = %s
        client_tls_key_file = %s
        """
            .formatted(readable(directory, certificate), readable(directory, key));
    return start(database, databasePort, user, directory, tls);
  }

  private static Bouncer start(
      String database, String databasePort, String user, Path directory, String tls)
      throws IOException {
    String port = String.valueOf(Ports.free());
    Path users = directory.resolve("users.txt");
    Files.writeString(users, "\"" + user + "\" \"bench\"\n");
    Path settings = directory.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        %1$s = host=127.0.0.1 port=%2$s dbname=%1$s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %3$s
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %4$s
        pool_mode = session
        default_pool_size = 300
        max_client_conn = 600
        server_idle_timeout = 1
        log_connections = 0
        log_disconnections = 0
        %5$s
        """
            .formatted(database, databasePort, port, users, tls));
    Process started =
        Command.unprivileged("/usr/sbin/pgbouncer", settings.toString())
            .listening(Integer.parseInt(port));
    return new Bouncer(started, port);
  }

  private static Path directory() throws IOException {
    Path directory = Files.createTempDirectory("lockbox-bouncer");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return directory;
  }

  /// A copy that PgBouncer's user may read.
  private static Path readable(Path directory, Path file) throws IOException {
    Path copy = directory.resolve(file.getFileName());
    Files.copy(file, copy);
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    return copy;
  }

  ProcessHandle process() {
    return started.toHandle();
  }

  @Override
  public void close() {
    started.destroy();
    started.onExit().join();
  }
}
