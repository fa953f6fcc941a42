package org.openlockbox.portal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.identity.Role;
import org.openlockbox.tlog.tree.Hash;

/// Watching access while it is used.
final class PortalLiveTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser AUD = PORTAL.browser().as("aud@acme.example");
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  /// An open session whose engineer sends one statement after another.
  private static final class Open {
    final Answer request = PORTAL.acme.approved();
    private final TestGateway gateway = TestGateway.leased(PORTAL.acme.server);
    private final SessionId session = gateway.open(PORTAL.acme, request);
    private long n;

    String path(String part) {
      return "/requests/%s/%s".formatted(PortalFixture.id(request), part);
    }

    /// @return its index in the log
    long sends(String sql, SqlFacts facts) {
      return sends(sql, facts, Optional.empty());
    }

    long sends(String sql, SqlFacts facts, Optional<String> refused) {
      var text = TestGateway.sql(sql);
      var statement =
          new SessionEvent.Operation(
              session, n++, text.commitment(), Optional.empty(), "query", facts, refused);
      return TestGateway.indices(gateway.append(gateway.entry(PORTAL.acme, statement, text)))
          .getFirst();
    }

    long sends(String sql) {
      return sends(sql, SqlFacts.reading("select", 1, List.of("customers")));
    }

    void closes(String reason) {
      var closed =
          new SessionEvent.Closed(session, reason, n, n, n, Hash.sha256(new byte[0]), true);
      TestGateway.indices(gateway.append(gateway.entry(PORTAL.acme, closed)));
    }

    void fails(String status) {
      var outcome =
          new SessionEvent.Outcome(
              session, n - 1, new OutcomeStatus(status), 0, 0, 0, Optional.empty());
      TestGateway.indices(gateway.append(gateway.entry(PORTAL.acme, outcome)));
    }

    void receives(long rows) {
      var outcome =
          new SessionEvent.Outcome(
              session, n - 1, OutcomeStatus.SQL_DONE, rows, 20 * rows, 0, Optional.empty());
      TestGateway.indices(gateway.append(gateway.entry(PORTAL.acme, outcome)));
    }
  }

  /// A page that watches.
  private record Watching(HttpResponse<InputStream> response, BufferedReader lines)
      implements AutoCloseable {
    static Watching of(TestBrowser who, int server, String path, String last) {
      var headers = last.isEmpty() ? Map.<String, String>of() : Map.of("Last-Event-ID", last);
      var response = who.stream(server, path, headers);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      return new Watching(
          response,
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
    }

    /// The next event that is about a statement or what came of it.
    Fields next() {
      while (true) {
        var line = line().orElseThrow(() -> new AssertionError("the stream ended"));
        if (line.startsWith("data: ") && !line.contains("\"statement\":\"\"")) {
          return Fields.of(
              Json.read(line.substring(6).getBytes(StandardCharsets.UTF_8), 1 << 16), "event");
        }
      }
    }

    Optional<String> line() {
      try {
        return Optional.ofNullable(lines.readLine());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void untilItEnds() {
      while (line().isPresent()) {
        // What still comes is of no interest.
      }
    }

    @Override
    public void close() {
      try {
        response.body().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void statementsComeAsTheyAreRecordedWithCountsAndWithoutData() {
    var open = new Open();
    try (var page = Watching.of(AUD, 0, open.path("live/stream"), "")) {
      long index = open.sends("select email from customers");
      var sent = page.next();
      assertThat(sent.number("index")).isEqualTo(index);
      assertThat(sent.text("words")).isEqualTo("Reads customers");
      assertThat(sent.objects("text"))
          .extracting(part -> part.text("style") + ":" + part.text("text"))
          .containsExactly("sql-keyword:select", ": email ", "sql-keyword:from", ": customers");
      open.receives(3);
      var received = page.next();
      assertThat(received.text("words")).isEqualTo("3 rows");
      assertThat(received.text("statement")).isEqualTo(sent.text("statement"));
      open.sends("drop table customers", SqlFacts.of("ddl"), Optional.of("level"));
      var blocked = page.next();
      assertThat(blocked.flag("blocked")).isTrue();
      assertThat(blocked.text("words")).contains("Refused, not allowed at this level");
    }
  }

  @Test
  void whatExecutesANameShowsTheStatementThatMadeIt() {
    var open = new Open();
    open.sends("prepare p as select name from customers", SqlFacts.of("prepare"));
    open.sends("execute p", SqlFacts.of("execute").preparedBy(0));
    for (var page : List.of("record", "live")) {
      assertThat(AUD.get(open.path(page)).read())
          .as(page)
          .contains("Execute; prepared by statement 0", "/0</small>", "/1</small>")
          .containsSubsequence(
              "prepared by statement 0", "execute p", "prepare p as select name from customers");
    }
    try (var stream = Watching.of(AUD, 0, open.path("live/stream"), "")) {
      stream.next();
      assertThat(stream.next().objects("prepared"))
          .extracting(part -> part.text("text"))
          .startsWith("prepare", " p ", "as", " ", "select", " name ");
    }
  }

  /// Whoever reads only the beginning of what was prepared sees that it is not all.
  @Test
  void theBeginningOfAPreparedStatementIsMarkedAsThat() {
    var open = new Open();
    open.sends("prepare p as select " + "1, ".repeat(1_000) + "2", SqlFacts.of("prepare"));
    open.sends("execute p", SqlFacts.of("execute").preparedBy(0));
    for (var page : List.of("record", "live")) {
      assertThat(AUD.get(open.path(page)).read())
          .as(page)
          .containsPattern("class=\"written prepared\">prepare p as[^<]* …</code>");
    }
    try (var stream = Watching.of(AUD, 0, open.path("live/stream"), "")) {
      stream.next();
      assertThat(stream.next().flag("preparedShortened")).isTrue();
    }
  }

  @Test
  void whatAToolSendsByItselfIsFoldedUnlessItFails() {
    var open = new Open();
    open.sends("set extra_float_digits = 3", SqlFacts.of("set"));
    open.receives(0);
    open.sends("select relname from pg_class", catalogue());
    open.receives(2);
    open.sends("select email from customers");
    open.sends("select nothing from pg_class", catalogue());
    open.fails("42703");
    open.sends("set role postgres", SqlFacts.of("set"), Optional.of("setting"));
    for (var page : List.of("live", "record")) {
      var text = AUD.get(open.path(page)).read();
      var fold = text.replaceAll("(?s).*?class=\"step fold\">(.*?)</details>.*", "$1");
      assertThat(fold)
          .as(page)
          .contains(">2 statements of a tool: structure and settings</summary>")
          .contains("set extra_float_digits = 3", "select relname from pg_class")
          .doesNotContain("email", "nothing", "set role");
      assertThat(text.split("class=\"step fold\"", -1).length)
          .as("one run, and the one that live pages copy")
          .isEqualTo(page.equals("live") ? 3 : 2);
    }
    try (var stream = Watching.of(ANN, 0, open.path("live/stream"), "")) {
      assertThat(List.of(stream.next(), stream.next(), stream.next()))
          .extracting(line -> line.flag("folded"))
          .containsExactly(true, true, false);
    }
  }

  private static SqlFacts catalogue() {
    return SqlFacts.reading("select", 1, List.of("pg_catalog"));
  }

  @Test
  void wordsThatMixAlphabetsAreMarkedAsOnEveryPage() {
    var open = new Open();
    try (var page = Watching.of(AUD, 0, open.path("live/stream"), "")) {
      open.sends("select 'p\u0430ypal'");
      assertThat(page.next().objects("text"))
          .anySatisfy(
              part -> {
                assertThat(part.text("text")).isEqualTo("p\u0430ypal");
                assertThat(part.flag("marked")).isTrue();
              });
    }
  }

  @Test
  void aPageThatSaysWhoHasAccessIsToldWhenItIsOver() {
    var open = new Open();
    var whileOpen = "data-on=\"You see each operation as it is recorded.\"";
    assertThat(AUD.get(open.path("live")).text()).contains(whileOpen);
    try (var page = Watching.of(AUD, 0, open.path("live/stream"), "")) {
      assertThat(ANN.post(open.path("stop"), Map.of()).status()).isEqualTo(303);
      var line = page.line();
      while (!line.orElseThrow().equals("event: over")) {
        line = page.line();
      }
      assertThat(page.line().orElseThrow()).contains("\"revoked\"", "\"Revoked\"");
    }
    assertThat(AUD.get(open.path("live")).text())
        .contains("data-on=\"Access is over.")
        .doesNotContain(whileOpen);
  }

  @Test
  void whoComesBackGoesOnFromWhatTheyHaveAtAnyServer() {
    PORTAL.server.startAnother();
    var open = new Open();
    long first = open.sends("select 1");
    long second = open.sends("select 2");
    try (var page = Watching.of(AUD, 1, open.path("live/stream"), Long.toString(first))) {
      assertThat(page.next().number("index")).isEqualTo(second);
    }
  }

  @Test
  void thePageShowsWithoutScriptWhatTheStreamGoesOnFrom() {
    var open = new Open();
    long index = open.sends("select 1");
    var page = AUD.get(open.path("live"));
    assertThat(page.text())
        .contains("Reads customers", "live/stream\" data-from=\"" + (index + 1))
        .doesNotContain("/stop\"");
    assertThat(ANN.get(open.path("live")).text()).contains(open.path("stop"));
  }

  @Test
  void theFiguresCountWhatWasDoneAndGrowWithTheStream() {
    var open = new Open();
    open.sends("select 1");
    open.receives(3);
    open.sends("drop table customers", SqlFacts.of("ddl"), Optional.of("level"));
    open.sends("select nothing");
    open.fails("42703");
    var page = AUD.get(open.path("live"));
    assertThat(figures(page.text()))
        .isEqualTo("operations=3 sessions=1 units=3 blocked=1 failed=1");
    var eve = PORTAL.browser().as("eve@vendor.example");
    try (var stream = Watching.of(eve, 0, open.path("live/stream"), last(page.text()))) {
      open.sends("select 2");
      assertThat(stream.next().object("more").number("operations")).isEqualTo(1);
      open.receives(1200);
      assertThat(stream.next().object("more").number("units")).isEqualTo(1200);
    }
    assertThat(figures(AUD.get(open.path("live")).text()))
        .isEqualTo("operations=4 sessions=1 units=1,203 blocked=1 failed=1");
  }

  /// Each of them by its name, once.
  private static String figures(String page) {
    return Pattern.compile("<(?:dd|span) data-figure=\"([a-z]+)\">([0-9,]+)<")
        .matcher(page)
        .results()
        .map(one -> one.group(1) + "=" + one.group(2))
        .collect(Collectors.joining(" "));
  }

  /// The index of the newest entry that the page has.
  private static String last(String page) {
    return Long.toString(
        Long.parseLong(page.replaceAll("(?s).*data-from=\"([0-9]+)\".*", "$1")) - 1);
  }

  @Test
  void whatWasSignedStandsBesideWhatIsDone() {
    var open = new Open();
    assertThat(ANN.get(open.path("live")).text()).contains("<h2>What you signed</h2>");
    for (var who : List.of(AUD, PORTAL.browser().as("eve@vendor.example"))) {
      assertThat(who.get(open.path("live")).text())
          .contains("<h2>What was signed</h2>", "Masked", "of 30 minutes", "2 of 2 tables")
          .contains("<dt>Signed by</dt><dd><span>acme-ann</span>", open.path("proof"));
    }
  }

  @Test
  void whyASessionEndedIsSaidInWords() {
    var open = new Open();
    open.sends("select 1");
    open.receives(1);
    open.closes("gateway-stopped");
    for (var page : List.of("live", "record")) {
      assertThat(AUD.get(open.path(page)).text())
          .contains("the gateway was stopped")
          .doesNotContain("gateway-stopped");
    }
  }

  @Test
  void aStreamEndsWithItsVisit() {
    PORTAL.person(Optional.of(PORTAL.acme.id), "acme-xan", "xan@acme.example", Role.AUDITOR);
    var xan = PORTAL.browser().as("xan@acme.example");
    var open = new Open();
    try (var page = Watching.of(xan, 0, open.path("live/stream"), "")) {
      open.sends("select 1");
      page.next();
      assertThat(xan.post("/sign-out", Map.of()).status()).isEqualTo(303);
      open.sends("select secret");
      page.untilItEnds();
    }
  }

  @Test
  void nobodyElseWatches() {
    var open = new Open();
    for (var address : List.of("ann@globex.example", "olga@vendor.example", "rex@vendor.example")) {
      var who = PORTAL.browser().as(address);
      assertThat(who.get(open.path("live")).status()).isEqualTo(404);
      assertThat(who.get(open.path("live/stream")).status()).isEqualTo(404);
    }
    var eve = PORTAL.browser().as("eve@vendor.example");
    assertThat(eve.get(open.path("live")).status()).isEqualTo(200);
  }

  @Test
  void onePersonWatchesFourPagesAtMost() {
    var bob = PORTAL.browser().as("bob@acme.example");
    var path = new Open().path("live/stream");
    try (var _ = Watching.of(bob, 0, path, "");
        var _ = Watching.of(bob, 0, path, "");
        var _ = Watching.of(bob, 0, path, "")) {
      var last = Watching.of(bob, 0, path, "");
      assertThat(bob.get(path).status()).isEqualTo(429);
      last.close();
      Pause.until(
          "the place to be free",
          () -> {
            var again = bob.stream(0, path, Map.of());
            try (var _ = again.body()) {
              return again.statusCode() == 200;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
