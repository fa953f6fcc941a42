package org.openlockbox.portal.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.Pause;
import org.openlockbox.server.notify.HookReceiver;

/// Whom a tenant wants to be told, its webhooks, and what became of what was told, on pages.
final class PortalNotificationsTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = annNow();
  private static final String PATH = "/notifications";

  /// The verifier of webhooks compares the time of a call with its own clock.
  private static TestBrowser annNow() {
    PORTAL.server.clock.set(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    return PORTAL.browser().as("ann@acme.example");
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Map<String, String> contact(String address) {
    var fields = new TreeMap<String, String>();
    fields.put("tag", tag());
    fields.put("was", "");
    fields.put("address", address);
    fields.put("audience", "auditors");
    fields.put("topic", "records");
    fields.put("zone", "Europe/Berlin");
    fields.put("from", "22:00");
    fields.put("until", "06:30");
    fields.put("do", "save");
    return fields;
  }

  private static String tag() {
    return ANN.get(PATH + "/contact").field("tag").replace("&#34;", "\"");
  }

  private static Page save(Map<String, String> fields) {
    return ANN.post(PATH + "/contact", fields);
  }

  @Test
  void aContactIsAddedChangedAndRemovedAndIsToldOfIt() {
    assertThat(save(contact("new@acme.example")).status()).isEqualTo(303);
    assertThat(ANN.get(PATH).text())
        .contains("new@acme.example", "Auditors", "Europe/Berlin", "quiet from 22:00 until 06:30");
    var form = ANN.get(PATH + "/contact?address=new%40acme.example");
    assertThat(form.text()).contains("value=\"records\" checked", "value=\"06:30\"");
    var moved = contact("moved@acme.example");
    moved.put("was", "new@acme.example");
    assertThat(save(moved).status()).isEqualTo(303);
    assertThat(ANN.get(PATH).text()).doesNotContain("new@acme.example");
    var gone = contact("moved@acme.example");
    gone.put("was", "moved@acme.example");
    gone.put("do", "remove");
    assertThat(save(gone).status()).isEqualTo(303);
    assertThat(ANN.get(PATH).text()).doesNotContain("moved@acme.example");
    var told =
        PORTAL.server.rows(
            "select recipient from outbox where kind = 'notifications.changed' and recipient ="
                + " 'new@acme.example'");
    assertThat(told).as("told before and after").hasSize(2);
  }

  @Test
  void whatIsWrongIsSaidAndNothingIsLost() {
    var wrong = contact("new@acme.example");
    wrong.put("zone", "Middle/Earth\"><b>");
    var page = save(wrong);
    assertThat(page.status()).isEqualTo(422);
    assertThat(page.text())
        .contains("id=\"zone-fault\">Enter a time zone by its name")
        .contains("value=\"new@acme.example\"", "Middle/Earth&#34;>&lt;b>\"");
    var half = contact("nobody");
    half.put("until", "");
    assertThat(ANN.reads("de").post(PATH + "/contact", half).text())
        .contains("id=\"address-fault\">Geben Sie eine E-Mail-Adresse ein")
        .contains("id=\"from-fault\">Geben Sie beide Zeiten ein");
    ANN.reads("en");
    half.put("until", half.get("from"));
    assertThat(save(half).status()).isEqualTo(422);
    var late = contact("new@acme.example");
    late.put("tag", "\"notifications.0\"");
    assertThat(save(late).status()).isEqualTo(412);
    assertThat(ANN.get(PATH).text()).doesNotContain("new@acme.example");
  }

  @Test
  void linksInMailAreSwitchedOffAndOn() {
    for (var links : new String[] {"false", "true"}) {
      var switched = ANN.post(PATH + "/links", Map.of("tag", tag(), "links", links));
      assertThat(switched.status()).isEqualTo(303);
      assertThat(ANN.get(PATH).text())
          .contains(links.equals("true") ? "Each mail has one link" : "No mail has a link");
    }
  }

  @Test
  void aWebhooksSecretIsShownOnceAndEachCallIsLoggedAndCanBeMadeAgain() {
    try (var receiver = new HookReceiver()) {
      var added = ANN.post(PATH + "/webhooks", Map.of("url", receiver.url(), "topic", "keyring"));
      assertThat(added.status()).as(added.toString()).isEqualTo(200);
      assertThat(added.header("Cache-Control")).contains("no-store");
      var secret = secret(added);
      var shown = ANN.get(PATH);
      assertThat(shown.text())
          .contains("name=\"topic\" value=\"keyring\"")
          .doesNotContain("name=\"topic\" value=\"digest\"");
      assertThat(shown.text()).contains(receiver.url()).doesNotContain(secret);
      var hook = PATH + "/webhooks/" + id(shown);
      assertThat(ANN.post(hook, Map.of("do", "test")).header("Location"))
          .isEqualTo(PATH + "/deliveries");
      Pause.until("the call", () -> receiver.received().size() == 1);
      assertThat(receiver.received().getFirst().isSignedWith(secret)).isTrue();
      Pause.until("its note", () -> log("sent").contains(id(shown)));
      var delivery = log("sent").replaceAll("(?s).*?/deliveries/(\\d+)/resend.*", "$1");
      ANN.post(PATH + "/deliveries/" + delivery + "/resend", Map.of());
      Pause.until("the call again", () -> receiver.received().size() == 2);
      assertThat(receiver.received().get(1).id()).isEqualTo(receiver.received().getFirst().id());
      var rotated = ANN.post(hook, Map.of("do", "rotate"));
      assertThat(secret(rotated)).isNotEqualTo(secret);
      assertThat(ANN.post(hook, Map.of("do", "off")).status()).isEqualTo(303);
      assertThat(ANN.post(hook, Map.of("do", "test")).status()).isEqualTo(409);
      assertThat(ANN.post(hook, Map.of("do", "dance")).status()).isEqualTo(400);
      assertThat(ANN.post(hook, Map.of("do", "remove")).status()).isEqualTo(303);
      assertThat(ANN.get(PATH).text()).doesNotContain(receiver.url());
    }
  }

  private static String secret(Page page) {
    assertThat(page.text()).contains("whsec_");
    return page.text().replaceAll("(?s).*id=\"secret\">(whsec_[^<]*)<.*", "$1");
  }

  private static String id(Page page) {
    return page.text().replaceAll("(?s).*/webhooks/(W-[0-9A-Z]{10})\".*", "$1");
  }

  private static String log(String state) {
    return ANN.get(PATH + "/deliveries?state=" + state).text();
  }

  @Test
  void severalDeliveriesAreSentAgainAtOnceAndNoneOfAnotherTenant() {
    ANN.post(PATH + "/test", Map.of());
    var own = first("acme");
    var foreign = first("globex");
    var again = PATH + "/deliveries/resend";
    assertThat(ANN.post(again, Map.of("id", own)).header("Location")).endsWith("/deliveries");
    assertThat(ANN.get(PATH + "/deliveries").text()).contains("It is sent again.", "name=\"id\"");
    assertThat(ANN.post(again, Map.of("id", foreign)).status()).isEqualTo(404);
    assertThat(ANN.post(again, Map.of("id", "x")).status()).isEqualTo(404);
    assertThat(ANN.post(again, Map.of()).status()).isEqualTo(303);
  }

  private static String first(String tenant) {
    if (tenant.equals("globex")) {
      PORTAL.browser().as("ann@globex.example").post(PATH + "/test", Map.of());
    }
    return PORTAL
        .server
        .rows(
            "select id from outbox where tenant_id = '%s' and kind = 'test' limit 1"
                .formatted(tenant))
        .getFirst();
  }

  @Test
  void anAddressThatMayNotBeCalledIsRefused() {
    for (var url : new String[] {"http://hooks.acme.example/", "ftp://x", "no url at all"}) {
      var fields = Map.of("url", url, "topic", "keyring");
      var page = ANN.post(PATH + "/webhooks", fields);
      assertThat(page.status()).as(url).isEqualTo(422);
      assertThat(page.text())
          .contains("id=\"url-fault\">Enter an address that begins with https://")
          .contains("value=\"" + url + "\"")
          .containsOnlyOnce("name=\"topic\" value=\"keyring\" checked");
    }
    var untold = Map.of("url", "https://hooks.acme.example/");
    var page = ANN.post(PATH + "/webhooks", untold);
    assertThat(page.status()).isEqualTo(422);
    assertThat(page.text())
        .contains("id=\"topic-fault\">Choose at least one.", "https://hooks.acme.example/");
  }

  @Test
  void othersSeeOrChangeNothingAndAOneTimeCodeIsNotSaidAgain() {
    var eve = PORTAL.browser().as("eve@vendor.example");
    for (var page : new String[] {"", "/contact", "/deliveries"}) {
      assertThat(eve.get(PATH + page).status()).as(page).isEqualTo(404);
    }
    assertThat(eve.post(PATH + "/test", Map.of()).status()).isEqualTo(404);
    var auditor = PORTAL.browser().as("aud@acme.example");
    assertThat(auditor.get(PATH).text()).contains("Notifications").doesNotContain("webhook.add");
    assertThat(auditor.post(PATH + "/test", Map.of()).status()).isEqualTo(403);
    assertThat(auditor.post(PATH + "/links", Map.of("tag", tag(), "links", "false")).status())
        .isEqualTo(403);
    assertThat(ANN.post(PATH + "/test", Map.of()).status()).isEqualTo(303);
    var row =
        PORTAL
            .server
            .rows("select id from outbox where tenant_id = 'acme' and kind = 'test' limit 1")
            .getFirst();
    var globex = PORTAL.browser().as("ann@globex.example");
    var resend = PATH + "/deliveries/" + row + "/resend";
    assertThat(globex.post(resend, Map.of()).status()).isEqualTo(404);
    assertThat(ANN.post(resend, Map.of()).status()).isEqualTo(303);
    var code = PORTAL.server.rows("select id from outbox where kind = 'signIn' limit 1").getFirst();
    assertThat(ANN.post(PATH + "/deliveries/" + code + "/resend", Map.of()).status())
        .isEqualTo(404);
  }
}
