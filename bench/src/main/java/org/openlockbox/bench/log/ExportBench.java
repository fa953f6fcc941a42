package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.openlockbox.bench.chart.BarChart;
import org.openlockbox.server.export.ExportFormat;

/// How fast a tenant's log leaves as events, texts included: fetched, and told to sinks that throw
/// them away. Everything is in this program; each way is gone once to warm up and once to be timed.
public final class ExportBench {
  private static final int TO_SYSLOG = 0;
  private static final int TO_SPLUNK = 1;
  private static final int FETCHED = 2;

  private final long entries;
  private final long seed;
  private final Path charts;
  private final PrintStream out;
  private final BarChart chart = new BarChart("A log as events", "events/s");

  public ExportBench(long entries, long seed, Path charts, PrintStream out) {
    this.entries = entries;
    this.seed = seed;
    this.charts = charts;
    this.out = out;
  }

  public void run() throws IOException {
    try (var directory = new Workplace();
        var syslog = new SyslogReceiver(directory.path());
        var splunk = new CollectorReceiver();
        var site =
            LogSite.start(
                directory.path(),
                1,
                List.of(
                    syslog.sink(LogSite.tenant(TO_SYSLOG)),
                    splunk.sink(LogSite.tenant(TO_SPLUNK))))) {
      site.populate(3);
      printHead();
      fetch(site, directory.path());
      tell(site, directory.path(), TO_SYSLOG, "syslog over TLS", syslog.arrivals());
      tell(site, directory.path(), TO_SPLUNK, "Splunk HEC, gzip", splunk.arrivals());
      chart.write(charts.resolve("export.svg"));
    }
  }

  private void printHead() {
    out.printf(
        "%s, %,d entries a way, seed %d%n%n",
        InstantSource.system().instant().truncatedTo(ChronoUnit.MINUTES), entries, seed);
    out.println(
        "| way | events/s | MB/s | CPU s for 100,000: server and receiver | PostgreSQL | load |");
    out.println("|---|---|---|---|---|---|");
  }

  private void print(String way, Arrivals.Rate rate, CpuTime used) {
    var each = used.perHundredThousand(entries);
    chart.row(way, rate.events());
    out.printf(
        "| %s | %,.0f | %.1f | %.1f | %.1f | %.1f |%n",
        way,
        rate.events(),
        rate.megabytes(),
        each.program().toMillis() / 1e3,
        each.database().toMillis() / 1e3,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private void fetch(LogSite site, Path directory) throws IOException {
    try (var log = new BigLog(site, directory, FETCHED, seed);
        var http = HttpClient.newHttpClient()) {
      log.growTo(entries);
      var token = site.auditor(FETCHED);
      for (var format : ExportFormat.values()) {
        fetch(site, http, token, format);
        var before = site.cpuTime();
        var rate = fetch(site, http, token, format);
        print("fetched as " + format.name(), rate, site.cpuTime().minus(before));
      }
    }
  }

  private Arrivals.Rate fetch(LogSite site, HttpClient http, String token, ExportFormat format)
      throws IOException {
    var path =
        "http://127.0.0.1:%d/v1/tenants/%s/export?texts=true&format=%s"
            .formatted(site.port(), LogSite.tenant(FETCHED), format.word());
    var request =
        HttpRequest.newBuilder(URI.create(path)).header("Authorization", "Bearer " + token).build();
    long from = System.nanoTime();
    try (var body = http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      var lines = Lines.of(body);
      if (lines.count() < entries) {
        throw new IllegalStateException("%d of %d lines came".formatted(lines.count(), entries));
      }
      double seconds = (System.nanoTime() - from) / 1e9;
      return new Arrivals.Rate(entries / seconds, lines.bytes() / seconds / 1e6);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tell(LogSite site, Path directory, int tenant, String way, Arrivals arrivals) {
    try (var log = new BigLog(site, directory, tenant, seed)) {
      told(site, log, entries, arrivals);
      var before = site.cpuTime();
      var rate = told(site, log, 2 * entries, arrivals);
      print(way, rate, site.cpuTime().minus(before));
    }
  }

  /// The log grows right after an epoch, so that the sink hears of all of it with the next.
  private Arrivals.Rate told(LogSite site, BigLog log, long size, Arrivals arrivals) {
    site.buildEpoch();
    arrivals.begin();
    log.growTo(size);
    site.buildEpoch();
    return arrivals.await(entries);
  }
}
