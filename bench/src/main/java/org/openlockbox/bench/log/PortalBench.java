package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.openlockbox.bench.chart.BarChart;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.server.identity.Secret;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The portal's pages of a tenant with two years of requests behind it, fetched one after another
/// from a server in this process: how long until the whole page is there.
public final class PortalBench {
  private static final int REAL = 100;

  /// Milliseconds within which 95 of 100 are to be there.
  private static final double TARGET = 100;

  private static final List<String> CUSTOMERS =
      List.of(
          "/figures", "/reach", "/policy", "/keys", "/notifications", "/notifications/deliveries");
  private static final List<String> PROVIDERS = List.of("/mine", "/ask", "/reviews", "/operation");

  private final int requests;
  private final long entries;
  private final int fetches;
  private final long seed;
  private final Path charts;
  private final PrintStream out;
  private final BarChart chart =
      new BarChart("The portal's pages", "ms", "p50", "p95").target(TARGET);

  public PortalBench(
      int requests, long entries, int fetches, long seed, Path charts, PrintStream out) {
    this.requests = requests;
    this.entries = entries;
    this.fetches = fetches;
    this.seed = seed;
    this.charts = charts;
    this.out = out;
  }

  public void run() throws IOException {
    try (var directory = new Workplace();
        var site = LogSite.start(directory.path(), 1)) {
      site.found();
      try (var log = new BigLog(site, directory.path(), 0, seed)) {
        log.growTo(entries);
      }
      PortalRows.of(requests, entries).forEach(site::execute);
      var real = new ArrayList<RequestId>();
      try (var making = new RealRequests(site, directory.path(), seed)) {
        for (int n = 0; n < REAL; n++) {
          real.add(making.make());
        }
      }
      site.execute("vacuum analyze");
      measure(site, real);
    }
  }

  private void measure(LogSite site, List<RequestId> real) {
    out.printf(
        "%s, %,d requests, %,d entries, %d fetches of each page, load %.1f%n%n",
        InstantSource.system().instant().truncatedTo(ChronoUnit.MINUTES),
        requests,
        entries,
        fetches,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    out.println("| page | first ms | p50 ms | p95 ms | KB |");
    out.println("|---|---|---|---|---|");
    var random = new Random(seed);
    var customer = visit(site, "auditor");
    Supplier<String> any = () -> real.get(random.nextInt(real.size())).value();
    Supplier<Long> place = () -> random.nextLong(entries);
    row(site, customer, "inbox", () -> "/inbox");
    row(site, customer, "a request", () -> "/requests/" + any.get());
    row(site, customer, "its record", () -> "/requests/" + any.get() + "/record");
    row(site, customer, "watching it", () -> "/requests/" + any.get() + "/live");
    row(site, customer, "an entry", () -> "/audit/entries/" + place.get());
    row(site, customer, "its proof", () -> "/audit/entries/%d/proof".formatted(place.get()));
    audit(site, customer, random);
    values(site, customer, random);
    CUSTOMERS.forEach(page -> row(site, customer, page.substring(1), () -> page));
    var provider = visit(site, "engineer-1");
    PROVIDERS.forEach(page -> row(site, provider, page.substring(1), () -> page));
    chart.write(charts.resolve("portal.svg"));
  }

  private void audit(LogSite site, String customer, Random random) {
    row(site, customer, "audit", () -> "/audit");
    row(
        site,
        customer,
        "audit, a page anywhere",
        () -> "/audit?before=" + random.nextLong(entries));
    row(site, customer, "audit, one engineer's at one resource", () -> filtered(random));
    row(site, customer, "audit, one ticket", () -> "/audit?text=SUP-" + (requests - 1));
    row(site, customer, "audit, nothing found", () -> "/audit?text=no+such+word");
    row(site, customer, "audit, a table most name", () -> "/audit?table=customers");
    row(
        site,
        customer,
        "audit, a table few name",
        () -> "/audit?table=table-" + random.nextInt(100) * 10);
    row(site, customer, "audit, an approver's", () -> "/audit?person=approver-0");
    row(site, customer, "audit, an old month", () -> "/audit?until=" + day());
    row(site, customer, "audit, to print", () -> "/audit/print");
  }

  /// Searches for a value open sealed statements; each begins as if it were the person's first.
  private void values(LogSite site, String customer, Random random) {
    Supplier<String> any =
        () -> {
          site.execute("delete from statement_search");
          return "/audit?value=" + random.nextInt(1_000_000);
        };
    row(site, customer, "audit, a value", any);
    row(site, customer, "audit, a value in this month", () -> any.get() + "&month=" + month());
    row(
        site,
        customer,
        "audit, a value, older requests",
        () -> any.get() + "&before=" + random.nextLong(entries));
  }

  private static String month() {
    return YearMonth.now(ZoneOffset.UTC).toString();
  }

  private static String filtered(Random random) {
    return "/audit?person=engineer-%d&resource=resource-%d&level=masked"
        .formatted(random.nextInt(200), random.nextInt(10));
  }

  private static String day() {
    return DateTimeFormatter.ISO_LOCAL_DATE.format(
        InstantSource.system().instant().minusSeconds(600L * 24 * 3600).atOffset(ZoneOffset.UTC));
  }

  /// Signs somebody in, past the mail.
  private static String visit(LogSite site, String subject) {
    var secret = Secret.random(new SecureRandom());
    var database = site.connection();
    JdbcClient.create(database)
        .sql(
            """
            insert into visit (secret, person_id, zone, created_at, seen_at)
            select ?, id, 'Europe/Berlin', now(), now() from person where subject = ?
            """)
        .params(secret.hash(), subject)
        .update();
    database.destroy();
    return secret.forTheBrowser();
  }

  private void row(LogSite site, String cookie, String name, Supplier<String> path) {
    try (var http = HttpClient.newHttpClient()) {
      var first = new Latencies();
      int bytes = fetch(site, http, cookie, path.get(), first);
      for (int n = 0; n < fetches / 5; n++) {
        fetch(site, http, cookie, path.get(), new Latencies());
      }
      var latencies = new Latencies();
      for (int n = 0; n < fetches; n++) {
        bytes = fetch(site, http, cookie, path.get(), latencies);
      }
      out.printf(
          "| %s | %.0f | %.1f | %.1f | %d |%n",
          name, first.ms(1), latencies.ms(0.5), latencies.ms(0.95), bytes / 1000);
      chart.row(name, latencies.ms(0.5), latencies.ms(0.95));
    }
  }

  private static int fetch(
      LogSite site, HttpClient http, String cookie, String path, Latencies latencies) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(site.port(), path)))
            .header("Cookie", "lockbox=" + cookie)
            .build();
    try {
      long start = System.nanoTime();
      var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      latencies.add(System.nanoTime() - start);
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            path + " answered " + new String(answer.body(), StandardCharsets.UTF_8));
      }
      return answer.body().length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
