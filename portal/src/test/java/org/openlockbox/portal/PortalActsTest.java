package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;
import static org.openlockbox.portal.PortalFixture.signed;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.portal.keys.NewTenant;
import org.openlockbox.server.AuthoritySigned;
import org.openlockbox.server.Endpoint;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.HookReceiver;
import org.openlockbox.server.notify.PushReceiver;

/// Each form of the portal, sent once: the page that follows confirms what was done and says the
/// next step. The forms are found in the code, so a new one without its confirmation fails here.
final class PortalActsTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");
  private static final TestBrowser REX = PORTAL.browser().as("rex@vendor.example");
  private static final Pattern BANNER =
      Pattern.compile("(?s)<div class=\"banner[^\"]* done\" role=\"status\">(.*?)</div></div>");

  /// Forms that lead to a page which asks for something: a code, a person, a signature.
  private static final Set<String> QUESTIONS =
      Set.of(
          "/sign-in",
          "/sign-in/code",
          "/sign-in/as",
          "/invitation/sign-in",
          "/sign",
          "/sign/denials",
          "/sign/practice",
          "/sign/ticket",
          "/sign/founding",
          "/sign/proposal",
          "/sign/passkey",
          "/sign/connect",
          "/sign/connect/statement",
          "/sign/engineer",
          "/sign/engineer/send");

  private final Set<String> walked = new TreeSet<>(QUESTIONS);

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void everyFormConfirmsWhatItDidAndSaysTheNextStep() {
    requests();
    ownRequests();
    connecting();
    keys();
    newTenant();
    founding();
    policy();
    people();
    notifications();
    push();
    ownThings();
    assertThat(walked)
        .isEqualTo(
            PortalFixture.pages().stream()
                .filter(Endpoint::writes)
                .map(Endpoint::path)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  /// A login for the browser.
  private void connecting() {
    var key = Passkey.es256(TestTenant.RANDOM);
    var wish =
        Json.object()
            .put("resource", "helpdesk-api")
            .put("level", "read")
            .put("purpose", "provider_maintenance")
            .put("reason", "Look at the queue")
            .put("ticket", "")
            .put("duration", Duration.ofMinutes(30))
            .put("engineerKey", key.key().toJson())
            .build();
    var asked = PORTAL.server.post("engineer", ACME.requests(), wish);
    ACME.approve(asked, ACME.allowance(Level.READ, Duration.ofMinutes(30)));
    var handover = EVE.get(page(asked)).field("handover");
    var begun = EVE.approve("/sign/connect", Map.of("handover", handover), TestBrowser.PORTAL);
    var sign =
        EVE.approve(
            "/sign/connect/statement",
            Map.of("handover", begun.field("handover"), "token", "ab".repeat(32)),
            TestBrowser.APPROVE);
    answers(
        "/sign/connect/send",
        EVE.approve("/sign/connect/send", signed(sign, key), TestBrowser.APPROVE),
        "The login is ready");
  }

  /// @param form the path of its handler
  /// @param words what the next page says in its confirmation
  private void confirms(String form, TestBrowser who, Page sent, String... words) {
    assertThat(sent.status()).as(form).isEqualTo(303);
    var next = URI.create(sent.header("Location"));
    var query = next.getRawQuery() == null ? "" : "?" + next.getRawQuery();
    var page = who.get(next.getRawPath() + query);
    var said =
        BANNER
            .matcher(page.text())
            .results()
            .map(banner -> banner.group(1).replaceAll("<[^>]*>", ""))
            .collect(Collectors.joining("\n"));
    assertThat(said).as(form).contains(words);
    walked.add(form);
  }

  /// A form whose answer is itself the page that says what came of it.
  private void answers(String form, Page answer, String... words) {
    assertThat(answer.status()).as(form).isEqualTo(200);
    assertThat(answer.text()).contains(words);
    walked.add(form);
  }

  private static Page signs(String what, String handover) {
    return signs(what, Map.of("handover", handover));
  }

  private static Page signs(String what, Map<String, String> fields) {
    var sign = ANN.approve(what, fields, TestBrowser.PORTAL);
    return ANN.approve(what + "/send", signed(sign, PORTAL.passkey), TestBrowser.APPROVE);
  }

  private static Page decides(Answer asked, String decision) {
    var handover = ANN.get(page(asked)).field("handover");
    return signs(
        "/sign", Map.of("handover", handover, "decision", decision, "reason", "not_needed"));
  }

  private void requests() {
    var asked = ACME.ask("helpdesk");
    var said = ANN.post(page(asked) + "/comments", Map.of("text", "Which customer?"));
    confirms("/requests/{r}/comments", ANN, said, "Sent.", "The other side gets a mail");
    confirms("/sign/send", ANN, decides(asked, "approve"), "Approved.", "You can watch it");
    var stopped = ANN.post(page(asked) + "/stop", Map.of());
    confirms("/requests/{r}/stop", ANN, stopped, "Access is stopped.", "stands in the record");
    var denied = decides(ACME.ask("helpdesk"), "deny");
    confirms(
        "/sign/send", ANN, denied, "Denied.", "Your reason stands on the page of the request.");
    ACME.ask("helpdesk");
    var several =
        ANN.approve(
            "/sign/denials",
            Map.of(
                "decision", "deny",
                "reason", "not_needed",
                "text", "",
                "handover", ANN.get("/deny").field("handover")),
            TestBrowser.PORTAL);
    var payload =
        several
            .text()
            .replaceAll("(?s).*<code class=\"payload\">(.*?)</code>.*", "$1")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
    var pae = Envelope.pae(Decision.PAYLOAD_TYPE, Bytes.ofUtf8(payload));
    var one = new TreeMap<>(signed(several, (Signature.WebAuthn) PORTAL.passkey.sign(pae)));
    one.put("credential", PORTAL.passkey.credentialId().base64Url());
    confirms(
        "/sign/denials/send",
        ANN,
        ANN.approve("/sign/denials/send", one, TestBrowser.APPROVE),
        "requests denied",
        "Each engineer gets a mail that it was denied.",
        "Your reason stands on the page of the request.");
  }

  private void ownRequests() {
    var fields = new TreeMap<String, String>();
    fields.put("once", EVE.get("/ask").field("once"));
    fields.put("do", "send");
    fields.put("tenant", "acme");
    fields.put("resource", "billing");
    fields.put("level", "masked");
    fields.put("duration", "PT30M");
    fields.put("purpose", "customer_ticket");
    fields.put("ticket", "SUP-7");
    fields.put("reason", "Nobody can log in");
    fields.put("key", KeyFile.format(ACME.engineerKey.key()));
    var sent = EVE.post("/ask", fields);
    confirms("/ask", EVE, sent, "Your request is sent.", "You get one when they answer");
    var own = sent.header("Location");
    var verdict =
        Map.of("version", REX.get(own).field("version"), "verdict", "approve", "comment", "");
    var reviewed = REX.post(own + "/review", verdict);
    confirms("/requests/{r}/review", REX, reviewed, "goes on to the customer", "have to sign");
    var withdrawn = EVE.post(own + "/withdraw", Map.of());
    confirms("/requests/{r}/withdraw", EVE, withdrawn, "withdrawn", "Nobody is asked about it");
    var open = ACME.ask("helpdesk");
    assertThat(ACME.approve(open).status()).isEqualTo(200);
    var done = EVE.post(page(open) + "/complete", Map.of("comment", "Reset it."));
    confirms("/requests/{r}/complete", EVE, done, "given the access back", "what you wrote");
  }

  private void keys() {
    var proposed = ANN.post("/access", Map.of("access", "audit-only"));
    confirms("/access", ANN, proposed, "Your proposal is made.", "It takes effect once");
    var proposal = URI.create(proposed.header("Location")).getPath();
    var signed = signs("/sign/proposal", ANN.get(proposal).field("handover"));
    confirms("/sign/proposal/send", ANN, signed, "Signed, and in force.", "stands in your log");
    var other = ANN.post("/access", Map.of("access", "enabled")).header("Location");
    var taken = ANN.post(other + "/withdraw", Map.of());
    confirms("/proposals/{p}/withdraw", ANN, taken, "is closed", "Nothing has changed");
    var page = NewTenant.making(ANN, "/keys");
    var key = Passkey.another(Scheme.ECDSA_P256, true, TestTenant.RANDOM);
    var made = NewTenant.make(ANN, PortalFixture.made(page, key));
    confirms("/sign/passkey/send", ANN, made, "Your passkey Phone is made.", "Propose to add it");
    var path = "/keys/" + key.key().keyId();
    var added = ANN.post(path, Map.of("do", "add", "quorum", "1"));
    confirms("/keys/{k}", ANN, added, "Your proposal is made.", "It takes effect once");
    var forgotten = ANN.post(path + "/forget", Map.of());
    confirms("/keys/{k}/forget", ANN, forgotten, "forgotten here", "on your device as well");
    var practised =
        signs(
            "/sign/practice",
            Map.of("handover", ANN.get("/practice").field("handover"), "decision", "approve"));
    answers("/sign/practice/send", practised, "Nothing was opened");
    var ticket =
        signs(
            "/sign/ticket",
            Map.of(
                "handover",
                ANN.get("/tickets").field("handover"),
                "ticket",
                "SUP-7",
                "length",
                "PT8H"));
    confirms("/sign/ticket/send", ANN, ticket, "The ticket SUP-7 is signed.", "from now on");
  }

  private void newTenant() {
    var olga = PORTAL.browser().as("olga@vendor.example");
    var added =
        olga.post(
            "/operation/new-tenant",
            Map.of("name", "Umbrella", "id", "umbrella", "admin", "adm@umbrella.example"));
    confirms("/operation/new-tenant", olga, added, "invitation is sent", "within seven days");
  }

  private void founding() {
    var hooli = new NewTenant(PORTAL.server, "hooli");
    var admin = hooli.begun();
    var ann = hooli.colleague(admin, "ann", "approver");
    var bob = hooli.colleague(admin, "bob", "approver");
    var first = NewTenant.made(ann, "/founding", true);
    assertThat(ann.get("/founding").text())
        .contains("Your passkey Phone is made.", "An administrator chooses it in step 3");
    var bobs = NewTenant.made(bob, "/founding", true);
    var token = admin.get("/founding").field("token");
    var form =
        "token=%s&key=%s&key=%s&quorum=1"
            .formatted(token, first.key().keyId().hex(), bobs.key().keyId().hex());
    var drafted = admin.postRaw("/founding", form);
    confirms("/founding", admin, drafted, "The draft is ready.", "signs it now, in step 4");
    var half = NewTenant.sign(ann, signed(NewTenant.signing(ann), first));
    confirms("/sign/founding/send", ann, half, "Your signature counts.", "completes the setup");
    var whole = NewTenant.sign(bob, signed(NewTenant.signing(bob), bobs));
    assertThat(whole.status()).isEqualTo(303);
    assertThat(bob.get("/founding").text()).contains("hooli Ltd is set up", "Keep");
    var cleo = Map.of("address", hooli.address("cleo"), "role", "auditor");
    assertThat(admin.post("/invitations", cleo).status()).isEqualTo(303);
    var newcomer = PORTAL.browser();
    var taken = hooli.take(newcomer, hooli.link("cleo")).header("Location");
    assertThat(newcomer.get(taken.replaceFirst("#.*", "")).text())
        .contains("Your invitation is accepted. Sign in");
    walked.add("/invitation");
  }

  private void people() {
    PORTAL.person(Optional.of(ACME.id), "acme-amy", "amy@acme.example", Role.TENANT_ADMIN);
    var amy = PORTAL.browser().as("amy@acme.example");
    var lou = Map.of("address", "lou@acme.example", "role", "auditor");
    confirms("/invitations", amy, amy.post("/invitations", lou), "is sent", "seven days");
    var back = amy.post("/invitations/withdraw", lou);
    confirms("/invitations/withdraw", amy, back, "The invitation is taken back.");
    var roles = amy.post("/people/acme-bob/roles", Map.of("role", "auditor"));
    confirms("/people/{who}/roles", amy, roles, "The roles are changed.", "next page on");
    var removed = amy.post("/people/acme-bob/remove", Map.of());
    confirms("/people/{who}/remove", amy, removed, "is removed", "a key of theirs still counts");
  }

  private void policy() {
    var edit = ANN.get("/policy/edit");
    var fields = new TreeMap<String, String>();
    fields.put("base", edit.field("base"));
    fields.put("mode", "ask");
    fields.put("do", "propose");
    var proposed = ANN.post("/policy/edit", fields);
    confirms("/policy/edit", ANN, proposed, "Your proposal is made.", "It takes effect once");
    var now = LocalDateTime.ofInstant(PORTAL.server.clock.get(), ZoneOffset.UTC);
    var away =
        Map.of(
            "standIn", "acme-bob",
            "from", now.plusHours(2).toString().substring(0, 16),
            "until", now.plusDays(9).toString().substring(0, 16));
    var gone = ANN.post("/away", away);
    confirms("/away", ANN, gone, "Your proposal is made.", "It takes effect once");
    var handover = ANN.get(URI.create(gone.header("Location")).getPath()).field("handover");
    assertThat(signs("/sign/proposal", handover).status()).isEqualTo(303);
    var back = ANN.post("/away/back", Map.of());
    confirms("/away/back", ANN, back, "Your proposal is made.", "It takes effect once");
    var next = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var at = PORTAL.server.clock.get().plus(Duration.ofDays(4));
    var change = AuthoritySigned.change(PORTAL.server, next, at);
    assertThat(AuthoritySigned.bring(PORTAL.server, change).status()).isEqualTo(200);
    var objection = "/keys/authority/object";
    Pause.until("told", () -> ANN.get("/keys").text().contains(objection));
    confirms(objection, ANN, ANN.post(objection, Map.of()), "Your proposal is made.");
  }

  private static String tag() {
    return ANN.get("/notifications/contact").field("tag").replace("&#34;", "\"");
  }

  private void notifications() {
    var contact = new TreeMap<String, String>();
    contact.put("tag", tag());
    contact.put("address", "new@acme.example");
    contact.put("audience", "auditors");
    contact.put("topic", "records");
    contact.put("zone", "UTC");
    contact.put("do", "save");
    var path = "/notifications";
    var saved = ANN.post(path + "/contact", contact);
    confirms(path + "/contact", ANN, saved, "The contact is saved.", "is notified");
    var links = ANN.post(path + "/links", Map.of("tag", tag(), "links", "false"));
    confirms(path + "/links", ANN, links, "Mail has no link from now on.");
    confirms(path + "/test", ANN, ANN.post(path + "/test", Map.of()), "on its way", "this list");
    try (var receiver = new HookReceiver()) {
      var hook = Map.of("url", receiver.url(), "topic", "keyring");
      answers(path + "/webhooks", ANN.post(path + "/webhooks", hook), "whsec_", "once");
      var id = ANN.get(path).text().replaceAll("(?s).*?/webhooks/([^/\"]+)\".*", "$1");
      var off = ANN.post(path + "/webhooks/" + id, Map.of("do", "off"));
      confirms(path + "/webhooks/{w}", ANN, off, "The webhook is off.", "is given up");
    }
    var log = path + "/deliveries";
    var delivery =
        PORTAL.server.rows("select max(id) from outbox where tenant_id = 'acme'").getFirst();
    var again = ANN.post(log + "/" + delivery + "/resend", Map.of());
    confirms(log + "/{d}/resend", ANN, again, "It is sent again.", "within seconds");
    var chosen = ANN.post(log + "/resend", Map.of("id", delivery));
    confirms(log + "/resend", ANN, chosen, "It is sent again.", "within seconds");
    var nothing = ANN.post(log + "/resend", Map.of());
    confirms(log + "/resend", ANN, nothing, "Nothing was chosen.", "Mark the deliveries");
  }

  private void push() {
    var path = "/notifications/push";
    try (var service = new PushReceiver()) {
      var browser =
          Map.of("endpoint", service.endpoint(), "key", service.key(), "secret", service.secret());
      confirms(path, ANN, ANN.post(path, browser), "You are told in this browser", "a test");
      var id = PORTAL.server.rows("select id from push_subscription").getFirst();
      var tested = ANN.post(path + "/" + id + "/test", Map.of());
      confirms(path + "/{b}/test", ANN, tested, "on its way to your device");
      var off = ANN.post(path + "/" + id + "/remove", Map.of());
      confirms(path + "/{b}/remove", ANN, off, "told nothing more");
    }
  }

  private void ownThings() {
    var view = Map.of("level", "write", "name", "Writes");
    confirms("/audit/views", ANN, ANN.post("/audit/views", view), "saved", "Only you see it");
    var gone = ANN.post("/audit/views/forget", Map.of("name", "Writes"));
    confirms("/audit/views/forget", ANN, gone, "The view is removed.");
    confirms("/settings", ANN, ANN.post("/settings", Map.of("zone", "UTC")), "Saved");
    var here = PORTAL.browser().as("aud@acme.example");
    PORTAL.browser().as("aud@acme.example");
    var other = here.get("/settings").field("visit");
    var ended = here.post("/settings/sign-out", Map.of("visit", other));
    confirms("/settings/sign-out", here, ended, "You are signed out in that browser.");
    var out = here.post("/sign-out", Map.of());
    assertThat(here.get(out.header("Location")).text()).contains("You are signed out");
    walked.add("/sign-out");
  }
}
