package org.openlockbox.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.bench.chart.BarChart;
import org.openlockbox.bench.load.IdleCrowd;
import org.openlockbox.bench.load.LoadResult;
import org.openlockbox.bench.load.PgBench;
import org.openlockbox.bench.peer.DemoGrant;
import org.openlockbox.bench.peer.Peer;
import org.openlockbox.bench.peer.Peers;

/// Ten clients that read without pause, recorded, while 990 other sessions of the same gateway do
/// nothing: how fast are the ten without and with the others? Measured without, with, and without
/// again, so that a machine that gets slower or faster meanwhile counts for neither; each time in
/// rounds of all peers, of which the mean counts. `direct` reads beside the same 990, whose
/// backends the database has either way: what it loses the gateway has not cost.
final class BesideIdle {
  private static final int BUSY = 10;
  private static final int IDLE = 990;
  private static final int WARM_SECONDS = 4;
  private static final String MODE = "prepared";

  /// What one request may have open at the same time is 500.
  private static final int ACCESSES = 2;

  private final PgBench read;
  private final int seconds;
  private final int rounds;
  private final Path charts;
  private final PrintStream out;

  BesideIdle(PgBench read, int seconds, int rounds, Path charts, PrintStream out) {
    this.read = read;
    this.seconds = seconds;
    this.rounds = rounds;
    this.charts = charts;
    this.out = out;
  }

  /// One peer's reads without and with the idle sessions.
  record Row(String peer, LoadResult without, LoadResult with) {
    /// Of the reads without them, how much is left with them.
    double left() {
      return with.perSecond() / without.perSecond();
    }

    private String line() {
      return "| %s | %s | %s | %.2f |".formatted(peer, figures(without), figures(with), left());
    }

    private static String figures(LoadResult load) {
      return "%.0f | %.2f / %.2f | %s"
          .formatted(
              load.perSecond(),
              load.p50(),
              load.p99(),
              load.cpu() == 0 ? "-" : "%.1f".formatted(load.cpu()));
    }
  }

  void measure(String program, Peers peers, ProcessHandle database) throws IOException {
    List<Peer> measured = peers.all().stream().filter(BesideIdle::isMeasured).toList();
    ProcessHandle gateway =
        measured.stream().flatMap(peer -> peer.between().stream()).findFirst().orElseThrow();
    Map<String, List<LoadResult>> without = new HashMap<>();
    Map<String, List<LoadResult>> with = new HashMap<>();
    reads(measured, without);
    double heap = IdleSessions.heap(gateway);
    long roles = peers.sessionRoles();
    List<Peer> ways = new ArrayList<>();
    List<DemoGrant> accesses = new ArrayList<>();
    try {
      for (int i = 0; i < ACCESSES; i++) {
        DemoGrant access = DemoGrant.open("read");
        accesses.add(access);
        ways.add(new Peer(Peers.RECORDED, access.environment(), Optional.of(gateway)));
      }
      try (var _ = IdleCrowd.of(program, database, ways, IDLE / ACCESSES)) {
        heap = (IdleSessions.heap(gateway) - heap) / IDLE;
        reads(measured, with);
      }
    } finally {
      accesses.forEach(DemoGrant::revoke);
    }
    peers.awaitSessionRoles(roles);
    reads(measured, without);
    print(measured.stream().map(peer -> row(peer.name(), without, with)).toList(), heap);
  }

  private static boolean isMeasured(Peer peer) {
    return peer.isRecorded() || peer.name().equals(Peers.DIRECT);
  }

  private void reads(List<Peer> peers, Map<String, List<LoadResult>> to) {
    peers.forEach(peer -> read.run(peer, BUSY, WARM_SECONDS, MODE));
    for (int round = 0; round < rounds; round++) {
      for (Peer peer : peers) {
        to.computeIfAbsent(peer.name(), name -> new ArrayList<>())
            .add(read.run(peer, BUSY, seconds, MODE));
      }
    }
  }

  private static Row row(
      String peer, Map<String, List<LoadResult>> without, Map<String, List<LoadResult>> with) {
    return new Row(
        peer,
        LoadResult.mean(without.getOrDefault(peer, List.of())),
        LoadResult.mean(with.getOrDefault(peer, List.of())));
  }

  /// @param heap kilobytes more for each idle session
  void print(List<Row> rows, double heap) {
    out.printf("%nReads of %d clients beside %d idle sessions%n%n", BUSY, IDLE);
    out.println(
        "| peer | reads/s alone | p50 / p99 ms | its CPU s for 100,000"
            + " | reads/s beside them | p50 / p99 ms | its CPU s for 100,000 | left | load |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    var chart = new BarChart("%d clients beside %d idle sessions".formatted(BUSY, IDLE), "reads/s");
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    for (Row row : rows) {
      out.printf("%s %.1f |%n", row.line(), load);
      chart.row(row.peer() + ", alone", row.without().perSecond());
      chart.row(row.peer() + ", beside", row.with().perSecond());
    }
    out.printf("%nHeap of the gateway for each idle session: %.1f kB%n", heap);
    chart.write(charts.resolve("gateway-beside-idle.svg"));
  }
}
