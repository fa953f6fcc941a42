package org.openlockbox.demo.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.process.Ports;

/// One PostgreSQL cluster that the node runs itself, durable (`fsync` stays on), on loopback only,
/// with a password for its superuser.
///
/// Its directory holds `pgdata`, `password` and `log`. The server runs in a session of its own, so
/// that Ctrl-C at the terminal reaches the node and not the database under it; [#close()] stops it.
/// After a `kill -9` of the node the server goes on running: the next start finds it by its
/// `postmaster.pid`, stops it and starts again. After a `kill -9` of the server a process of it may
/// still work on the same memory: PostgreSQL itself refuses to start beside it, and the start waits
/// until it is gone. `initdb` works beside `pgdata` and is renamed, so a crash there is as if it
/// had never begun.
public final class EmbeddedCluster implements AutoCloseable {
  /// Where a cluster lives and listens. `tls` names the certificate and key that it shows.
  public record ClusterSettings(String name, Path directory, int port, Optional<ClusterTls> tls) {}

  public record ClusterTls(Path certificate, Path key) {}

  private static final String SUPERUSER = "postgres";
  private static final int LAST_WORDS = 20;

  /// PostgreSQL's word for a process of a killed server that has not ended yet.
  private static final String STILL_IN_USE = "pre-existing shared memory block";

  private static final int TRIES = 120;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);

  private final ClusterSettings settings;
  private final Path pgdata;
  private final PostgresBinaries binaries;
  private final String password;
  private final boolean ours;
  private final UnprivilegedUser user = UnprivilegedUser.here();

  private EmbeddedCluster(
      ClusterSettings settings, PostgresBinaries binaries, String password, boolean ours) {
    this.ours = ours;
    this.settings = settings;
    this.pgdata = settings.directory().toAbsolutePath().normalize().resolve("pgdata");
    this.binaries = binaries;
    this.password = password;
  }

  public static EmbeddedCluster start(
      ClusterSettings settings, PostgresBinaries binaries, SecureRandom random) {
    try {
      Files.createDirectories(settings.directory());
      String password = password(settings.directory().resolve("password"), random);
      var cluster = new EmbeddedCluster(settings, binaries, password, true);
      cluster.stopLeftover();
      Ports.check(settings.port(), settings.name());
      if (!Files.isDirectory(cluster.pgdata)) {
        cluster.init();
      }
      cluster.user.own(cluster.pgdata);
      cluster.configure();
      cluster.launch();
      return cluster;
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, settings.name() + " could not be started: " + e, e);
    }
  }

  /// For a task beside a node that may be running: uses its server, which [#close()] then leaves
  /// alone, else starts one.
  static EmbeddedCluster attachOrStart(
      ClusterSettings settings, PostgresBinaries binaries, SecureRandom random) {
    try {
      String password = password(settings.directory().resolve("password"), random);
      var cluster = new EmbeddedCluster(settings, binaries, password, false);
      if (cluster.running() == ProcessState.OURS) {
        return cluster;
      }
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, settings.name() + " cannot be reached: " + e, e);
    }
    return start(settings, binaries, random);
  }

  public String superuser() {
    return SUPERUSER;
  }

  public String password() {
    return password;
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + settings.port() + "/" + database;
  }

  /// Creates a database of this name unless it is there.
  public void ensureDatabase(String database) {
    try (var connection =
            DriverManager.getConnection(jdbcUrl("postgres"), superuser(), password());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select 1 from pg_database where datname = '%s'".formatted(database))) {
      if (!rows.next()) {
        statement.execute("create database " + database);
      }
    } catch (SQLException e) {
      throw new NodeFailure(
          Code.FAILURE, settings.name() + ": no database " + database + ": " + e, e);
    }
  }

  /// Ends every connection, writes a checkpoint, waits until the server is gone.
  @Override
  public void close() {
    if (ours) {
      stop();
    }
  }

  /// A server that cannot write its last checkpoint, as on a full disk, is ended without; its next
  /// start recovers.
  private void stop() {
    if (!control("stop", "-m", "fast", "-w", "-t", "20")) {
      control("stop", "-m", "immediate", "-w", "-t", "10");
    }
  }

  /// Removes `postmaster.pid` only if it names a living process that is no server over our
  /// directory, as after a reboot; whether a dead one left something behind is PostgreSQL's to
  /// judge.
  private void stopLeftover() throws IOException {
    switch (running()) {
      case OURS -> stop();
      case ANOTHER -> Files.delete(pidFile());
      case NONE -> {}
    }
  }

  /// What the process is that `postmaster.pid` names.
  private enum ProcessState {
    NONE,
    OURS,
    ANOTHER
  }

  private Path pidFile() {
    return pgdata.resolve("postmaster.pid");
  }

  /// A process id alone may have been given to somebody else since. Where the system does not show
  /// what a process runs, nobody is taken for another.
  private ProcessState running() throws IOException {
    if (!Files.exists(pidFile())) {
      return ProcessState.NONE;
    }
    String pid = Files.readString(pidFile()).lines().findFirst().orElse("").strip();
    if (pid.isEmpty()) {
      return ProcessState.ANOTHER; // killed before it had written its own
    }
    try {
      String command = Files.readString(Path.of("/proc", pid, "cmdline"));
      return Stream.of(command.split("\0", -1)).anyMatch(this::isPgdata)
          ? ProcessState.OURS
          : ProcessState.ANOTHER;
    } catch (IOException e) {
      return ProcessState.NONE;
    }
  }

  private boolean isPgdata(String argument) {
    try {
      Path path = Path.of(argument);
      return path.isAbsolute() && Files.isDirectory(path) && Files.isSameFile(path, pgdata);
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  private void init() throws IOException {
    Path fresh = settings.directory().resolve("pgdata.new");
    DirectoryTrees.delete(fresh);
    run(
        List.of(
            binaries.program("initdb").toString(),
            "--pgdata=" + fresh,
            "--username=" + SUPERUSER,
            "--pwfile=" + settings.directory().resolve("password"),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8"));
    Files.writeString(
        fresh.resolve("postgresql.conf"), "include 'lockbox.conf'\n", StandardOpenOption.APPEND);
    Files.move(fresh, pgdata);
  }

  private void configure() throws IOException {
    var lines = new ArrayList<String>();
    lines.add("# written at each start");
    lines.add("listen_addresses = '127.0.0.1'");
    lines.add("unix_socket_directories = ''");
    lines.add("port = " + settings.port());
    lines.add("max_connections = 1200");
    lines.add("log_line_prefix = '%m [%p] %u@%d '");
    settings
        .tls()
        .ifPresent(
            tls -> {
              lines.add("ssl = on");
              lines.add("ssl_cert_file = '" + tls.certificate().toAbsolutePath() + "'");
              lines.add("ssl_key_file = '" + tls.key().toAbsolutePath() + "'");
            });
    Files.write(pgdata.resolve("lockbox.conf"), lines);
  }

  private void launch() throws IOException {
    for (int tries = 1; ; tries++) {
      long before = Files.exists(log()) ? Files.size(log()) : 0;
      if (control("start", "-w", "-t", "60", "-l", log().toString())) {
        return;
      }
      if (tries == TRIES || !saidSince(before).contains(STILL_IN_USE)) {
        throw failed("did not start");
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
  }

  private String saidSince(long position) throws IOException {
    try (var in = Files.newInputStream(log())) {
      in.skipNBytes(position);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Path log() {
    return settings.directory().resolve("log");
  }

  private boolean control(String verb, String... options) {
    var command = new ArrayList<String>();
    command.add(binaries.program("pg_ctl").toString());
    command.add(verb);
    command.add("-D");
    command.add(pgdata.toString());
    command.addAll(List.of(options));
    return execute(command) == 0;
  }

  private void run(List<String> command) {
    if (execute(command) != 0) {
      throw failed("could not be made");
    }
  }

  /// What PostgreSQL said last tells a full disk from everything else.
  private NodeFailure failed(String what) {
    String said = "";
    try {
      var lines = Files.readAllLines(log());
      said = String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
    } catch (IOException e) {
      // then there is nothing to go by
    }
    return said.contains("No space left")
        ? new NodeFailure(
            Code.DISK_FULL, "the disk is full: " + settings.name() + " has no room under " + pgdata)
        : new NodeFailure(
            Code.FAILURE, settings.name() + " " + what + "; its own words are in " + log());
  }

  private int execute(List<String> command) {
    var whole = new ArrayList<>(user.prefix());
    whole.addAll(command);
    try {
      var builder = new ProcessBuilder(whole).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      builder.redirectInput(Path.of("/dev/null").toFile());
      builder.environment().put("TZ", "UTC");
      Process process = builder.start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new NodeFailure(
          Code.FAILURE,
          settings.name() + ": " + command.getFirst() + " could not be run: " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private static String password(Path file, SecureRandom random) throws IOException {
    if (!Files.exists(file)) {
      byte[] bytes = new byte[24];
      random.nextBytes(bytes);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
    return Files.readString(file).strip();
  }
}
