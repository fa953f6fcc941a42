package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.openlockbox.demo.postgres.DirectoryTrees;

/// A PostgreSQL of this machine's packages, so of the version of its `pg_dump`, with a password for
/// everybody. Root starts it as the user `postgres`.
public final class DebianCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String PROGRAMS =
      "PG=$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -V | tail -n 1);"
          + " PG=${PG%/*}; AS=; [ $(id -u) != 0 ] || AS='runuser -u postgres --'; ";

  private final int port;
  private final Terminal outside;

  private DebianCluster(Path directory, int port) {
    this.port = port;
    this.outside =
        new Terminal(Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8"), directory);
  }

  /// Makes one in this directory and starts it; skipped where the packages are missing.
  public static DebianCluster start(Path directory, int port) {
    try {
      DirectoryTrees.delete(directory);
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.writeString(directory.resolve("superuser"), "superuser-of-" + port + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var cluster = new DebianCluster(directory, port);
    cluster.outside.needs(PROGRAMS + "test -x \"$PG/initdb\"", "postgresql-17");
    cluster.types("$AS $PG/initdb -D data -U postgres -A scram-sha-256 --pwfile=superuser -E UTF8");
    cluster.begin();
    return cluster;
  }

  /// A standby of this one, which follows it as `standby`.
  public DebianCluster standby(Path elsewhere, int otherPort) {
    try {
      DirectoryTrees.delete(elsewhere);
      Files.createDirectories(elsewhere);
      Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var standby = new DebianCluster(elsewhere, otherPort);
    standby.types(
        "PGPASSWORD=%s $AS $PG/pg_basebackup -h localhost -p %d -U postgres -D data -R -X stream -c fast"
            .formatted(password(), port));
    standby.types(
        "sed -i \"s/primary_conninfo = '/&application_name=standby /\" data/postgresql.auto.conf");
    standby.begin();
    return standby;
  }

  /// Starts it.
  public void begin() {
    types(
        "$AS $PG/pg_ctl -D data -l data/log -w -o \"-p %d -c unix_socket_directories=''\" start"
            .formatted(port));
  }

  private void types(String line) {
    outside.types(PROGRAMS + line + " >typed 2>&1 || { cat typed >&2; exit 1; }", PATIENCE).ok();
  }

  public String password() {
    return "superuser-of-" + port;
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    outside.types(PROGRAMS + "$AS $PG/pg_ctl -D data -m immediate stop >/dev/null 2>&1", PATIENCE);
  }
}
