package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
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
        .doesNotContain("tickets.update", "tables", "The database enforces");
    assertThat(ANN.get(page(ask("write"))).text())
        .contains("tickets.update", "PATCH /t/a-1/tickets/{id}");
  }

  @Test
  void aLevelWithoutRoutesSpeaksOfTheServiceAllTheSame() {
    assertThat(ANN.get(page(ask("masked"))).text())
        .contains("No request to this service is allowed at this level.")
        .contains("data of other customers", "The gateway enforces this list")
        .doesNotContain("these tables", "The database enforces");
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
