package org.openlockbox.portal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.made;
import static org.openlockbox.portal.PortalFixture.page;
import static org.openlockbox.portal.PortalFixture.signed;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.tlog.tree.Hash;

/// An engineer's passkey signs a login for the browser, and for nobody else's request.
final class PortalConnectTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final Passkey KEY = Passkey.es256(TestTenant.RANDOM);
  private static final String OPEN = "Open in this browser";
  private static final Hash DIGEST = Bytes.ofUtf8("a token of the browser's").sha256();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Answer asked(VerifyingKey key) {
    var wish =
        Json.object()
            .put("resource", "helpdesk-api")
            .put("level", "read")
            .put("purpose", "provider_maintenance")
            .put("reason", "Look at the queue")
            .put("ticket", "")
            .put("duration", Duration.ofMinutes(30))
            .put("engineerKey", key.toJson())
            .build();
    var asked = PORTAL.server.post("engineer", ACME.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    return asked;
  }

  private static Answer approved(VerifyingKey key) {
    var asked = asked(key);
    approve(asked, Level.READ);
    return asked;
  }

  private static void approve(Answer asked, Level level) {
    var allowed = ACME.allowance(level, Duration.ofMinutes(30));
    assertThat(ACME.approve(asked, allowed).status()).isEqualTo(200);
  }

  private static Answer approved() {
    return approved(KEY.key());
  }

  private static String handover(Answer asked) {
    return EVE.get(page(asked)).field("handover");
  }

  private static Page begin(TestBrowser who, String handover) {
    return who.approve("/sign/connect", Map.of("handover", handover), TestBrowser.PORTAL);
  }

  private static Page statement(String handover, String token) {
    return EVE.approve(
        "/sign/connect/statement",
        Map.of("handover", handover, "token", token),
        TestBrowser.APPROVE);
  }

  private static Page send(Map<String, String> fields) {
    return EVE.approve("/sign/connect/send", fields, TestBrowser.APPROVE);
  }

  private static Page toSign(Answer asked) {
    return statement(begin(EVE, handover(asked)).field("handover"), DIGEST.hex());
  }

  private static ConnectStatement shown(Page sign) {
    var payload = sign.text().replaceAll("(?s).*<code id=\"payload\">(.*?)</code>.*", "$1");
    return ConnectStatement.parse(CanonicalJson.parse(Bytes.ofUtf8(payload)));
  }

  @Test
  void aPasskeySignsALoginForThisBrowser() {
    var asked = approved();
    assertThat(EVE.get(page(asked)).text()).contains(OPEN);
    var sign = toSign(asked);
    assertThat(sign.text().replaceAll("<[^>]*>", ""))
        .contains("You are about to sign", "I open Helpdesk API of acme, at the level Read");
    var statement = shown(sign);
    assertThat(statement.credential()).isEqualTo(new Credential.Token(DIGEST));
    var fields = signed(sign, KEY);
    var ready = send(fields);
    assertThat(ready.text())
        .as(ready.toString())
        .contains("The login is ready", "href=\"https://127.0.0.1:8443/_lockbox/open\"");
    assertThat(kept(statement.user())).isEqualTo(statement);
    assertThat(send(fields).status()).isEqualTo(409);
  }

  /// As a gateway fetches it.
  private static ConnectStatement kept(String user) {
    var envelope =
        PORTAL
            .server
            .rows(
                "select convert_from(envelope, 'UTF8') from connect_statement where user_name = '%s'"
                    .formatted(user))
            .getFirst();
    return ConnectCheck.parse(Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(envelope))));
  }

  @Test
  void whatIsNoDigestIsNoToken() {
    var begun = begin(EVE, handover(approved())).field("handover");
    assertThat(statement(begun, "").status()).isEqualTo(400);
    assertThat(statement(begun, "secret").status()).isEqualTo(400);
    assertThat(statement(begun, DIGEST.hex()).status()).isEqualTo(200);
    assertThat(statement(begun, DIGEST.hex()).status()).as("once").isEqualTo(409);
  }

  @Test
  void anotherPasskeySignsNothing() {
    var sign = toSign(approved());
    var other = signed(sign, Passkey.es256(TestTenant.RANDOM));
    other.put("credential", KEY.credentialId().base64Url());
    assertThat(send(other).status()).isEqualTo(422);
    assertThat(
            PORTAL.server.rows(
                "select 1 from connect_statement where user_name = '%s'"
                    .formatted(shown(sign).user())))
        .isEmpty();
  }

  @Test
  void thereIsNothingToOpenWithoutAnApprovalOrAPasskey() {
    assertThat(EVE.get(page(asked(KEY.key()))).text()).doesNotContain(OPEN);
    assertThat(EVE.get(page(approved(ACME.engineerKey.key()))).text()).doesNotContain(OPEN);
    var masked = asked(KEY.key());
    approve(masked, Level.MASKED);
    assertThat(EVE.get(page(masked)).text()).as("no page passes at masked").doesNotContain(OPEN);
    assertThat(ANN.get(page(approved())).text()).doesNotContain(OPEN);
  }

  /// A token of one page is good on no other, whoever has it.
  @Test
  void anApproversTokenOpensNothingAndAnEngineersDecidesNothing() {
    var asked = approved();
    var decides = ANN.get(page(asked)).field("handover");
    assertThat(begin(ANN, decides).status()).isEqualTo(404);
    var opens = handover(asked);
    assertThat(EVE.handOver(Map.of("handover", opens, "decision", "revoke")).status())
        .isIn(403, 404);
    assertThat(begin(EVE, "A".repeat(43)).status()).isEqualTo(409);
  }

  @Test
  void anAccessThatWasStoppedMeanwhileIsNotOpened() {
    var asked = approved();
    var fields = signed(toSign(asked), KEY);
    assertThat(ACME.revoke(asked).status()).isEqualTo(200);
    assertThat(send(fields).status()).isIn(409, 412, 422);
  }

  @Test
  void anEngineerMakesAPasskeyAndAsksWithIt() {
    var key = Passkey.es256(TestTenant.RANDOM);
    var handover = EVE.get("/ask/passkey").field("handover");
    var making = EVE.approve("/sign/engineer", Map.of("handover", handover), TestBrowser.PORTAL);
    assertThat(making.text()).as(making.toString()).contains("data-maker=");
    var back = EVE.approve("/sign/engineer/send", made(making, key), TestBrowser.APPROVE);
    assertThat(back.status()).as(back.toString()).isEqualTo(303);
    var form = EVE.get(back.header("Location").substring(TestBrowser.PORTAL.length()));
    assertThat(form.text()).contains("\"scheme\":\"webauthn\"");
    var fields = new TreeMap<String, String>();
    fields.put("once", form.field("once"));
    fields.put("do", "send");
    fields.put("tenant", "acme");
    fields.put("resource", "helpdesk-api");
    fields.put("level", "read");
    fields.put("duration", "PT30M");
    fields.put("purpose", "customer_ticket");
    fields.put("ticket", "SUP-7");
    fields.put("reason", "Nobody can log in");
    fields.put("key", CanonicalJson.text(key.key().toJson()));
    var sent = EVE.post("/ask", fields);
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    String id = sent.header("Location").replaceFirst(".*/", "");
    var asked = PORTAL.server.get("engineer", ACME.requests() + "/" + id);
    approve(asked, Level.READ);
    var login = statement(begin(EVE, handover(asked)).field("handover"), DIGEST.hex());
    assertThat(send(signed(login, key)).text()).contains("The login is ready");
  }

  @Test
  void onlyEngineersMakeAPasskeyForRequests() {
    assertThat(ANN.get("/ask/passkey").status()).isEqualTo(403);
    var enrols = ANN.get("/keys").field("handover");
    assertThat(
            ANN.approve("/sign/engineer", Map.of("handover", enrols), TestBrowser.PORTAL).status())
        .isEqualTo(403);
    var makes = EVE.get("/ask/passkey").field("handover");
    assertThat(
            EVE.approve("/sign/passkey", Map.of("handover", makes, "name", "x"), TestBrowser.PORTAL)
                .status())
        .isEqualTo(404);
    assertThat(EVE.get("/ask?passkey=nonsense").status()).isEqualTo(200);
  }

  @Test
  void whoSendsALoginAgainAndAgainWritesNothingIntoTheListOfTheCustomer() {
    var fields = signed(toSign(approved()), KEY);
    var before = noted();
    assertThat(send(fields).status()).isEqualTo(200);
    for (var door : List.of("/sign/connect/send", "/sign/send", "/sign/ticket/send")) {
      assertThat(EVE.approve(door, fields, TestBrowser.APPROVE).status()).isEqualTo(409);
    }
    assertThat(noted()).isEqualTo(before);
  }

  private static List<String> noted() {
    return PORTAL.server.rows("select by_subject, about, why from refused_signature order by n");
  }
}
