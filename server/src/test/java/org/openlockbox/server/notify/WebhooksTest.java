package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.notify.HookReceiver.Mood;

/// Webhooks over real HTTP, checked by somebody else's verifier, with two servers calling.
final class WebhooksTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final String PATH = "/v1/tenants/acme/webhooks";
  private HookReceiver receiver = new HookReceiver();
  private String id = "";
  private String secret = "";

  static {
    SERVER.startAnother();
  }

  /// The verifier compares the time of a call with its own clock.
  @BeforeEach
  void setClock() {
    SERVER.clock.set(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  @BeforeEach
  void addWebhook() {
    var made = SERVER.post("acme-approver", PATH, hook(receiver.url()));
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    id = made.json().object("webhook").text("id");
    secret = made.json().text("secret");
  }

  @AfterEach
  void removeWebhook() {
    SERVER.call(0, "acme-approver", "DELETE", PATH + "/" + id, "", Map.of());
    receiver.close();
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static Json hook(String url) {
    return Json.object().put("url", url).build();
  }

  private void awaitCalls(int count) {
    Pause.until(count + " calls", () -> receiver.received().size() >= count);
  }

  /// The calls of this webhook, as the tenant sees them.
  private List<Fields> deliveries() {
    return SERVER
        .get("acme-auditor", "/v1/tenants/acme/deliveries?pageSize=200")
        .json()
        .objects("deliveries")
        .stream()
        .filter(one -> one.text("to").equals(id))
        .toList();
  }

  private void awaitState(String state) {
    Pause.until(
        state,
        () ->
            !deliveries().isEmpty()
                && deliveries().stream().allMatch(one -> one.text("state").equals(state)));
  }

  private void awaitFailed(int attempts) {
    Pause.until(
        attempts + " failed attempts",
        () -> deliveries().stream().anyMatch(one -> failures(one) == attempts));
  }

  @Test
  void aCallIsSignedAsStandardWebhooksSaysAndHoldsACloudEvent() {
    var asked = ACME.ask("helpdesk");
    awaitCalls(1);
    var call = receiver.received().getFirst();
    assertThat(call.isSignedWith(secret)).isTrue();
    assertThat(call.isSignedWith("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).isFalse();
    assertThat(call.headers().get("content-type")).startsWith("application/cloudevents+json");
    var event = call.event();
    assertThat(event.text("specversion")).isEqualTo("1.0");
    assertThat(event.text("type")).isEqualTo("org.openlockbox.request.created");
    assertThat(event.text("source")).isEqualTo("//log.example/t/acme");
    var request = TestTenant.ref(asked).id().value();
    assertThat(event.text("subject")).isEqualTo("requests/" + request);
    assertThat(event.object("data").text("request")).isEqualTo(request);
    assertThat(call.body()).doesNotContain("Cannot log in", "SUP-1");
  }

  @Test
  void eachStepIsOneCallWithAnIdOfItsOwnThoughTwoServersCall() {
    var approved = ACME.approve(ACME.ask("helpdesk"));
    ACME.revoke(approved);
    awaitState("sent");
    assertThat(receiver.received())
        .extracting(call -> call.event().text("type"))
        .contains(
            "org.openlockbox.request.created",
            "org.openlockbox.request.approved",
            "org.openlockbox.grant.revoked");
    assertThat(receiver.received()).extracting(HookReceiver.Received::id).doesNotHaveDuplicates();
  }

  @Test
  void aCallThatFailedIsMadeAgainUnderTheSameId() {
    receiver.be(Mood.FORGETS_TO_ANSWER);
    ACME.ask("helpdesk");
    awaitFailed(1);
    receiver.be(Mood.FAILS);
    SERVER.pass(Duration.ofSeconds(5));
    awaitFailed(2);
    receiver.be(Mood.WELL);
    SERVER.pass(Duration.ofMinutes(5));
    awaitState("sent");
    assertThat(receiver.received()).hasSize(2);
    assertThat(receiver.received().get(1).id()).isEqualTo(receiver.received().get(0).id());
    assertThat(deliveries().getFirst().objects("attempts"))
        .extracting(attempt -> attempt.text("outcome"))
        .containsExactly("failed", "failed", "delivered");
    assertThat(deliveries().getFirst().objects("attempts").get(1).text("answer"))
        .isEqualTo("answered 500");
  }

  @Test
  void afterTheLastAttemptACallWaitsForAPersonWhoCanResendIt() {
    receiver.be(Mood.FAILS);
    SERVER.post("acme-approver", PATH + "/" + id + ":test", Json.object().build());
    for (int attempts = 1; attempts <= 7; attempts++) {
      awaitTestFailed(attempts);
      SERVER.pass(Duration.ofHours(10));
    }
    // Requests of other tests have lapsed meanwhile, and their calls fail as well.
    var delivery = tested();
    Pause.until("the end", () -> tested().text("state").equals("dead"));
    assertThat(receiver.received()).isEmpty();
    receiver.be(Mood.WELL);
    var resent =
        SERVER.post(
            "acme-approver",
            "/v1/tenants/acme/deliveries/" + delivery.number("id") + ":resend",
            Json.object().build());
    assertThat(resent.status()).as(resent.toString()).isEqualTo(200);
    Pause.until("its delivery", () -> tested().text("state").equals("sent"));
    assertThat(receiver.received())
        .extracting(HookReceiver.Received::id)
        .contains(delivery.text("messageId"));
  }

  private Fields tested() {
    return deliveries().stream()
        .filter(one -> one.text("kind").equals("test"))
        .findFirst()
        .orElseThrow();
  }

  private void awaitTestFailed(int attempts) {
    Pause.until(attempts + " failed attempts", () -> failures(tested()) == attempts);
  }

  private static long failures(Fields delivery) {
    return delivery.objects("attempts").stream()
        .filter(attempt -> attempt.text("outcome").equals("failed"))
        .count();
  }

  @Test
  void aRedirectIsNotFollowed() {
    receiver.be(Mood.REDIRECTS);
    ACME.ask("helpdesk");
    awaitFailed(1);
    assertThat(receiver.received())
        .extracting(call -> call.headers().get("path"))
        .containsOnly("/lockbox");
    // another event of the tenant may follow at any time, and has not been tried yet
    assertThat(deliveries())
        .filteredOn(one -> failures(one) == 1)
        .extracting(one -> one.text("lastError"))
        .isNotEmpty()
        .containsOnly("answered 307");
  }

  @Test
  void aReceiverThatIsGoneIsNotCalledAgain() {
    receiver.be(Mood.GONE);
    ACME.ask("helpdesk");
    awaitState("dead");
    assertThat(shown().flag("on")).isFalse();
    receiver.be(Mood.WELL);
    ACME.ask("helpdesk");
    assertThat(deliveries()).hasSize(1);
  }

  private Fields shown() {
    return SERVER.get("acme-auditor", PATH).json().objects("webhooks").stream()
        .filter(one -> one.text("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSlowReceiverHoldsUpNoOther() {
    try (var quick = new HookReceiver()) {
      var other = new TestTenant(SERVER, "globex" + System.nanoTime() % 100000, 1);
      var path = "/v1/tenants/" + other.id + "/webhooks";
      SERVER.post(other.approver(), path, hook(quick.url()));
      receiver.be(Mood.SLOW);
      for (int i = 0; i < 20; i++) {
        ACME.ask("helpdesk");
      }
      other.ask("helpdesk");
      Pause.until("the other tenant's call", () -> quick.received().size() == 1);
      assertThat(receiver.received()).isEmpty();
      receiver.goOn();
      awaitCalls(20);
    }
  }

  @Test
  void bothSecretsAreGoodForADayAfterARotation() {
    var rotated = SERVER.post("acme-approver", PATH + "/" + id + ":rotate", Json.object().build());
    var fresh = rotated.json().text("secret");
    ACME.ask("helpdesk");
    awaitCalls(1);
    assertThat(fresh).isNotEqualTo(secret);
    assertThat(receiver.received().getFirst().isSignedWith(secret)).isTrue();
    assertThat(receiver.received().getFirst().isSignedWith(fresh)).isTrue();
    assertThat(receiver.received().getFirst().headers().get("webhook-signature"))
        .matches("v1,\\S+ v1,\\S+");
  }

  @Test
  void aRotationThatIsSentTwiceIsOne() {
    var path = PATH + "/" + id + ":rotate";
    assertThat(SERVER.post("acme-approver", path, Json.object().build()).status()).isEqualTo(200);
    var again = SERVER.post("acme-approver", path, Json.object().build());
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("just_rotated");
    SERVER.pass(Duration.ofMinutes(6));
    assertThat(SERVER.post("acme-approver", path, Json.object().build()).status()).isEqualTo(200);
  }

  @Test
  void aTestCallComesAtOnce() {
    var tested = SERVER.post("acme-approver", PATH + "/" + id + ":test", Json.object().build());
    assertThat(tested.status()).isEqualTo(200);
    awaitCalls(1);
    assertThat(receiver.received().getFirst().event().text("type"))
        .isEqualTo("org.openlockbox.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.acme.example/",
        "https://user:password@hooks.acme.example/",
        "https://hooks.acme.example/#part",
        "ftp://hooks.acme.example/",
        "file:///etc/passwd",
        "https:///nothing",
        "https://127.1/",
        "not a url"
      })
  void whatIsNoHttpsUrlIsRefused(String url) {
    assertThat(SERVER.post("acme-approver", PATH, hook(url)).status()).isEqualTo(400);
  }

  /// Names and spellings of addresses that only this server reaches; the one private host that the
  /// operator allows here is 127.0.0.1, by that name.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://localhost:%d/",
        "https://[::1]:%d/",
        "https://2130706433:%d/",
        "https://0.0.0.0:%d/",
        "https://[::ffff:127.0.0.1]:%d/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/"
      })
  void noCallReachesAnAddressThatIsNotPublic(String url) {
    var there = url.contains("%d") ? url.formatted(URI.create(receiver.url()).getPort()) : url;
    var made = SERVER.post("acme-approver", PATH, hook(there));
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    String first = id;
    id = made.json().object("webhook").text("id");
    SERVER.post("acme-approver", PATH + "/" + id + ":test", Json.object().build());
    awaitTestFailed(1);
    assertThat(tested().text("lastError")).contains("no public address");
    removeOne(id);
    id = first;
  }

  private static void removeOne(String webhook) {
    SERVER.call(0, "acme-approver", "DELETE", PATH + "/" + webhook, "", Map.of());
  }

  @Test
  void aSecretIsShownOnceAndIsInNoTable() {
    Answer listed = SERVER.get("acme-auditor", PATH);
    assertThat(listed.toString()).doesNotContain("whsec_", "secret");
    assertThat(SERVER.rows("select body from idempotency where body is not null").toString())
        .doesNotContain("whsec_");
    var key = secret.substring("whsec_".length());
    assertThat(SERVER.rows("select encode(secret, 'base64') from webhook").toString())
        .doesNotContain(key.substring(0, 20));
  }
}
