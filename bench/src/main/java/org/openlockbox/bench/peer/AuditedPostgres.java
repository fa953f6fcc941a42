package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.node.process.Ports;

/// What people run who want each statement on record and have no gateway: PostgreSQL with pgaudit,
/// here Debian's 17, since there is none for the embedded 18. It writes a line of text a statement,
/// which nobody waits for, which no disk is forced to keep, and which whoever has the machine can
/// change. Its peers read a table of the same shape, and are compared with each other.
public final class AuditedPostgres implements AutoCloseable {
  static final String DIRECT = "PostgreSQL 17";
  private static final String AUDITED = "bench_audited";
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final long LOOK_NANOS = 100_000_000L;
  private static final String FILL =
      """
      create extension pgaudit;
      create role bench login password 'bench';
      create role bench_audited login password 'bench';
      alter role bench_audited set pgaudit.log = 'all';
      create table tickets (id bigint primary key, subject text, status text);
      insert into tickets select i, 'ticket number ' || i, 'open' from generate_series(1, 41000) i;
      grant select on tickets to public;
      analyze tickets;
      """;

  private final Path directory;
  private final String port = String.valueOf(Ports.free());
  private final Process server;
  private final Bouncer bouncer;

  private AuditedPostgres(Path unpacked) throws IOException {
    directory = Files.createTempDirectory("lockbox-pgaudit");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path bin = unpacked.resolve("usr/lib/postgresql/17/bin");
    String data = directory.resolve("data").toString();
    Command.unprivileged(bin.resolve("initdb").toString(), "-D", data, "-U", "postgres")
        .with("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        .output();
    server =
        Command.unprivileged(bin.resolve("postgres").toString(), "-D", data, "-p", port)
            .with("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
            .with("-c", "shared_preload_libraries=pgaudit", "-c", "max_connections=640")
            .listening(Integer.parseInt(port));
    fill();
    bouncer = Bouncer.plain("postgres", port, AUDITED);
  }

  /// A server that has just begun to listen may not let anybody in yet.
  private void fill() {
    var filling =
        new Command(
            login("postgres", port), "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", FILL);
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (true) {
      try {
        filling.output();
        return;
      } catch (IllegalStateException e) {
        boolean starting = String.valueOf(e.getMessage()).contains("is starting up");
        if (!starting || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  /// Empty, with the reason printed, where there is no such package.
  public static Optional<AuditedPostgres> start(Path state) {
    Path unpacked = state.resolve("pgaudit").toAbsolutePath();
    try {
      if (!Files.exists(unpacked.resolve("usr/lib/postgresql/17/lib/pgaudit.so"))) {
        new Command(Map.of(), "build/pgaudit.sh", unpacked.toString()).output();
      }
      return Optional.of(new AuditedPostgres(unpacked));
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      System.out.println("No pgaudit among the peers: " + e.getMessage());
      return Optional.empty();
    }
  }

  public List<Peer> peers() {
    return List.of(
        new Peer(DIRECT, login("bench", port), Optional.empty()),
        new Peer("PostgreSQL 17, pgaudit", login(AUDITED, port), Optional.empty()),
        new Peer(
            "PgBouncer, pgaudit", login(AUDITED, bouncer.port()), Optional.of(bouncer.process())));
  }

  public ProcessHandle database() {
    return server.toHandle();
  }

  private static Map<String, String> login(String user, String port) {
    var login = new HashMap<String, String>();
    login.put("PGHOST", "127.0.0.1");
    login.put("PGPORT", port);
    login.put("PGDATABASE", "postgres");
    login.put("PGUSER", user);
    login.put("PGPASSWORD", "bench");
    login.put("PGSSLMODE", "disable");
    return login;
  }

  @Override
  public void close() {
    bouncer.close();
    server.destroy();
    server.onExit().join();
    new Command(Map.of(), "rm", "-rf", directory.toString()).output();
  }
}
