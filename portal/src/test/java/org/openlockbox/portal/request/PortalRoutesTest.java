package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestServer.Answer;

/// Of a service that speaks HTTP the approver sees each request that the level lets through.
final class PortalRoutesTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Answer ask(String level) {
    var wish =
        Json.object()
            .put("resource", "helpdesk-api")
            .put("level", level)
            .put("purpose", "provider_maintenance")
            .put("reason", "Look at the queue")
            .put("ticket", "")
            .put("duration", Duration.ofMinutes(30))
            .put("engineerKey", PORTAL.acme.engineerKey.key().toJson())
            .build();
    var asked = PORTAL.server.post("engineer", PORTAL.acme.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    return asked;
  }

  @Test
  void theRoutesOfAServiceAreShownForTheLevel() {
    assertThat(ANN.get(page(ask("read"))).text())
        .contains("tickets.list", "GET /t/a-1/tickets", "data of other customers")
        .contains("The gateway enforces this list")
        .doesNotContain("tickets.update", "tables", "The database enforces")
        .doesNotContain("tickets.*.id", "tickets.*.subject");
    assertThat(ANN.get(page(ask("write"))).text())
        .contains("tickets.update", "PATCH /t/a-1/tickets/{id}");
  }

  @Test
  void aLevelWithoutRoutesSpeaksOfTheServiceAllTheSame() {
    assertThat(ANN.get(page(ask("metadata"))).text())
        .contains("No request to this service is allowed at this level.")
        .contains("data of other customers", "The gateway enforces this list")
        .doesNotContain("these tables", "The database enforces");
  }

  @Test
  void theFieldsOfAnswersAreShownForALevelThatMasks() {
    assertThat(ANN.get(page(ask("masked"))).text())
        .contains("shown: tickets.*.id", "masked: tickets.*.subject")
        .contains("the full values of 1 masked field<")
        .doesNotContain("masked column", "these tables");
  }

  /// As a browser sends it that has previewed it before.
  @Test
  void aServiceIsAskedForInTheFormWhereNothingSpeaksOfTables() {
    var eve = PORTAL.browser().as("eve@vendor.example");
    var fields = new TreeMap<String, String>();
    fields.put("once", eve.get("/ask").field("once"));
    fields.put("do", "preview");
    fields.put("tenant", "acme");
    fields.put("resource", "helpdesk-api");
    fields.put("level", "masked");
    fields.put("duration", "PT30M");
    fields.put("purpose", "provider_maintenance");
    fields.put("reason", "Look at the queue");
    fields.put("key", CanonicalJson.text(PORTAL.acme.engineerKey.key().toJson()));
    var preview = eve.post("/ask", fields);
    assertThat(preview.text())
        .contains("tickets.list")
        .doesNotContain("Only these tables", "word for word", "name=\"profile\"");
    fields.put("tablesOf", "helpdesk-api");
    fields.put("do", "send");
    var sent = eve.post("/ask", fields);
    assertThat(sent.status()).as(sent.text()).isEqualTo(303);
  }

  @Test
  void aLevelIsOfferedWhereTheSystemHasIt() {
    var eve = PORTAL.browser().as("eve@vendor.example");
    var fields = Map.of("do", "preview", "tenant", "acme", "resource", "helpdesk");
    assertThat(eve.post("/ask", fields).text())
        .contains("value=\"read\"")
        .doesNotContain("value=\"write\"");
  }

  @Test
  void whoMayCallAServiceIsToldHow() {
    var asked = ask("read");
    assertThat(PORTAL.acme.approve(asked).status()).isEqualTo(200);
    var eve = PORTAL.browser().as("eve@vendor.example");
    for (var shown : List.of("/mine", page(asked))) {
      assertThat(eve.get(shown).text())
          .contains("lockbox connect " + PortalFixture.id(asked) + " curl")
          .contains("Its gateways are in eu-central-1, us-east-1. Add --region to choose one")
          .doesNotContain("psql");
    }
  }
}
