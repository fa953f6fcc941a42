package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.demo.postgres.DirectoryTrees;
import org.openlockbox.demo.postgres.EmbeddedCluster;
import org.openlockbox.demo.postgres.PostgresBinaries;

/// A host on which nothing is installed but `lockbox` itself, below `e2e/target`, and two
/// PostgreSQL servers elsewhere whose superuser's passwords lie in `PGPASSFILE`.
public final class EmptyHost implements AutoCloseable {
  private final Path directory;
  private final Deque<EmbeddedCluster> clusters = new ArrayDeque<>();
  private final List<String> passwords = new ArrayList<>();

  private EmptyHost(Path directory) {
    this.directory = directory;
  }

  /// A fresh host with a PostgreSQL server on each of these ports.
  public static EmptyHost start(String name, int... ports) {
    Path directory = Distribution.scratch().resolve("host").resolve(name);
    var host = new EmptyHost(directory);
    try {
      DirectoryTrees.delete(directory);
      Files.createDirectories(host.desk());
      Files.createDirectories(host.state());
      var binaries = Distribution.get().binaries();
      for (int port : ports) {
        host.startCluster(binaries, port);
      }
      Path file = directory.resolve("pgpass");
      Files.write(file, host.passwords);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return host;
    } catch (IOException e) {
      host.close();
      throw new UncheckedIOException(e);
    }
  }

  private void startCluster(PostgresBinaries binaries, int port) {
    String name = "server-" + port;
    var settings =
        new EmbeddedCluster.ClusterSettings(name, directory.resolve(name), port, Optional.empty());
    var cluster = EmbeddedCluster.start(settings, binaries, new SecureRandom());
    clusters.push(cluster);
    passwords.add("localhost:%d:*:%s:%s".formatted(port, cluster.superuser(), cluster.password()));
  }

  /// A shell that knows nothing of any host.
  public static Terminal shell(Map<String, String> environment, Path directory) {
    return new Terminal(environment, directory);
  }

  /// Where everything is typed; stands for `/etc/lockbox`.
  public Path desk() {
    return directory.resolve("desk");
  }

  /// Stands for `/var/lib/lockbox`.
  public Path state() {
    return directory.resolve("written");
  }

  public Path notes() {
    return directory.resolve("notes");
  }

  public Terminal terminal() {
    var distribution = Distribution.get().directory();
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", distribution.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("HOME", desk().toString());
    environment.put("JAVA_HOME", System.getProperty("java.home", ""));
    environment.put("LOCKBOX_DIST", distribution.toString());
    environment.put("LOCKBOX_STATE", directory.resolve("state").toString());
    environment.put("LOCKBOX_JAVA_OPTS", Distribution.PROGRAM_OPTIONS);
    environment.put("PGPASSFILE", directory.resolve("pgpass").toString());
    environment.put("TZ", "UTC");
    return new Terminal(environment, desk());
  }

  @Override
  public void close() {
    clusters.forEach(EmbeddedCluster::close);
    Leftovers.stopped(directory);
  }
}
