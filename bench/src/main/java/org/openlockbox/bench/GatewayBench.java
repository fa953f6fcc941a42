package org.openlockbox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.bench.chart.BarChart;
import org.openlockbox.bench.chart.LineChart;
import org.openlockbox.bench.load.LoadResult;
import org.openlockbox.bench.load.PgBench;
import org.openlockbox.bench.peer.AuditedPostgres;
import org.openlockbox.bench.peer.DemoGrant;
import org.openlockbox.bench.peer.Peer;
import org.openlockbox.bench.peer.Peers;

/// The gateway beside direct, HAProxy, pgpool-II and PgBouncer, peers alternating within one run:
/// short reads in each protocol mode and at each number of clients, one large result, connection
/// set-up, what an idle session costs, and what a thousand of them cost the busy ones. Gateways
/// speak TLS, as they always do.
final class GatewayBench {
  static final String READ =
      """
      \\set id random(1, 41000)
      select id, subject, status from tickets where id = :id;
      """;
  private static final String LARGE =
      "select i, 'row number ' || i from generate_series(1, 1000000) i;\n";
  private static final String NOTHING = "select 1;\n";
  private static final String COMMIT = "insert into lockbox_bench_commit values (1);\n";
  private static final int WARM_SECONDS = 4;
  private static final int COMPILE_CLIENTS = 16;
  private static final int COMPILE_SECONDS = 60;

  /// What can be run by itself.
  enum Table {
    /// What an idle session costs.
    IDLE,
    READS,
    /// What runs beside pgaudit: all but the last of these.
    AUDIT,
    LARGE,
    LOGIN,
    /// Busy sessions beside idle ones.
    BESIDE,
    /// One tenant beside another that floods.
    NEIGHBOUR
  }

  /// How much is run.
  record Size(
      List<Table> tables, List<Integer> clients, List<String> modes, int seconds, int rounds) {
    Size {
      tables = List.copyOf(tables);
      clients = List.copyOf(clients);
      modes = List.copyOf(modes);
    }
  }

  /// Tables of recorded reads alone.
  private static final Set<Table> RECORDED_ALONE = EnumSet.of(Table.BESIDE, Table.NEIGHBOUR);

  private final String program;
  private final Size size;
  private final Path charts;

  GatewayBench(String program, Size size, Path charts) {
    this.program = program;
    this.size = size;
    this.charts = charts;
  }

  /// Peers that stand before one database and are compared with each other.
  ///
  /// @param drawing how the names of their charts begin
  record Group(String drawing, ProcessHandle database, List<Peer> peers) {
    Group {
      peers = List.copyOf(peers);
    }
  }

  /// @param audited beside pgaudit, if there is one
  void run(Peers peers, ProcessHandle database, Optional<AuditedPostgres> audited)
      throws IOException {
    var main = new Group("gateway", database, peers.all());
    var beside =
        audited.filter(it -> has(Table.AUDIT)).stream()
            .map(it -> new Group("pgaudit", it.database(), it.peers()))
            .toList();
    for (Group group : groups(Table.IDLE, main, beside)) { // first: nobody holds room yet
      new IdleSessions(program, group.database())
          .measure(group.peers(), charts.resolve(group.drawing() + "-idle.svg"));
    }
    boolean recordedAlone = RECORDED_ALONE.containsAll(size.tables());
    compile(peers.all().stream().filter(peer -> peer.isRecorded() || !recordedAlone).toList());
    for (String mode : size.modes()) {
      for (Group group : groups(Table.READS, main, beside)) {
        reads(group.peers(), mode, group.drawing() + "-" + mode);
      }
    }
    if (has(Table.READS)) {
      LoadResult load = durableCommit(peers.superuser().in("postgres"));
      System.out.printf(
          "%nOne durable single-row commit, one client, direct: p50 %.2f ms, p99 %.2f ms%n",
          load.p50(), load.p99());
    }
    for (Group group : groups(Table.LARGE, main, beside)) {
      largeResult(group);
    }
    for (Group group : groups(Table.LOGIN, main, beside)) {
      connections(group);
    }
    if (has(Table.BESIDE)) {
      new BesideIdle(script(READ), size.seconds(), size.rounds(), charts, System.out)
          .measure(program, peers, database);
    }
    if (has(Table.NEIGHBOUR)) {
      neighbour();
    }
  }

  private void neighbour() throws IOException {
    DemoGrant flooding = DemoGrant.open("acme", "read");
    DemoGrant quiet = DemoGrant.open("globex", "read");
    try {
      new NeighbourBench(size.seconds(), size.rounds()).measure(flooding, quiet);
    } finally {
      flooding.revoke();
      quiet.revoke();
    }
  }

  private boolean has(Table table) {
    return size.tables().contains(table);
  }

  /// Who is in this table: those beside pgaudit are in each, the others where it was asked for.
  private List<Group> groups(Table table, Group main, List<Group> beside) {
    return Stream.concat(has(table) ? Stream.of(main) : Stream.empty(), beside.stream()).toList();
  }

  /// What runs in a JVM is compiled while it is used: not to be part of what is measured.
  void compile(List<Peer> peers) throws IOException {
    compile(script(READ), peers, Math.min(COMPILE_SECONDS, 10 * size.seconds()));
  }

  static void compile(PgBench read, List<Peer> peers) {
    compile(read, peers, COMPILE_SECONDS);
  }

  private static void compile(PgBench read, List<Peer> peers, int seconds) {
    for (Peer peer : peers) {
      if (peer.isOurs()) {
        read.run(peer, COMPILE_CLIENTS, seconds, "prepared");
      }
    }
  }

  private PgBench script(String text) throws IOException {
    Path file = Files.createTempFile("lockbox-bench", ".sql");
    Files.writeString(file, text);
    file.toFile().deleteOnExit();
    return new PgBench(program, file);
  }

  /// One table and chart: at each number of clients.
  void reads(List<Peer> peers, String mode, String drawing) throws IOException {
    PgBench read = script(READ);
    System.out.printf("%nReads, %s%n%n", mode);
    System.out.println(
        "| clients | peer | reads/s | to "
            + base(peers)
            + " | spread | p50 ms | p99 ms | least client | logins ms"
            + " | its CPU s for 100,000 | load |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    Map<String, List<LineChart.Point>> drawn = new HashMap<>();
    for (int clients : size.clients()) {
      peers.forEach(peer -> read.run(peer, clients, WARM_SECONDS, mode));
      Map<String, List<LoadResult>> loads = new HashMap<>();
      for (int round = 0; round < size.rounds(); round++) {
        for (Peer peer : peers) {
          loads
              .computeIfAbsent(peer.name(), name -> new ArrayList<>())
              .add(read.run(peer, clients, size.seconds(), mode));
        }
      }
      print(clients, peers, loads, drawn);
    }
    var chart = new LineChart("Reads, " + mode, "clients", "reads/s");
    peers.forEach(p -> chart.line(p.name(), drawn.getOrDefault(p.name(), List.of())));
    chart.write(charts.resolve(drawing + ".svg"));
  }

  /// What the others of these peers are compared with.
  private static String base(List<Peer> peers) {
    return peers.stream()
        .map(Peer::name)
        .filter(Peers.FAIR::equals)
        .findFirst()
        .orElseGet(() -> peers.getFirst().name());
  }

  private static void print(
      int clients,
      List<Peer> peers,
      Map<String, List<LoadResult>> loads,
      Map<String, List<LineChart.Point>> drawn) {
    double base = LoadResult.median(loads.getOrDefault(base(peers), List.of())).perSecond();
    for (Peer peer : peers) {
      LoadResult load = LoadResult.median(loads.getOrDefault(peer.name(), List.of()));
      drawn
          .computeIfAbsent(peer.name(), name -> new ArrayList<>())
          .add(new LineChart.Point(clients, load.perSecond()));
      System.out.printf(
          "| %d | %s | %.0f | %.2f | %.0f %% | %.2f | %.2f | %.2f | %.0f | %s | %.1f |%n",
          clients,
          peer.name(),
          load.perSecond(),
          load.perSecond() / base,
          LoadResult.spread(loads.getOrDefault(peer.name(), List.of())),
          load.p50(),
          load.p99(),
          load.least(),
          load.logins(),
          peer.between().isPresent() ? "%.1f".formatted(load.cpu()) : "-",
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  /// One client's commits of one row, each durable.
  ///
  /// @param superuser of a database without a fence, which a table more would break
  LoadResult durableCommit(Peer superuser) throws IOException {
    superuser.psql("create table if not exists lockbox_bench_commit (n int)");
    try {
      return script(COMMIT).run(superuser, 1, size.seconds(), "prepared");
    } finally {
      superuser.psql("drop table lockbox_bench_commit");
    }
  }

  private void largeResult(Group group) throws IOException {
    alternating("One result of 1,000,000 rows", "large", script(LARGE), group, 3);
  }

  private void connections(Group group) throws IOException {
    alternating("One login and one statement", "login", script(NOTHING), group, 20, "-C");
  }

  /// The first of the group is what the others are compared with.
  private void alternating(
      String title, String drawing, PgBench script, Group group, int transactions, String... more) {
    List<Peer> peers = group.peers();
    String first = peers.getFirst().name();
    System.out.printf("%n%s%n%n| peer | ms | %s is so much of it |%n|---|---|---|%n", title, first);
    Map<String, Double> best = new HashMap<>();
    for (int round = 0; round <= size.rounds(); round++) {
      for (Peer peer : peers) {
        best.merge(peer.name(), script.average(peer, transactions, more), Math::min);
      }
    }
    var chart = new BarChart(title, "ms");
    double base = best.getOrDefault(first, Double.NaN);
    for (Peer peer : peers) {
      double ms = best.getOrDefault(peer.name(), Double.NaN);
      System.out.printf("| %s | %.1f | %.2f |%n", peer.name(), ms, base / ms);
      chart.row(peer.name(), ms);
    }
    chart.write(charts.resolve(group.drawing() + "-" + drawing + ".svg"));
  }
}
