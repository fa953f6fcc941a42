package org.openlockbox.bench.peer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One way to the same rows: a name, the libpq environment that leads there, and the process that
/// stands in between.
///
/// @param children whether the processes that it started stand in between as well
public record Peer(
    String name,
    Map<String, String> environment,
    Optional<ProcessHandle> between,
    boolean children) {
  public Peer(String name, Map<String, String> environment, Optional<ProcessHandle> between) {
    this(name, environment, between, false);
  }

  /// Whether it is a gateway of ours.
  public boolean isOurs() {
    return name.startsWith("gateway");
  }

  /// Whether what it passes on is durable in a tenant's log first.
  public boolean isRecorded() {
    return name.equals(Peers.RECORDED);
  }

  public Peer named(String other) {
    return new Peer(other, environment, between, children);
  }

  /// The same way to another database of the server.
  public Peer in(String database) {
    Map<String, String> there = new HashMap<>(environment);
    there.put("PGDATABASE", database);
    return new Peer(name, Map.copyOf(there), between, children);
  }

  public void psql(String sql) {
    new Command(environment, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql).output();
  }

  /// Processor time that the process in between has used so far.
  public Duration used() {
    return between
        .map(process -> Proc.used(children ? Proc.tree(process) : Stream.of(process)))
        .orElse(Duration.ZERO);
  }
}
