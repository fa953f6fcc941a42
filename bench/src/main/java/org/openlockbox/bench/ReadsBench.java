package org.openlockbox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Recorded reads per second beside direct and PgBouncer, peers alternating within one run. The
/// gateway speaks TLS to pgbench, as it always does; PgBouncer and direct do not.
final class ReadsBench {
  private static final String SCRIPT =
      """
      \\set id random(1, 41000)
      select id, subject, status from tickets where id = :id;
      """;

  private final PgBench pgBench;
  private final int seconds;
  private final int rounds;
  private final String mode;

  ReadsBench(String program, int seconds, int rounds, String mode) throws IOException {
    Path script = Files.createTempFile("lockbox-read", ".sql");
    Files.writeString(script, SCRIPT);
    script.toFile().deleteOnExit();
    this.pgBench = new PgBench(program, script);
    this.seconds = seconds;
    this.rounds = rounds;
    this.mode = mode;
  }

  void run(List<Peer> peers, List<Integer> clients) {
    System.out.println(
        "| clients | peer | reads/s | to PgBouncer | average ms | p50 ms | p99 ms"
            + " | logins ms | load |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (int count : clients) {
      peers.forEach(peer -> pgBench.run(peer, count, Math.max(seconds, 5), mode)); // warms up
      print(count, peers, measure(peers, count));
    }
  }

  private Map<String, List<Load>> measure(List<Peer> peers, int clients) {
    var loads = new HashMap<String, List<Load>>();
    for (int round = 0; round < rounds; round++) {
      for (Peer peer : peers) {
        loads
            .computeIfAbsent(peer.name(), _ -> new ArrayList<>())
            .add(pgBench.run(peer, clients, seconds, mode));
      }
    }
    return loads;
  }

  private static void print(int clients, List<Peer> peers, Map<String, List<Load>> loads) {
    double bouncer = median(loads, "PgBouncer").perSecond();
    for (Peer peer : peers) {
      Load load = median(loads, peer.name());
      System.out.printf(
          "| %d | %s | %.0f | %.2f | %.2f | %.2f | %.2f | %.0f | %.1f |%n",
          clients,
          peer.name(),
          load.perSecond(),
          load.perSecond() / bouncer,
          load.average(),
          load.p50(),
          load.p99(),
          load.logins(),
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  private static Load median(Map<String, List<Load>> loads, String peer) {
    return Load.median(loads.getOrDefault(peer, List.of()).toArray(Load[]::new));
  }
}
