package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.openlockbox.bench.chart.LineChart;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.tree.MerkleTree;

/// The tenant logs of a server under load, and how every figure grows with tenants and entries.
/// Prints tables for docs/performance.md and draws the charts beside it.
public final class LogBench {
  /// What to measure: an open-loop rate over each number of tenants, and proofs at each number of
  /// entries of one log.
  public record Size(
      List<Integer> tenants,
      double rate,
      Duration warmUp,
      Duration measured,
      List<Long> entries,
      int gateways,
      int proofs,
      long seed) {
    public Size {
      tenants = List.copyOf(tenants);
      entries = List.copyOf(entries);
    }
  }

  private static final int FULL_BATCH = 64;

  /// Tenants with a session in use, in the third kind of load.
  private static final int BUSY = 200;

  private final Size size;
  private final Path charts;
  private final PrintStream out;
  private final List<TenantsRow> byTenants = new ArrayList<>();
  private final List<EntriesRow> byEntries = new ArrayList<>();

  private record TenantsRow(
      int tenants,
      Load.Result uniform,
      Load.Result skewed,
      Load.Result busy,
      Load.Ceiling ceiling,
      double epochBefore,
      double epochAfter,
      Memory memory) {}

  private record EntriesRow(
      long entries, double p50, double p99, int proofBytes, double built, long bytes) {}

  private record Memory(double heap, double resident) {
    static Memory now() {
      System.gc();
      var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      return new Memory(heap / 1e6, readResident() / 1e3);
    }

    private static double readResident() {
      try (var lines = Files.lines(Path.of("/proc/self/status"))) {
        return lines
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElse(Double.NaN);
      } catch (IOException e) {
        return Double.NaN;
      }
    }
  }

  public LogBench(Size size, Path charts, PrintStream out) {
    this.size = size;
    this.charts = charts;
    this.out = out;
  }

  public void run() throws IOException {
    out.printf("%s, load %.1f%n%n", InstantSource.system().instant(), load());
    for (int tenants : size.tenants) {
      try (var directory = new Workplace();
          var site = LogSite.start(directory.path(), size.gateways)) {
        if (byTenants.isEmpty()) {
          out.printf("One thread signs %,.0f checkpoints/s, two lines each.%n%n", signing(site));
        }
        byTenants.add(measure(site, tenants));
      }
    }
    printTenants();
    if (!size.entries.isEmpty()) {
      try (var directory = new Workplace();
          var site = LogSite.start(directory.path(), 1)) {
        site.populate(1);
        grow(site, directory.path());
      }
      printEntries();
    }
    draw();
  }

  private TenantsRow measure(LogSite site, int tenants) {
    tell("%,d tenants: their rows".formatted(tenants));
    site.populate(tenants);
    double epochBefore = timed(site::buildEpoch);
    var counters = new long[tenants];
    tell("%,d tenants: uniform arrivals".formatted(tenants));
    var uniform = arriving(site, counters, Pick.uniform(tenants));
    tell("%,d tenants: Zipf".formatted(tenants));
    var skewed = arriving(site, counters, Pick.zipf(tenants));
    tell("%,d tenants: %d busy".formatted(tenants, BUSY));
    var busy = arriving(site, counters, Pick.busy(BUSY, tenants));
    tell("%,d tenants: epochs".formatted(tenants));
    double epochAfter = Double.NaN;
    for (int n = 0; n < 5; n++) {
      double took = timed(site::buildEpoch);
      epochAfter = Double.isNaN(epochAfter) ? took : Math.min(epochAfter, took);
    }
    var memory = Memory.now();
    tell("%,d tenants: ceiling".formatted(tenants));
    Load.Ceiling ceiling;
    try (var load = new Load(site, counters, size.seed)) {
      ceiling = load.saturated(FULL_BATCH, Pick.uniform(tenants), size.warmUp, size.measured);
    }
    return new TenantsRow(tenants, uniform, skewed, busy, ceiling, epochBefore, epochAfter, memory);
  }

  /// How far it is, on the other stream than the tables.
  private static void tell(String what) {
    var now = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
    System.err.println(now + " " + what);
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private double signing(LogSite site) {
    var keys = site.logKeys();
    long until = System.nanoTime() + size.warmUp.toNanos();
    long done = 0;
    while (System.nanoTime() < until) {
      sign(keys, done++);
    }
    done = 0;
    long from = System.nanoTime();
    while (System.nanoTime() < from + size.warmUp.toNanos()) {
      sign(keys, done++);
    }
    return done / ((System.nanoTime() - from) / 1e9);
  }

  private static void sign(LogKeys keys, long n) {
    var origin = LogSite.LOG_HOST + "/t/t" + n % 1_000;
    keys.signer(origin).sign(new Checkpoint(origin, n, MerkleTree.emptyRoot()).format()).format();
  }

  private Load.Result arriving(LogSite site, long[] counters, Pick pick) {
    try (var load = new Load(site, counters, size.seed)) {
      return load.arriving(size.rate, pick, size.warmUp, size.measured);
    }
  }

  private static double timed(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private void grow(LogSite site, Path directory) {
    try (var log = new BigLog(site, directory, 0, size.seed)) {
      double seconds = 0;
      for (long entries : size.entries) {
        tell("a log of %,d entries".formatted(entries));
        seconds += timed(() -> log.growTo(entries)) / 1e3;
        log.prove(size.proofs / 10 + 1, size.seed + 1); // warms up
        var latencies = log.prove(size.proofs, size.seed);
        long bytes = log.bytes().stream().mapToLong(Long::longValue).sum();
        byEntries.add(
            new EntriesRow(
                entries, latencies.ms(0.5), latencies.ms(0.99), log.proofBytes(), seconds, bytes));
      }
    }
  }

  private void printTenants() {
    out.printf(
        "Open loop, %.0f entries/s for %d s after %d s, %d gateways over HTTP, seed %d:%n%n",
        size.rate, size.measured.toSeconds(), size.warmUp.toSeconds(), size.gateways, size.seed);
    out.println(
        "| tenants | arrivals | durable entries/s | durable p50 ms | p99 ms | under a signed"
            + " checkpoint p50 ms | p99 ms | not signed a minute later | load |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    for (var row : byTenants) {
      printLoad(row.tenants, "uniform", row.uniform);
      printLoad(row.tenants, "Zipf", row.skewed);
      printLoad(row.tenants, BUSY + " busy", row.busy);
    }
    out.printf(
        "%n| tenants | ceiling entries/s | CPU s / 100,000, program | PostgreSQL | epoch ms before the load"
            + " | after it, best of 5 | heap MB | resident MB |%n");
    out.println("|---|---|---|---|---|---|---|---|");
    for (var row : byTenants) {
      out.printf(
          "| %,d | %,.0f | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f |%n",
          row.tenants,
          row.ceiling.perSecond(),
          row.ceiling.cpu().program().toMillis() / 1e3,
          row.ceiling.cpu().database().toMillis() / 1e3,
          row.epochBefore,
          row.epochAfter,
          row.memory.heap,
          row.memory.resident);
    }
  }

  private void printLoad(int tenants, String arrivals, Load.Result seen) {
    out.printf(
        "| %,d | %s | %,.0f | %.1f | %.1f | %.0f | %.0f | %d of %d | %.1f |%n",
        tenants,
        arrivals,
        seen.perSecond(),
        seen.durable().ms(0.5),
        seen.durable().ms(0.99),
        seen.signed().ms(0.5),
        seen.signed().ms(0.99),
        seen.unsigned(),
        seen.unsigned() + seen.signed().count(),
        seen.load());
  }

  private void printEntries() {
    out.printf(
        "%n| entries in one log | proof p50 ms | p99 ms | proof bytes | on disk MB | built in s |%n");
    out.println("|---|---|---|---|---|---|");
    for (var row : byEntries) {
      out.printf(
          "| %,d | %.2f | %.2f | %,d | %,.0f | %.0f |%n",
          row.entries, row.p50, row.p99, row.proofBytes, row.bytes / 1e6, row.built);
    }
  }

  private void draw() {
    new LineChart("Append to durable", "tenants", "ms")
        .line("uniform p50", tenants(row -> row.uniform.durable().ms(0.5)))
        .line("uniform p99", tenants(row -> row.uniform.durable().ms(0.99)))
        .line("Zipf p99", tenants(row -> row.skewed.durable().ms(0.99)))
        .line(BUSY + " busy p99", tenants(row -> row.busy.durable().ms(0.99)))
        .write(charts.resolve("log-durable.svg"));
    new LineChart("Append to signed checkpoint, p99", "tenants", "ms")
        .line("uniform", tenants(row -> row.uniform.signed().ms(0.99)))
        .line("Zipf", tenants(row -> row.skewed.signed().ms(0.99)))
        .line(BUSY + " busy", tenants(row -> row.busy.signed().ms(0.99)))
        .write(charts.resolve("log-signed.svg"));
    new LineChart("Most entries per second", "tenants", "entries/s")
        .line("durable", tenants(row -> row.ceiling.perSecond()))
        .write(charts.resolve("log-ceiling.svg"));
    new LineChart("Building an epoch", "slots", "ms")
        .line("before the load", tenants(TenantsRow::epochBefore))
        .line("after it, best of 5", tenants(TenantsRow::epochAfter))
        .write(charts.resolve("log-epoch.svg"));
    new LineChart("Memory of server and load", "tenants", "MB")
        .line("heap in use", tenants(row -> row.memory.heap))
        .line("resident", tenants(row -> row.memory.resident))
        .write(charts.resolve("log-memory.svg"));
    if (!byEntries.isEmpty()) {
      new LineChart("Proof of one entry", "entries in the log", "ms")
          .line("p50", entries(EntriesRow::p50))
          .line("p99", entries(EntriesRow::p99))
          .write(charts.resolve("log-proof.svg"));
      new LineChart("A log on disk", "entries", "MB")
          .line("with indexes", entries(row -> row.bytes / 1e6))
          .write(charts.resolve("log-disk.svg"));
    }
  }

  private List<LineChart.Point> tenants(ToDoubleFunction<TenantsRow> what) {
    return byTenants.stream()
        .map(row -> new LineChart.Point(row.tenants, what.applyAsDouble(row)))
        .toList();
  }

  private List<LineChart.Point> entries(ToDoubleFunction<EntriesRow> what) {
    return byEntries.stream()
        .map(row -> new LineChart.Point(row.entries, what.applyAsDouble(row)))
        .toList();
  }
}
