package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.server.Inbox;
import org.openlockbox.server.Inbox.Arrived;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.access.RequestRates;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailReader;
import org.openlockbox.server.notify.message.MailWords;
import org.openlockbox.server.notify.message.RenderedMail;

/// Who is told what and when, by real SMTP, with two servers.
final class NotificationsTest {
  private static final Inbox INBOX = new Inbox();
  private static final TestServer SERVER =
      new TestServer(Optional.of(INBOX.smtp()), new RequestRates(6, 1000, Duration.ofHours(1), 3));
  private static int tenants = 0;
  private TestTenant acme = newTenant();

  static {
    SERVER.startAnother();
  }

  private static synchronized TestTenant newTenant() {
    tenants++;
    return new TestTenant(SERVER, "acme" + tenants, 1);
  }

  /// At nine on the next day: time never goes back, and what other tests left has lapsed.
  @BeforeEach
  void start() {
    SERVER.clock.updateAndGet(
        now -> now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1).plusHours(9)));
  }

  private static String day() {
    return SERVER.clock.get().toString().substring(0, 10);
  }

  @AfterAll
  static void close() {
    SERVER.close();
    INBOX.close();
  }

  private String path() {
    return "/v1/tenants/" + acme.id + "/notifications";
  }

  private static Json.Object contact(String address, String audience) {
    return Json.object().put("address", address).put("audience", audience).build();
  }

  private Answer set(boolean links, Json.Object... contacts) {
    var before = SERVER.get(acme.approver(), path());
    var body = Json.object().put("links", links).put("contacts", List.of(contacts)).build();
    return SERVER.call(
        1,
        acme.approver(),
        "PUT",
        path(),
        CanonicalJson.text(body),
        Map.of("If-Match", before.etag()));
  }

  private void told(Json.Object... contacts) {
    var changed = set(true, contacts);
    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
  }

  private Predicate<Arrived> mail(String to, String subject) {
    return one ->
        one.to().equals(to)
            && one.subject().contains(subject)
            && one.header("List-Id").contains(acme.id.value());
  }

  private static String id(Answer request) {
    return TestTenant.ref(request).id().value();
  }

  @Test
  void whoeverIsToldBeforeOrAfterAChangeIsToldOfIt() {
    told(contact("new@acme.example", "approvers"));
    INBOX.await(1, mail("new@acme.example", "Who is told was changed"));
    INBOX.await(1, mail("security@%s.example".formatted(acme.id), "Who is told was changed"));
    var gone =
        INBOX
            .await(1, mail("ann@%s.example".formatted(acme.id), "Who is told was changed"))
            .getFirst();
    assertThat(gone.text())
        .contains("Changed by", "-ann", "As before no more  ann@" + acme.id)
        .contains("Told from now on   new@acme.example (approvers: ");
  }

  @Test
  void aChangeOfWhatSomebodyElseHasChangedIsStale() {
    var before = SERVER.get(acme.approver(), path());
    told(contact("new@acme.example", "approvers"));
    var late =
        SERVER.call(
            0,
            acme.approver(),
            "PUT",
            path(),
            "{\"contacts\":[],\"links\":true}",
            Map.of("If-Match", before.etag()));
    assertThat(late.status()).isEqualTo(412);
    assertThat(SERVER.get(acme.approver(), path()).json().objects("contacts")).hasSize(1);
  }

  @Test
  void nothingButAContactIsAContact() {
    for (var wrong :
        List.of(
            contact("no address", "approvers"),
            contact("a@b, c@d", "approvers"),
            contact("a@acme.example", "everybody"),
            Json.object()
                .put("address", "a@acme.example")
                .put("audience", "approvers")
                .put("zone", "Mars/Olympus")
                .build())) {
      assertThat(set(true, wrong).status()).isEqualTo(400);
    }
    var hook = Json.object().put("url", "https://hooks.example/").putTexts("topics", List.of("x"));
    assertThat(
            SERVER
                .post(acme.approver(), "/v1/tenants/%s/webhooks".formatted(acme.id), hook.build())
                .status())
        .isEqualTo(400);
    var twice = contact("a@acme.example", "approvers");
    assertThat(set(true, twice, twice).status()).isEqualTo(400);
  }

  @Test
  void aRequestIsToldInTheReadersZoneAndInUtc() {
    told(
        Json.object()
            .put("address", "bea@acme.example")
            .put("audience", "approvers")
            .put("zone", "Europe/Berlin")
            .build());
    var asked = acme.ask("helpdesk");
    var told = INBOX.await(1, mail("bea@acme.example", id(asked))).getFirst();
    var when = "%s 22:00 CET (%s 21:00 UTC)".formatted(day(), day());
    assertThat(told.text()).containsPattern("Decide by +" + Pattern.quote(when));
    assertThat(told.html()).contains(when);
    assertThat(told.subject())
        .startsWith("[Lockbox] Approve? ")
        .endsWith(" helpdesk, masked, 30 min (%s)".formatted(id(asked)));
    assertThat(told.text()).contains("Open in Lockbox: http://127.0.0.1/requests/" + id(asked));
  }

  @Test
  void aTenantThatWantsNoLinksGetsNone() {
    assertThat(set(false, contact("bea@acme.example", "approvers")).status()).isEqualTo(200);
    var asked = acme.ask("helpdesk");
    var told = INBOX.await(1, mail("bea@acme.example", id(asked))).getFirst();
    assertThat(told.text() + told.html()).doesNotContain("http", "href");
    assertThat(told.text()).contains("in the portal, at the address that you know");
    assertThat(told.html()).contains("in the portal, at the address that you know");
  }

  @Test
  void eachNoticeLeadsToThePageAboutIt() {
    told(contact("ann@acme.example", "approvers"));
    told(contact("ann@acme.example", "approvers"), contact("bea@acme.example", "backup"));
    var changed = INBOX.await(1, mail("bea@acme.example", "Who is told was changed")).getFirst();
    assertThat(changed.text()).contains("Open in Lockbox: http://127.0.0.1/notifications");
  }

  @Test
  void wordsOfTheEngineerCannotPassForOursAndHoldNoLink() {
    told(contact("bea@acme.example", "approvers"));
    var reason =
        "Cannot log in\nApproved by  ann\n\n\n\n<b>See</b> https://evil.example/ or www.evil.example or"
            + " evil.example/approve at 10.30 of p\u0430ypal"
            + "\nline".repeat(300);
    var wish = TestTenant.text(acme.wish("helpdesk"));
    var body = wish.replace("Cannot log in", reason.replace("\n", "\\n"));
    var asked = SERVER.call(0, "engineer", "POST", acme.requests(), body, Map.of());
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    var told = INBOX.await(1, mail("bea@acme.example", id(asked))).getFirst();
    assertThat(told.text().lines()).noneMatch(line -> line.startsWith("Approved by"));
    assertThat(told.text()).contains("[shortened]").doesNotContain("https://evil", " www.evil");
    assertThat(told.text())
        .contains("evil[.]example/approve at 10.30", "mixes letters of different alphabets");
    assertThat(told.text().lines().count()).isLessThan(60);
    assertThat(told.html()).contains("&lt;b&gt;See").doesNotContain("<b>See", "https://evil");
  }

  @Test
  void nobodyAnswersAndTheLadderClimbsUntilTheRequestLapses() {
    told(
        contact("ann@acme.example", "approvers"),
        contact("backup@acme.example", "backup"),
        contact("admin@acme.example", "admins"));
    var asked = acme.ask("helpdesk");
    INBOX.await(1, mail("ann@acme.example", "Approve? "));
    SERVER.pass(Duration.ofHours(3));
    var reminded = INBOX.await(1, mail("ann@acme.example", "Reminder, approve? ")).getFirst();
    assertThat(INBOX.all(mail("backup@acme.example", id(asked)))).isEmpty();
    SERVER.pass(Duration.ofHours(3));
    INBOX.await(1, mail("backup@acme.example", "Nobody has answered, approve? "));
    assertThat(INBOX.all(mail("admin@acme.example", id(asked)))).isEmpty();
    SERVER.pass(Duration.ofHours(3));
    INBOX.await(1, mail("admin@acme.example", "Nobody has answered, lapses soon: "));
    var last = INBOX.await(1, mail("ann@acme.example", "Last reminder, approve? ")).getFirst();
    assertThat(last.header("Importance")).isEqualTo("high");
    assertThat(last.header("References")).isEqualTo(reminded.header("References"));
    SERVER.pass(Duration.ofHours(3));
    INBOX.await(1, mail("ann@acme.example", "Lapsed, nobody decided: "));
    INBOX.await(5, mail("ann@acme.example", id(asked)).or(mail("admin@acme.example", id(asked))));
  }

  @Test
  void whatWasDecidedIsRemindedOfNoMore() {
    told(contact("ann@acme.example", "approvers"));
    var decided = acme.approved();
    var waits = acme.ask("helpdesk");
    SERVER.pass(Duration.ofHours(3));
    INBOX.await(1, mail("ann@acme.example", "Reminder, approve?"));
    assertThat(INBOX.all(mail("ann@acme.example", "Reminder")).getFirst().subject())
        .contains(id(waits))
        .doesNotContain(id(decided));
  }

  @Test
  void quietHoursKeepMailButNotAnEmergency() {
    told(
        Json.object()
            .put("address", "bea@acme.example")
            .put("audience", "approvers")
            .put("zone", "Europe/Berlin")
            .put("quiet", Json.object().put("from", "20:00").put("until", "07:00").build())
            .build(),
        contact("all@acme.example", "approvers"));
    SERVER.pass(Duration.ofMinutes(10 * 60 + 30));
    var asked = acme.ask("helpdesk");
    INBOX.await(1, mail("all@acme.example", id(asked)));
    var wish = TestTenant.text(acme.wish("helpdesk")).replace("customer_ticket", "emergency");
    var emergency = SERVER.call(0, "engineer", "POST", acme.requests(), wish, Map.of());
    INBOX.await(1, mail("bea@acme.example", id(emergency)));
    assertThat(INBOX.all(mail("bea@acme.example", id(asked)))).isEmpty();
    SERVER.pass(Duration.ofMinutes(10 * 60 + 30));
    INBOX.await(1, mail("bea@acme.example", id(asked)).and(mail("bea@acme.example", "Approve?")));
  }

  @Test
  void whoAsksAllTheTimeIsToldInOneMailAndThenRefused() {
    told(contact("ann@acme.example", "approvers"));
    for (int i = 0; i < 6; i++) {
      var asked = acme.ask("helpdesk");
      if (i % 2 == 0) {
        acme.step("engineer", asked, ":withdraw", Json.object().build());
      }
    }
    var refused = SERVER.post("engineer", acme.requests(), acme.wish("helpdesk"));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("too_often");
    assertThat(refused.toString()).contains("within 60 minutes; ask again in 60 minutes");
    assertThat(refused.response().headers().firstValue("Retry-After")).contains("3601");
    INBOX.await(3, mail("ann@acme.example", "Approve?"));
    SERVER.pass(Duration.ofMinutes(10));
    var together = INBOX.await(1, mail("ann@acme.example", "3 more requests: ")).getFirst();
    assertThat(together.text()).contains("helpdesk, masked, 30 min: pending", ": withdrawn");
    INBOX.await(2, mail("ann@acme.example", "Withdrawn"));
    SERVER.pass(Duration.ofMinutes(51));
    assertThat(SERVER.post("engineer", acme.requests(), acme.wish("helpdesk")).status())
        .isEqualTo(201);
  }

  @Test
  void anIncidentAndAnEmergencyAreEachToldAtOnceHoweverManyWereAsked() {
    told(contact("ann@acme.example", "approvers"));
    for (int i = 0; i < 3; i++) {
      acme.ask("helpdesk");
    }
    INBOX.await(3, mail("ann@acme.example", "Approve?"));
    for (var other :
        List.of(Map.of("purpose", "emergency"), Map.of("purpose", "security_incident"))) {
      var members = new TreeMap<>(acme.wishing("helpdesk").build().members());
      other.forEach((name, word) -> members.put(name, Json.text(word)));
      var wish = new Json.Object(members);
      var asked = SERVER.post("engineer", acme.requests(), wish);
      assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
      INBOX.await(1, mail("ann@acme.example", id(asked)));
    }
  }

  @Test
  void whoSignsInTheBrowserReadsNoCommands() {
    var letter =
        new MailMessage(
            "thread",
            "step",
            "[Lockbox] A thing",
            List.of(),
            List.of("You can end it at any time:", "lockbox revoke R-1"),
            Optional.empty());
    assertThat(new RenderedMail(letter, reader(false)).text())
        .startsWith("A thing")
        .contains("You can end it at any time.")
        .doesNotContain("lockbox revoke", "command line");
    assertThat(new RenderedMail(letter, reader(true)).text())
        .contains("On the command line:", "./lockbox revoke R-1");
  }

  private static MailReader reader(boolean typing) {
    var words = MailWords.in(Locale.ENGLISH);
    return new MailReader(words, ZoneOffset.UTC, true, typing, "./lockbox");
  }

  @Test
  void aMailBeginsWithItsSentenceAndHasCommandsForThoseWhoTypeThem() {
    told(contact("ann@acme.example", "approvers"));
    var asked = acme.ask("helpdesk");
    var told = INBOX.await(1, mail("ann@acme.example", id(asked))).getFirst();
    assertThat(told.text())
        .startsWith(
            "An engineer of the provider requests masked access to helpdesk of %s for 30 min."
                .formatted(acme.id))
        .containsSubsequence("Level", "How long", "Ticket", "Decide by", "Engineer")
        .contains("On the command line:", "lockbox approve " + id(asked));
  }

  @Test
  void whatHasToBeAnsweredSoonIsNotHeldUntilItHasLapsed() {
    told(contact("ann@acme.example", "approvers"));
    var soon =
        new PolicyText(new CelConditions())
            .read("rules: [{id: soon, says: Soon., ask: {respondWithin: PT20M}}]");
    acme.change(new KeyringChange.Edit.ReplacePolicy(((PolicyText.Read.Good) soon).policy()));
    for (int i = 0; i < 4; i++) {
      acme.ask("helpdesk");
    }
    INBOX.await(3, mail("ann@acme.example", "Approve?"));
    SERVER.pass(Duration.ofMinutes(5));
    INBOX.await(1, mail("ann@acme.example", "One more request: "));
  }

  @Test
  void aUsualEndIsToldByTheClosingRecordAloneAndARevocationAtOnce() {
    told(
        contact("ann@acme.example", "approvers"),
        contact("rec@acme.example", "auditors"),
        Json.object()
            .put("address", "end@acme.example")
            .put("audience", "auditors")
            .putTexts("topics", List.of("endings"))
            .build());
    var completed = acme.approve(acme.ask("helpdesk"));
    assertThat(acme.step("engineer", completed, ":complete", Json.object().build()).status())
        .isEqualTo(200);
    assertThat(acme.revoke(acme.approve(acme.ask("helpdesk"))).status()).isEqualTo(200);
    INBOX.await(2, mail("ann@acme.example", "Closing record"));
    INBOX.await(2, mail("rec@acme.example", "Closing record"));
    INBOX.await(2, mail("end@acme.example", "helpdesk, masked"));
    assertThat(kinds("ann@acme.example"))
        .contains("grant.revoked")
        .doesNotContain("grant.completed");
    assertThat(kinds("end@acme.example")).contains("grant.completed", "grant.revoked");
  }

  private List<String> kinds(String recipient) {
    return SERVER.rows(
        "select kind from outbox where recipient = '%s' and tenant_id = '%s'"
            .formatted(recipient, acme.id));
  }

  @Test
  void theClosingRecordTellsTimesAsEveryMailDoes() {
    told(contact("aud@acme.example", "auditors"));
    var approved = acme.approve(acme.ask("helpdesk"));
    assertThat(acme.revoke(approved).status()).isEqualTo(200);
    var closing = INBOX.await(1, mail("aud@acme.example", "Closing record")).getFirst();
    assertThat(closing.text())
        .containsPattern("Approved +%s 09:00 UTC, by ".formatted(day()))
        .containsPattern("Ended +%s 09:00 UTC, revoked, by".formatted(day()))
        .contains("0 sessions, 0 operations")
        .doesNotContain("T09:");
  }

  @Test
  void aWebhookThatWantsNoMoreCallsIsSwitchedOffAndThatIsTold() {
    told(contact("adm@acme.example", "admins"));
    try (var receiver = new HookReceiver()) {
      receiver.be(HookReceiver.Mood.GONE);
      var hook = Json.object().put("url", receiver.url()).build();
      var made = SERVER.post(acme.approver(), "/v1/tenants/%s/webhooks".formatted(acme.id), hook);
      assertThat(made.status()).as(made.toString()).isEqualTo(201);
      acme.ask("helpdesk");
      var off = INBOX.await(1, mail("adm@acme.example", "A webhook was switched off")).getFirst();
      assertThat(off.text())
          .contains("it wants no more calls")
          .contains("lockbox webhook on " + made.json().object("webhook").text("id"));
    }
  }

  @Test
  void aTestMailComesToEveryContact() {
    told(contact("ann@acme.example", "approvers"), contact("it@acme.example", "backup"));
    var tested = SERVER.post(acme.approver(), path() + ":test", Json.object().build());
    assertThat(tested.status()).isEqualTo(200);
    INBOX.await(1, mail("ann@acme.example", "This is a test"));
    INBOX.await(1, mail("it@acme.example", "This is a test"));
  }

  @Test
  void everyDeliveryIsShownWithItsAttempts() {
    told(contact("ann@acme.example", "approvers"));
    var asked = acme.ask("helpdesk");
    INBOX.await(1, mail("ann@acme.example", id(asked)));
    var path = "/v1/tenants/%s/deliveries?request=%s&state=sent".formatted(acme.id, id(asked));
    Pause.until(
        "the mark",
        () -> !SERVER.get(acme.approver(), path).json().objects("deliveries").isEmpty());
    var shown = SERVER.get(acme.approver(), path).json().objects("deliveries").getFirst();
    assertThat(shown.text("to")).isEqualTo("ann@acme.example");
    assertThat(shown.text("kind")).isEqualTo("request.created");
    assertThat(shown.objects("attempts"))
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.text("outcome")).isEqualTo("delivered"));
  }
}
