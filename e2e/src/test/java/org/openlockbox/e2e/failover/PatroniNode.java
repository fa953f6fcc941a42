package org.openlockbox.e2e.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.e2e.harness.Signals;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// One PostgreSQL with its Patroni, by the text of docs/high-availability.md. Between it and etcd
/// lies a line of its own, which can be cut.
final class PatroniNode {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final String name;
  private final HaHost host;
  private final int postgresPort = Ports.free();
  private final int restPort = Ports.free();
  private final Path directory;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private Typed etcdLine;
  private Typed patroni;

  PatroniNode(String name, HaHost host, String template, int etcdPort) {
    this.name = name;
    this.host = host;
    this.directory = host.directory().resolve(name);
    int line = Ports.free();
    host.types("mkdir -m 777 " + name);
    write(
        "line.cfg",
        """
        defaults
            mode tcp
            timeout connect 3s
            timeout client 1h
            timeout server 1h
        listen etcd
            bind 127.0.0.1:%d
            server etcd 127.0.0.1:%d
        """
            .formatted(line, etcdPort));
    write(
        "patroni.yml",
        template
            .replace("name: db-1", "name: " + name)
            .replace("db-1:8008", "127.0.0.1:" + restPort)
            .replace("db-1:5432", "127.0.0.1:" + postgresPort)
            // as a proxy: else Patroni goes to the addresses that etcd names, beside the line
            .replaceAll(
                "hosts: etcd-1.*", "hosts: 127.0.0.1:%d\n  use_proxies: true".formatted(line))
            .replace(
                "data_dir: /var/lib/postgresql/17/lockbox",
                "data_dir: %1$s/data\n  pgpass: %1$s/pgpass".formatted(directory))
            .replace("SUPERUSER-PASSWORD", host.superuserPassword()));
    this.etcdLine = host.begins("exec haproxy -f %s/line.cfg".formatted(name));
    this.patroni = begins();
  }

  private void write(String file, String text) {
    try {
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Typed begins() {
    return host.begins(
        "cd %s; exec env -i PATH=\"$PATH\" LC_ALL=C.UTF-8 runuser -u postgres -- patroni patroni.yml >>log 2>&1"
            .formatted(name));
  }

  String name() {
    return name;
  }

  int postgresPort() {
    return postgresPort;
  }

  int restPort() {
    return restPort;
  }

  /// Whether Patroni says that this is a working primary.
  boolean isPrimary() {
    return answers("/primary");
  }

  boolean isSynchronous() {
    return answers("/sync");
  }

  private boolean answers(String path) {
    try {
      var question =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + path))
              .timeout(PATIENCE)
              .build();
      return http.send(question, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Has another node become the primary.
  void switchesOver() throws IOException, InterruptedException {
    var order =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + "/switchover"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"leader\": \"" + name + "\"}"))
            .build();
    var answer = http.send(order, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new AssertionError("switchover: %d %s".formatted(answer.statusCode(), answer.body()));
    }
  }

  /// PostgreSQL dies; Patroni is there to mend it.
  void postgresDies() {
    postgres().forEach(pid -> Signals.send("KILL", pid));
  }

  /// The machine is gone.
  void dies() {
    patroniPids().forEach(pid -> Signals.send("KILL", pid));
    postgresDies();
    patroni.ends();
  }

  /// The machine is there again.
  void comesBack() {
    patroni = begins();
  }

  /// The machine stands still.
  void standsStill() {
    Stream.concat(patroniPids().stream(), postgres().stream())
        .forEach(pid -> Signals.send("STOP", pid));
  }

  void goesOn() {
    Stream.concat(postgres().stream(), patroniPids().stream())
        .forEach(pid -> Signals.send("CONT", pid));
  }

  /// Nothing comes through to etcd, and nothing is refused.
  void losesEtcd() {
    etcdLine.signal("STOP");
  }

  void reachesEtcd() {
    etcdLine.signal("CONT");
  }

  private List<Long> patroniPids() {
    return ProcessHandle.of(patroni.pid()).map(PatroniNode::tree).orElse(List.of());
  }

  /// The postmaster first, then its children. PostgreSQL outlives its Patroni.
  private List<Long> postgres() {
    try {
      long postmaster =
          Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid")).getFirst());
      return ProcessHandle.of(postmaster).map(PatroniNode::tree).orElse(List.of());
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<Long> tree(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  void close() {
    goesOn();
    reachesEtcd();
    patroniPids().forEach(pid -> Signals.send("KILL", pid));
    postgres().forEach(pid -> Signals.send("KILL", pid));
    etcdLine.close();
    http.close();
  }
}
