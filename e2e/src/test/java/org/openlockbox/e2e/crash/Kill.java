package org.openlockbox.e2e.crash;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Signals;

/// What `kill -9` takes. The node (server and gateway in one process) dies in each; where a
/// PostgreSQL dies alone, the node has a moment to notice.
record Kill(String words, List<String> clusters) {
  private static final Kill NODE = new Kill("the node", List.of());
  private static final Kill ALL =
      new Kill("the node and both PostgreSQL servers at once", List.of("control", "helpdesk"));
  private static final Kill CONTROL =
      new Kill("the control plane's PostgreSQL, then the node", List.of("control"));
  private static final Kill PROTECTED =
      new Kill("the protected PostgreSQL, then the node", List.of("helpdesk"));

  static final List<Kill> ALL_KINDS = List.of(NODE, ALL, CONTROL, PROTECTED);

  /// Half of the kills take the node alone; the first four are one of each kind.
  private static final List<Kill> ORDER = List.of(ALL, NODE, CONTROL, PROTECTED, NODE, NODE);

  private static final Duration TO_NOTICE = Duration.ofMillis(1_500);

  Kill {
    clusters = List.copyOf(clusters);
  }

  static Kill number(int kill) {
    return ORDER.get(kill % ORDER.size());
  }

  void kill(Demo demo, RandomGenerator random) {
    clusters.forEach(cluster -> Signals.send("KILL", demo.postmaster(cluster).orElseThrow().pid()));
    if (clusters.size() == 1) {
      LockSupport.parkNanos(random.nextLong(TO_NOTICE.toNanos()));
    }
    demo.program().signal("KILL");
  }

  /// Whether the protected database runs on, without anybody who tells it that the gateway is dead.
  boolean leavesBackends() {
    return !clusters.contains("helpdesk");
  }

  @Override
  public String toString() {
    return words;
  }
}
