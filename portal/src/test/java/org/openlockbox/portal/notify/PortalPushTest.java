package org.openlockbox.portal.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.PushReceiver;

/// An approver's browser is told by push: over real HTTP, by a push service that checks who calls,
/// to a browser that decrypts.
final class PortalPushTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = annNow();
  private static final String PATH = "/notifications";
  private static final Pattern BROWSER = Pattern.compile("/push/(B-[0-9A-Z]{10})/remove");

  private final PushReceiver service = new PushReceiver();

  /// Push services compare the time of a token with their own clock.
  @BeforeEach
  void setClock() {
    PORTAL.server.clock.set(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  private static TestBrowser annNow() {
    PORTAL.server.clock.set(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    return PORTAL.browser().as("ann@acme.example");
  }

  @AfterEach
  void turnOff() {
    PORTAL.server.rows("delete from push_subscription returning id");
    PORTAL.server.rows(
        "delete from outbox where channel = 'push' and sent_at is null returning id");
    service.close();
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private Map<String, String> subscription() {
    var fields = new HashMap<String, String>();
    fields.put("endpoint", service.endpoint());
    fields.put("key", service.key());
    fields.put("secret", service.secret());
    return fields;
  }

  private Page subscribe(TestBrowser who) {
    return who.post(PATH + "/push", subscription());
  }

  private static String id(TestBrowser who) {
    var found = BROWSER.matcher(who.get(PATH).text());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static String publicKey(TestBrowser who) {
    return who.get(PATH).text().replaceAll("(?s).* data-key=\"([^\"]*)\".*", "$1");
  }

  private void awaitMessages(int count) {
    Pause.until(count + " messages", () -> service.received().size() >= count);
  }

  @Test
  void aRequestIsToldAtOnceAndNobodyOnTheWayReadsIt() {
    assertThat(subscribe(ANN).status()).isEqualTo(303);
    assertThat(ANN.get(PATH).text()).contains("You are told in this browser", "127.0.0.1");
    var id = PortalFixture.id(ACME.ask("helpdesk"));
    awaitMessages(1);
    var message = service.received().getFirst();
    assertThat(service.isSignedBy(message, publicKey(ANN))).isTrue();
    assertThat(service.read(message)).isEqualTo("{\"path\":\"/requests/%s\"}".formatted(id));
    assertThat(message.headers())
        .containsEntry("content-encoding", "aes128gcm")
        .containsEntry("ttl", "43200")
        .doesNotContainKeys("cookie", "referer");
    assertThat(message.headers().toString() + message.body())
        .as("what the push service sees")
        .doesNotContain(id, "acme", "Cannot log in", "helpdesk");
    Pause.until("its note", () -> ANN.get(PATH + "/deliveries").text().contains("acme-ann ("));
  }

  @Test
  void aTestComesAndAfterTurningOffNothing() {
    subscribe(ANN);
    var browser = id(ANN);
    assertThat(ANN.post(PATH + "/push/" + browser + "/test", Map.of()).status()).isEqualTo(303);
    awaitMessages(1);
    assertThat(service.read(service.received().getFirst())).isEqualTo("{\"path\":\"/\"}");
    assertThat(ANN.post(PATH + "/push/" + browser + "/remove", Map.of()).status()).isEqualTo(303);
    assertThat(ANN.get(PATH).text()).doesNotContain(browser);
    ACME.ask("helpdesk");
    assertThat(waiting()).isZero();
  }

  private static long waiting() {
    return Long.parseLong(
        PORTAL
            .server
            .rows(
                "select count(*) from outbox where channel = 'push' and sent_at is null"
                    + " and dead_at is null")
            .getFirst());
  }

  @Test
  void whatFailsIsTriedAgainAndABrowserThatIsGoneIsForgotten() {
    subscribe(ANN);
    service.answer(503);
    ACME.ask("helpdesk");
    awaitMessages(1);
    Pause.until("the failure is noted", () -> failed() == 1);
    service.answer(410);
    PORTAL.server.clock.updateAndGet(now -> now.plusSeconds(6));
    awaitMessages(2);
    Pause.until("forgotten", () -> !ANN.get(PATH).text().contains("/push/B-"));
    assertThat(waiting()).isZero();
  }

  @Test
  void nobodySubscribesOrTurnsOffAnotherOnesBrowser() {
    subscribe(ANN);
    var browser = id(ANN);
    for (var address : new String[] {"bob@acme.example", "ann@globex.example"}) {
      var other = PORTAL.browser().as(address);
      assertThat(other.get(PATH).text()).doesNotContain(browser);
      for (var what : new String[] {"remove", "test"}) {
        var path = PATH + "/push/" + browser + "/" + what;
        assertThat(other.post(path, Map.of()).status()).as(path).isEqualTo(404);
      }
    }
    var forged = subscription();
    forged.put("person", "acme-ann");
    forged.put("tenant", "acme");
    var gus = PORTAL.browser().as("ann@globex.example");
    assertThat(gus.post(PATH + "/push", forged).status()).isEqualTo(303);
    assertThat(
            PORTAL.server.rows(
                "select distinct tenant_id from push_subscription order by tenant_id"))
        .as("each in their own tenant")
        .containsExactly("acme", "globex");
    PORTAL.globex.ask("helpdesk");
    awaitMessages(1);
    assertThat(rowsOf("acme")).isEmpty();
    assertThat(rowsOf("globex")).hasSize(1);
  }

  /// How many messages that still wait were tried in vain.
  private static int failed() {
    return PORTAL
        .server
        .rows(
            "select id from outbox where channel = 'push' and sent_at is null"
                + " and dead_at is null and last_error is not null")
        .size();
  }

  private static List<String> rowsOf(String tenant) {
    return PORTAL.server.rows(
        "select id from outbox where channel = 'push' and tenant_id = '%s' and created_at >= '%s'"
            .formatted(tenant, PORTAL.server.clock.get()));
  }

  @Test
  void onlyAnApproverIsToldAndWhoLeavesNoMore() {
    for (var address : new String[] {"aud@acme.example", "eve@vendor.example"}) {
      assertThat(subscribe(PORTAL.browser().as(address)).status()).isIn(403, 404);
    }
    var auditor = PORTAL.browser().as("aud@acme.example");
    assertThat(auditor.get(PATH).text()).doesNotContain("push-form");
    var bob = PORTAL.browser().as("bob@acme.example");
    subscribe(bob);
    var people = PORTAL.server.server(0).people();
    people.remove(Optional.of(ACME.id), new SubjectId("acme-bob"));
    ACME.ask("helpdesk");
    assertThat(waiting()).isZero();
    people.add(
        new People.NewPerson(
            Optional.of(ACME.id),
            new SubjectId("acme-bob"),
            new MailAddress("bob@acme.example"),
            "acme-bob",
            Set.of(Role.APPROVER)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1/push",
        "http://push.example/",
        "ftp://push.example/",
        "https://user@push.example/",
        "https://push.example/#x",
        "file:///etc/passwd",
        "",
        "no url"
      })
  void anEndpointThatMayNotBeCalledIsRefused(String endpoint) {
    var fields = subscription();
    fields.put("endpoint", endpoint);
    assertThat(ANN.post(PATH + "/push", fields).status()).isEqualTo(422);
    assertThat(PORTAL.server.rows("select id from push_subscription")).isEmpty();
  }

  @Test
  void aPrivateAddressBehindANameIsNotCalled() {
    var fields = subscription();
    fields.put("endpoint", "https://localhost:" + URI.create(service.origin()).getPort() + "/");
    assertThat(ANN.post(PATH + "/push", fields).status()).isEqualTo(303);
    ACME.ask("helpdesk");
    Pause.until(
        "refused",
        () ->
            PORTAL
                .server
                .rows("select last_error from outbox where channel = 'push' and sent_at is null")
                .stream()
                .anyMatch(why -> String.valueOf(why).contains("no public address")));
    assertThat(service.received()).isEmpty();
  }

  @Test
  void keysThatAreNoneAreRefused() {
    for (var wrong : new String[] {"", "AAAA", service.secret(), "B".repeat(87)}) {
      var fields = subscription();
      fields.put("key", wrong);
      assertThat(ANN.post(PATH + "/push", fields).status()).as(wrong).isEqualTo(422);
    }
    var fields = subscription();
    fields.put("secret", "AAAA");
    assertThat(ANN.post(PATH + "/push", fields).status()).isEqualTo(422);
  }

  @Test
  void aBrowserThatSubscribesTwiceIsToldOnceAndItsKeysLieWrapped() {
    subscribe(ANN);
    subscribe(ANN);
    assertThat(PORTAL.server.rows("select id from push_subscription")).hasSize(1);
    var row =
        PORTAL
            .server
            .rows("select encode(wrapped, 'escape') || host || browser from push_subscription")
            .getFirst();
    assertThat(row).doesNotContain("/push/", service.secret(), service.key());
  }

  @Test
  void theWorkerIsTheSameForEverybodyAndKeepsNothing() {
    var worker = PORTAL.browser().get("/worker.js");
    assertThat(worker.status()).isEqualTo(200);
    assertThat(worker.header("Content-Type")).startsWith("text/javascript");
    assertThat(worker.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(worker.text())
        .contains("Something waits for you.", "Etwas wartet auf Sie.")
        .doesNotContain("__", "\"fetch\"", "caches", "indexedDB", "fetch(");
    var manifest =
        PORTAL
            .browser()
            .get(
                ANN.get(PATH)
                    .text()
                    .replaceAll("(?s).*<link rel=\"manifest\" href=\"([^\"]*)\".*", "$1"));
    assertThat(manifest.header("Content-Type")).startsWith("application/manifest+json");
    for (var icon : Pattern.compile("/assets/[^\"]+").matcher(manifest.text()).results().toList()) {
      assertThat(PORTAL.browser().get(icon.group()).status()).as(icon.group()).isEqualTo(200);
    }
  }
}
