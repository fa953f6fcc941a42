package org.openlockbox.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.openlockbox.node.process.Ports;

/// pgpool-II before one database, with a process for each client, as it works. It understands each
/// message. It keeps a connection that nobody uses for a second, as PgBouncer does here. One user
/// may log in, with the password `bench`; TLS on both sides, where clients ask for it.
record Pgpool(Process started, String port) implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgpool");
  private static final int CLIENTS = 290;

  /// Empty, with the reason printed, where it is not installed.
  static Optional<Pgpool> before(String databasePort, String user, Path certificate, Path key)
      throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      System.out.println("No pgpool-II among the peers: apt-get install pgpool2");
      return Optional.empty();
    }
    Path directory = Files.createTempDirectory("lockbox-pgpool");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path users = directory.resolve("pool_passwd");
    Files.writeString(users, user + ":TEXTbench\n");
    Path access = directory.resolve("pool_hba.conf");
    Files.writeString(access, "host all all 127.0.0.1/32 scram-sha-256\n");
    String port = String.valueOf(Ports.free());
    Path settings = directory.resolve("pgpool.conf");
    Files.writeString(
        settings,
        text(directory, databasePort, port)
            + "ssl = on\nssl_cert = '%s'\nssl_key = '%s'\n"
                .formatted(copy(directory, certificate), copy(directory, key)));
    Process started =
        Command.unprivileged(PROGRAM.toString(), "-n", "-f", settings.toString())
            .with("-a", access.toString())
            .listening(Integer.parseInt(port));
    return Optional.of(new Pgpool(started, port));
  }

  private static String text(Path directory, String databasePort, String port) {
    return """
    backend_clustering_mode = 'raw'
    backend_hostname0 = '127.0.0.1'
    backend_port0 = %2$s
    listen_addresses = '127.0.0.1'
    port = %3$s
    pcp_port = %4$s
    unix_socket_directories = '%1$s'
    pcp_socket_dir = '%1$s'
    pid_file_name = '%1$s/pgpool.pid'
    logdir = '%1$s'
    pool_passwd = '%1$s/pool_passwd'
    enable_pool_hba = on
    num_init_children = %5$d
    max_pool = 1
    connection_cache = on
    connection_life_time = 1
    load_balance_mode = off
    sr_check_period = 0
    health_check_period = 0
    """
        .formatted(directory, databasePort, port, Ports.free(), CLIENTS);
  }

  /// One that its user may read, and nobody else.
  private static Path copy(Path directory, Path file) throws IOException {
    Path copy = directory.resolve(file.getFileName());
    Files.copy(file, copy);
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    return copy;
  }

  /// Its parent; each client has a child of it.
  ProcessHandle process() {
    return started.toHandle();
  }

  @Override
  public void close() {
    started.destroy();
    started.onExit().join();
  }
}
