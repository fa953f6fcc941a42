package org.openlockbox.portal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestGateway;
import org.openlockbox.tlog.tree.Hash;

/// The record's lanes: the request and its answer, the access and its end, and each session.
final class RecordLanesTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser AUD = PORTAL.browser().as("aud@acme.example");
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final TestGateway GATEWAY = TestGateway.leased(PORTAL.server);

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static void passes(int minutes) {
    PORTAL.server.pass(Duration.ofMinutes(minutes));
  }

  private static void sends(SessionId session, long n, Optional<String> refused) {
    var text = TestGateway.sql("select " + n);
    var facts = SqlFacts.reading("select", 1, List.of("customers"));
    GATEWAY.append(
        GATEWAY.entry(
            PORTAL.acme,
            new SessionEvent.Operation(
                session, n, text.commitment(), Optional.empty(), "query", facts, refused),
            text));
    if (refused.isEmpty()) {
      var outcome =
          new SessionEvent.Outcome(
              session, n, new OutcomeStatus("42703"), 0, 0, 0, Optional.empty());
      GATEWAY.append(GATEWAY.entry(PORTAL.acme, outcome));
    }
  }

  private static void closes(SessionId session, String reason) {
    var closed = new SessionEvent.Closed(session, reason, 2, 0, 0, Hash.sha256(new byte[0]), true);
    GATEWAY.append(GATEWAY.entry(PORTAL.acme, closed));
  }

  @Test
  void theLanesSayWhenItWasAskedAnsweredUsedAndEnded() {
    var asked = PORTAL.acme.ask("helpdesk");
    var record = PortalFixture.page(asked) + "/record";
    assertThat(AUD.get(record).text()).as("nobody answered").doesNotContain("id=\"lanes\"");
    passes(9);
    assertThat(PORTAL.acme.approve(asked).status()).isEqualTo(200);
    assertThat(AUD.get(record).text())
        .as("nobody came")
        .contains("id=\"lanes\"", "No session was opened.", "after 9 minutes.");
    passes(1);
    var first = GATEWAY.open(PORTAL.acme, asked);
    sends(first, 0, Optional.empty());
    sends(first, 1, Optional.of("level"));
    passes(3);
    closes(first, "client-left");
    var second = GATEWAY.open(PORTAL.acme, asked);
    passes(2);
    assertThat(AUD.get(record).text()).contains("aria-label=\"Granted from ", " Active\"");
    assertThat(ANN.post(PortalFixture.page(asked) + "/stop", Map.of()).status()).isEqualTo(303);
    closes(second, "ended");
    var page = AUD.get(record).text();
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(120 * 1024);
    assertThat(page)
        .contains("aria-label=\"Requested ", "<title>Not used from ", "Revoked: ")
        .contains("On this page 2 operations, 1 blocked, 1 failed.\"")
        .contains("aria-label=\"Session 2 from ", "2 sessions. On this page 2 operations")
        .contains("class=\"blocked\" x1=", "class=\"failed tone-care\" x1=", "class=\"ended\" x1=")
        .doesNotContain("style=\"");
  }
}
