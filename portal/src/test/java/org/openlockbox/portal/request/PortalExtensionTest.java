package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// An extension is a request of its own: everybody reads what it adds before they send or sign it.
final class PortalExtensionTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final Pattern START = Pattern.compile("name=\"start\"[^>]* value=\"([^\"]+)\"");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static LocalDateTime start(String form) {
    var start = START.matcher(form);
    assertThat(start.find()).as(form).isTrue();
    return LocalDateTime.parse(start.group(1));
  }

  private static String minute(LocalDateTime at) {
    return at.toString().substring("2026-11-24T".length());
  }

  @Test
  void itBeginsWhereTheOtherEndsAndSaysUntilWhenInsteadOfWhen() {
    var asked = ACME.approved();
    var id = PortalFixture.id(asked);
    var form = EVE.get("/ask?like=" + id);
    assertThat(form.text()).contains("<h1>Extend access</h1>", "href=\"/requests/" + id + "\"");
    var start = start(form.text());
    var fields = wish(form.field("once"), form.field("extends"));
    fields.put("start", start.toString());
    var means =
        "If it is approved now, access lasts until [^<]*%s[^<]* instead of [^<]*%s"
            .formatted(minute(start.plusMinutes(15)), minute(start));
    assertThat(EVE.post("/ask", fields).text()).containsPattern(means);
    fields.put("do", "send");
    var sent = EVE.post("/ask", fields);
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    var extension = sent.header("Location");
    for (var reader : new TestBrowser[] {EVE, ANN}) {
      assertThat(reader.get(extension).text())
          .contains("Extends <a href=\"/requests/" + id)
          .containsPattern(means);
      assertThat(reader.get(page(asked)).text())
          .contains("Extended by <a href=\"" + extension + "\"", "(Waiting)")
          .containsPattern(
              "It begins at [^<]*" + minute(start) + "[^<]*, also where this access ends");
    }
  }

  @Test
  void itsFormOffersNoOtherCustomerAndNoOtherSystem() {
    var any = EVE.get("/ask").text();
    assertThat(any).contains("value=\"globex\"", "value=\"helpdesk\"", "value=\"billing\"");
    var form = EVE.get("/ask?like=" + PortalFixture.id(ACME.approved())).text();
    assertThat(form)
        .contains("value=\"acme\" selected", "value=\"helpdesk\" selected")
        .doesNotContain("value=\"globex\"", "value=\"billing\"", "value=\"\">Choose");
  }

  @Test
  void oneThatAddsNothingSaysSoOnThePageAndInTheMail() {
    var asked = ACME.approved();
    var wish = ACME.wishing("helpdesk").put("extends", PortalFixture.id(asked)).build();
    var extension = PORTAL.server.post("engineer", ACME.requests(), wish);
    assertThat(extension.status()).as(extension.toString()).isEqualTo(201);
    assertThat(ANN.get(page(extension)).text()).contains("so no time is added");
    PORTAL.server.pass(Duration.ofMinutes(10));
    assertThat(ANN.get(page(extension)).text())
        .contains("If it is approved now, access lasts until");
    assertThat(ACME.approve(extension).status()).isEqualTo(200);
    assertThat(ANN.get(page(extension)).text()).contains("Access until ");
    assertThat(mail(extension)).contains("Extends", PortalFixture.id(asked), "That one ends");
    assertThat(ANN.get(page(asked)).text()).contains("Extended by <a href=\"" + page(extension));
  }

  @Test
  void oneThatAsksForMoreThanTimeSaysSo() {
    var asked = ACME.approved();
    var wider = "Beside the time it is for more than " + PortalFixture.id(asked);
    var same = ACME.wishing("helpdesk").put("extends", PortalFixture.id(asked)).build();
    var extension = PORTAL.server.post("engineer", ACME.requests(), same);
    assertThat(ANN.get(page(extension)).text()).doesNotContain(wider);
    var expert = Json.object().put("profile", "expert").build();
    for (var wish :
        List.of(
            more(asked, "helpdesk", "read").build(),
            more(asked, "helpdesk", "masked").put("sql", expert).build())) {
      var larger = PORTAL.server.post("engineer", ACME.requests(), wish);
      assertThat(larger.status()).as(larger.toString()).isEqualTo(201);
      assertThat(ANN.get(page(larger)).text()).contains(wider);
    }
  }

  private static JsonObjectBuilder more(Answer asked, String resource, String level) {
    return Json.object()
        .put("extends", PortalFixture.id(asked))
        .put("resource", resource)
        .put("level", level)
        .put("purpose", "customer_ticket")
        .put("reason", "Not done yet")
        .put("ticket", "")
        .put("duration", Duration.ofMinutes(5))
        .put("engineerKey", ACME.engineerKey.key().toJson());
  }

  @Test
  void anotherResourceIsNoExtension() {
    var other = more(ACME.approved(), "helpdesk-api", "read").build();
    assertThat(PORTAL.server.post("engineer", ACME.requests(), other).code()).isEqualTo("extends");
  }

  @Test
  void aPreviewTellsNothingOfSomebodyElsesRequest() {
    var asked = ACME.approved();
    PORTAL.person(Optional.empty(), "mallory", "mallory@vendor.example", Role.ENGINEER);
    var mallory = PORTAL.browser().as("mallory@vendor.example");
    var fields = wish(mallory.get("/ask").field("once"), PortalFixture.id(asked));
    var seen = mallory.post("/ask", fields).text();
    assertThat(seen)
        .contains("You have no such request of this customer for this resource")
        .doesNotContain("instead of", "no later than");
  }

  private static Map<String, String> wish(String once, String extended) {
    var fields = new TreeMap<String, String>();
    fields.put("once", once);
    fields.put("extends", extended);
    fields.put("tenant", "acme");
    fields.put("resource", "helpdesk");
    fields.put("level", "masked");
    fields.put("duration", "PT15M");
    fields.put("purpose", "customer_ticket");
    fields.put("ticket", "SUP-1");
    fields.put("reason", "Not done yet");
    fields.put("key", KeyFile.format(ACME.engineerKey.key()));
    fields.put("do", "preview");
    return fields;
  }

  @Test
  void whatExtendsNothingSaysNothingOfIt() {
    var asked = ACME.approved();
    assertThat(ANN.get(page(asked)).text()).doesNotContain("Extends ", "Extended by");
    assertThat(mail(asked)).doesNotContain("Extends");
  }

  private static String mail(Answer request) {
    return PORTAL
        .server
        .rows(
            "select text_part from outbox where recipient = 'eve@vendor.example' and text_part like '%%%s%%' order by id desc limit 1"
                .formatted(PortalFixture.id(request)))
        .getFirst();
  }
}
