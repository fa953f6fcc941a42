package org.openlockbox.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.bench.load.MessageFlood;
import org.openlockbox.bench.load.MessageFlood.Kind;
import org.openlockbox.bench.load.RawSession;
import org.openlockbox.bench.log.Latencies;
import org.openlockbox.bench.peer.DemoGrant;

/// What one tenant's `select 1` takes, recorded, while another tenant's sessions flood the same
/// gateway with pipelined messages: each kind of flood in turn, and none, in each round.
final class NeighbourBench {
  private static final int SESSIONS = 4;
  private static final byte[] SELECT = MessageFlood.message('Q', "select 1\0".getBytes(US_ASCII));
  private static final int WARM_SELECTS = 2_000;
  private static final long WARM_NANOS = 2_000_000_000L;

  private final int seconds;
  private final int rounds;

  NeighbourBench(int seconds, int rounds) {
    this.seconds = seconds;
    this.rounds = rounds;
  }

  /// What was seen beside one kind of flood.
  private static final class Seen {
    private final Latencies latencies = new Latencies();
    private double messages;
    private double load;
  }

  /// @param flooding the access of the tenant that floods
  /// @param quiet that of its neighbour
  void measure(DemoGrant flooding, DemoGrant quiet) throws IOException {
    Map<Kind, Seen> seen = new EnumMap<>(Kind.class);
    try (var neighbour = new RawSession(quiet.environment())) {
      for (int i = 0; i < WARM_SELECTS; i++) {
        neighbour.send(SELECT, 1);
      }
      for (int round = 0; round < rounds; round++) {
        for (Kind kind : Kind.values()) {
          measure(seen.computeIfAbsent(kind, k -> new Seen()), kind, flooding, neighbour);
        }
      }
    }
    print(seen);
  }

  private void measure(Seen seen, Kind kind, DemoGrant flooding, RawSession neighbour)
      throws IOException {
    try (var flood = new MessageFlood(kind, SESSIONS, flooding.environment())) {
      select(neighbour, WARM_NANOS, new Latencies());
      long before = flood.sent();
      select(neighbour, seconds * 1_000_000_000L, seen.latencies);
      seen.messages += (double) (flood.sent() - before) / seconds / rounds;
      seen.load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
  }

  private static void select(RawSession session, long nanos, Latencies latencies)
      throws IOException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < nanos) {
      long asked = System.nanoTime();
      session.send(SELECT, 1);
      latencies.add(System.nanoTime() - asked);
    }
  }

  private static void print(Map<Kind, Seen> seen) {
    System.out.printf(
        "%nselect 1 of a tenant beside %d sessions of another that flood%n%n", SESSIONS);
    System.out.println(
        "| flood | its messages/s | p50 ms | p99 ms | p50 to none | p99 to none | load |");
    System.out.println("|---|---|---|---|---|---|---|");
    Latencies none = seen.getOrDefault(Kind.NONE, new Seen()).latencies;
    for (Kind kind : List.of(Kind.values())) {
      Seen it = seen.getOrDefault(kind, new Seen());
      double p50 = it.latencies.ms(0.5);
      double p99 = it.latencies.ms(0.99);
      System.out.printf(
          "| %s | %.0f | %.2f | %.2f | %.1f | %.1f | %.1f |%n",
          kind.words(), it.messages, p50, p99, p50 / none.ms(0.5), p99 / none.ms(0.99), it.load);
    }
  }
}
