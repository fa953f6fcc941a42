package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.openlockbox.bench.chart.BarChart;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.request.StoredRequest;

/// The portal's pages of a tenant with two years of requests behind it, beside many other tenants,
/// fetched one after another from a server in this process: how long until the whole page is there.
public final class PortalBench {
  private static final int REAL = 100;
  private static final int APPROVED = 20;
  private static final int GATEWAYS = 20;

  /// Tenants that are founded as every tenant is, and how many requests each had in a month.
  private static final int BUSY = 50;

  private static final int BUSY_REQUESTS = 600;

  /// Milliseconds within which 95 of 100 are to be there.
  private static final double TARGET = 100;

  private static final List<String> CUSTOMERS =
      List.of(
          "/figures",
          "/figures?months=24",
          "/reach",
          "/policy",
          "/policy/edit",
          "/policy/edit?as=text",
          "/away",
          "/tickets",
          "/people",
          "/keys",
          "/access",
          "/practice",
          "/notifications",
          "/notifications/contact",
          "/notifications/deliveries",
          "/settings");

  private static final String POLICY =
      """
      rules:
        - id: short
          says: Our own tickets may see masked data for half an hour.
          match: {level: {atMost: masked}, duration: {atMost: PT30M}, ownTicket: true}
          approve: {}
      """;

  private final int requests;
  private final long entries;
  private final int tenants;
  private final int fetches;
  private final long seed;
  private final Path charts;
  private final PrintStream out;
  private final BarChart chart =
      new BarChart("The portal's pages", "ms", "p50", "p95").target(TARGET);

  /// How much lies behind the pages.
  ///
  /// @param requests of the tenant whose pages are opened, and `entries` in its log
  /// @param tenants beside it
  public record PortalSize(int requests, long entries, int tenants, int fetches, long seed) {}

  public PortalBench(PortalSize size, Path charts, PrintStream out) {
    this.requests = size.requests;
    this.entries = size.entries;
    this.tenants = size.tenants;
    this.fetches = size.fetches;
    this.seed = size.seed;
    this.charts = charts;
    this.out = out;
  }

  public void run() throws IOException {
    try (var directory = new Workplace();
        var site = LogSite.start(directory.path(), GATEWAYS)) {
      var key = site.found();
      try (var log = new BigLog(site, directory.path(), 0, seed)) {
        log.growTo(entries);
      }
      PortalRows.of(requests, entries).forEach(site::execute);
      addNeighbours(site);
      var real = new ArrayList<StoredRequest>();
      try (var making = new RealRequests(site, directory.path(), seed)) {
        for (int n = 0; n < REAL + APPROVED; n++) {
          real.add(making.make());
        }
      }
      real.subList(REAL, real.size()).forEach(stored -> site.approve(stored, key));
      site.execute("vacuum analyze");
      out.printf(
          "%s, %,d requests, %,d entries, %,d other tenants, %d fetches of each page, load %.1f%n%n",
          InstantSource.system().instant().truncatedTo(ChronoUnit.MINUTES),
          requests,
          entries,
          tenants,
          fetches,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      out.println("| page | first ms | p50 ms | p95 ms | KB |");
      out.println("|---|---|---|---|---|");
      measure(site, real.subList(0, REAL), real.subList(REAL, real.size()), key.key().keyId());
      chart.write(charts.resolve("portal.svg"));
    }
  }

  /// The first of them have keys and many requests; the others are rows alone.
  private void addNeighbours(LogSite site) {
    int busy = Math.min(BUSY, tenants);
    for (int n = 1; n <= busy; n++) {
      site.found(n);
    }
    if (tenants > busy) {
      TenantRows.heads("Unit", busy + 1, tenants + 1, LogSite.LOG_HOST).forEach(site::execute);
    }
    PortalRows.beside(busy, BUSY_REQUESTS).forEach(site::execute);
    PortalRows.boots(site.certificates()).forEach(site::execute);
  }

  private void measure(
      LogSite site, List<StoredRequest> pending, List<StoredRequest> approved, KeyId key) {
    var random = new Random(seed);
    try (var customer = PortalVisit.of(site, "auditor")) {
      Supplier<StoredRequest> asked = () -> pending.get(random.nextInt(pending.size()));
      Supplier<String> given = () -> approved.get(random.nextInt(approved.size())).id().value();
      requests(customer, () -> "/requests/" + asked.get().id(), () -> "/requests/" + given.get());
      signing(customer, asked);
      entries(customer, random);
      audit(customer, random);
      values(site, customer, random);
      CUSTOMERS.forEach(page -> row(customer, page.substring(1), () -> page));
      row(customer, "a key", () -> "/keys/" + key.hex());
      policy(customer);
    }
    provider(site, pending, random);
  }

  private void requests(PortalVisit customer, Supplier<String> asked, Supplier<String> given) {
    row(customer, "inbox", () -> "/inbox");
    row(customer, "whether a page is fresh", () -> "/fresh");
    row(customer, "deny several", () -> "/deny");
    row(customer, "a request", asked);
    row(customer, "a request, limits", () -> asked.get() + "?limits=asked");
    row(customer, "its code for a phone", () -> "/phone.svg?path=" + asked.get());
    row(customer, "an access", given);
    row(customer, "its record", () -> given.get() + "/record");
    row(customer, "its proof", () -> given.get() + "/proof");
    row(customer, "watching it", () -> given.get() + "/live");
  }

  private void signing(PortalVisit customer, Supplier<StoredRequest> asked) {
    call(
        customer,
        "sign, approve",
        () -> {
          var stored = asked.get();
          return customer.signing(
              "/sign",
              new SigningIntent.Decide(stored.id(), stored.etag()),
              Map.of("decision", "approve"));
        });
  }

  private void entries(PortalVisit customer, Random random) {
    row(customer, "an entry", () -> "/audit/entries/" + random.nextLong(entries));
    row(
        customer,
        "an entry's proof",
        () -> "/audit/entries/%d/proof".formatted(random.nextLong(entries)));
  }

  /// A policy that is looked at before it is proposed: what requests of 90 days would have become.
  private void policy(PortalVisit customer) {
    var draft = customer.form("/policy/edit", Map.of("base", "0", "do", "look", "text", POLICY));
    call(customer, "policy, what it would do", () -> draft);
    var proposed = customer.send(customer.form("/access", Map.of("access", "off")));
    var proposal = proposed.headers().firstValue("Location").orElseThrow();
    row(customer, "a proposal", () -> proposal);
  }

  /// The provider's people: an engineer, a second person, an operator.
  private void provider(LogSite site, List<StoredRequest> pending, Random random) {
    Supplier<String> any = () -> pending.get(random.nextInt(pending.size())).id().value();
    try (var engineer = PortalVisit.of(site, "engineer-1")) {
      row(engineer, "mine", () -> "/mine");
      row(engineer, "engineer's inbox", () -> "/inbox");
      row(engineer, "a request of one's own", () -> "/requests/" + any.get());
      row(engineer, "its record, for its engineer", () -> "/requests/" + any.get() + "/record");
      row(engineer, "ask", () -> "/ask");
      row(engineer, "ask again", () -> "/ask?like=" + any.get());
      row(engineer, "ask, a passkey", () -> "/ask/passkey");
    }
    try (var reviewer = PortalVisit.of(site, "reviewer")) {
      row(reviewer, "reviews", () -> "/reviews");
      row(reviewer, "reviewer's inbox", () -> "/inbox");
      row(reviewer, "a request, for a reviewer", () -> "/requests/" + any.get());
    }
    try (var operator = PortalVisit.of(site, "operator")) {
      operator(operator, random);
      row(operator, "a request, for an operator", () -> "/requests/" + any.get());
    }
  }

  private void operator(PortalVisit operator, Random random) {
    row(operator, "operation", () -> "/operation");
    row(operator, "operator's inbox", () -> "/inbox");
    row(operator, "whether an operator's page is fresh", () -> "/fresh");
    row(operator, "operation/access", () -> "/operation/access");
    row(operator, "operation/gateways", () -> "/operation/gateways/gw-" + random.nextInt(GATEWAYS));
    row(operator, "operation/tenants", () -> "/operation/tenants?state=founded&text=tenant");
    row(operator, "tenants, all", () -> "/operation/tenants");
    row(operator, "tenants, a name", () -> "/operation/tenants?text=unit+" + random.nextInt(1000));
    row(operator, "tenants, nothing found", () -> "/operation/tenants?text=no+such+name");
    row(operator, "tenants, a page anywhere", () -> "/operation/tenants?after=" + tenant(random));
    row(operator, "a tenant", () -> "/operation/tenants/t" + random.nextInt(BUSY));
    row(operator, "operation/new-tenant", () -> "/operation/new-tenant");
  }

  private String tenant(Random random) {
    return "t" + random.nextInt(tenants);
  }

  private void audit(PortalVisit customer, Random random) {
    row(customer, "audit", () -> "/audit");
    row(customer, "audit, a page anywhere", () -> "/audit?before=" + random.nextLong(entries));
    row(customer, "audit, one engineer's at one resource", () -> filtered(random));
    row(customer, "audit, one ticket", () -> "/audit?text=SUP-" + (requests - 1));
    row(customer, "audit, nothing found", () -> "/audit?text=no+such+word");
    row(customer, "audit, a table most name", () -> "/audit?table=customers");
    row(
        customer,
        "audit, a table few name",
        () -> "/audit?table=table-" + random.nextInt(100) * 10);
    row(customer, "audit, an approver's", () -> "/audit?person=approver-0");
    row(customer, "audit, an old month", () -> "/audit?until=" + day());
    row(customer, "audit, to print", () -> "/audit/print");
    row(customer, "audit, automatic ones", () -> "/audit?outcome=automatic");
    row(customer, "audit, with something blocked", () -> "/audit?blocked=yes");
  }

  /// Searches for a value open sealed statements; each begins as if it were the person's first.
  private void values(LogSite site, PortalVisit customer, Random random) {
    Supplier<String> any =
        () -> {
          site.execute("delete from statement_search");
          return "/audit?value=" + random.nextInt(1_000_000);
        };
    row(customer, "audit, a value", any);
    row(customer, "audit, a value in this month", () -> any.get() + "&month=" + month());
    row(
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

  private void row(PortalVisit visit, String name, Supplier<String> path) {
    call(visit, name, () -> PortalVisit.PageCall.get(path.get()));
  }

  private void call(PortalVisit visit, String name, Supplier<PortalVisit.PageCall> call) {
    var first = new Latencies();
    int bytes = fetch(visit, call, first);
    for (int n = 0; n < fetches / 5; n++) {
      fetch(visit, call, new Latencies());
    }
    var latencies = new Latencies();
    for (int n = 0; n < fetches; n++) {
      bytes = fetch(visit, call, latencies);
    }
    out.printf(
        "| %s | %.0f | %.1f | %.1f | %d |%n",
        name, first.ms(1), latencies.ms(0.5), latencies.ms(0.95), bytes / 1000);
    chart.row(name, latencies.ms(0.5), latencies.ms(0.95));
  }

  private static int fetch(
      PortalVisit visit, Supplier<PortalVisit.PageCall> call, Latencies latencies) {
    var page = call.get();
    long start = System.nanoTime();
    var answer = visit.send(page);
    latencies.add(System.nanoTime() - start);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          "%s answered %d: %s"
              .formatted(
                  page.path(),
                  answer.statusCode(),
                  new String(answer.body(), StandardCharsets.UTF_8)));
    }
    return answer.body().length;
  }
}
