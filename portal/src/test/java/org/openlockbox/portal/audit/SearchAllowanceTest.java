package org.openlockbox.portal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestGateway;

/// What a search for a value is charged, and that what it pays for brings it on.
final class SearchAllowanceTest {
  private static final int MOST_OPENED = 300;

  private final PortalFixture portal = new PortalFixture();
  private final TestBrowser ann = portal.browser().as("ann@acme.example");

  @AfterEach
  void close() {
    portal.close();
  }

  /// A request under which so many statements were sent.
  private void sent(int statements, IntFunction<String> sql) {
    var gateway = TestGateway.leased(portal.server);
    var session = gateway.open(portal.acme, portal.acme.approved());
    for (int from = 0; from < statements; from += 100) {
      var entries = new ArrayList<Json>();
      for (int n = from; n < Math.min(statements, from + 100); n++) {
        var text = TestGateway.sql(sql.apply(n));
        entries.add(gateway.entry(portal.acme, TestGateway.statement(session, n, text), text));
      }
      TestGateway.indices(gateway.append(entries));
    }
  }

  private long charged() {
    var sums = portal.server.rows("select sum(statements) from statement_search");
    return Long.parseLong(sums.getFirst());
  }

  private static List<String> says(int read, int cost) {
    return List.of("data-read=\"%d\"".formatted(read), "data-cost=\"%d\"".formatted(cost));
  }

  /// A page is full while statements of further requests are open already: they are paid for too.
  @Test
  void whatIsOpenedAheadIsPaidFor() {
    for (int request = 0; request < 70; request++) {
      var sql = request < 60 ? "select 'needle'" : "select 1";
      sent(1, _ -> sql);
    }
    int least = 60 * 4;
    int ahead = 10;
    assertThat(ann.get("/audit?value=needle").text()).contains(says(60, least + ahead));
    assertThat(charged()).isEqualTo(least + ahead);
  }

  /// Inside a large request nothing of others is opened: all of the allowance brings it on.
  @Test
  void aSearchInsideALargeRequestOpensNothingElse() {
    IntStream.range(0, 3).forEach(_ -> sent(150, n -> "select " + n));
    sent(2 * MOST_OPENED + 100, n -> "select " + n);
    var page = ann.get("/audit?value=needle").text();
    assertThat(page).contains(says(MOST_OPENED, MOST_OPENED));
    var on = page.replaceAll("(?s).*href=\"(/audit\\?value=needle&amp;before=[^\"]*)\".*", "$1");
    assertThat(on).contains("at=");
    assertThat(ann.get(on.replace("&amp;", "&")).text()).contains(says(MOST_OPENED, MOST_OPENED));
    assertThat(charged()).isEqualTo(2 * MOST_OPENED);
  }
}
