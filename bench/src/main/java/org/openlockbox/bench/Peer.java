package org.openlockbox.bench;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// One way to the same rows: a name, the libpq environment that leads there, and the process that
/// stands in between.
record Peer(String name, Map<String, String> environment, Optional<ProcessHandle> between) {
  /// Whether it is a gateway of ours.
  boolean isOurs() {
    return name.startsWith("gateway");
  }

  /// Whether what it passes on is durable in a tenant's log first.
  boolean isRecorded() {
    return name.equals(Peers.RECORDED);
  }

  Peer named(String other) {
    return new Peer(other, environment, between);
  }

  void psql(String sql) {
    new Command(environment, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql).output();
  }

  /// Processor time that the process in between has used so far.
  Duration used() {
    return between.flatMap(process -> process.info().totalCpuDuration()).orElse(Duration.ZERO);
  }
}
