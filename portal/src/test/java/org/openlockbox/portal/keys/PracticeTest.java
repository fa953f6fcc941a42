package org.openlockbox.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.portal.PortalFixture.pae;
import static org.openlockbox.portal.PortalFixture.signed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// A decision to try out opens nothing, and what was signed is good for nothing else.
final class PracticeTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Page practise(String decision) {
    var handover = ANN.get("/practice").field("handover");
    return ANN.approve(
        "/sign/practice", Map.of("handover", handover, "decision", decision), TestBrowser.PORTAL);
  }

  private static Page send(Map<String, String> fields) {
    return ANN.approve("/sign/practice/send", fields, TestBrowser.APPROVE);
  }

  @Test
  void whoPractisesSignsAndOpensNothing() {
    int size = ACME.verifiedLog().size();
    assertThat(ANN.get("/practice").text()).contains("This is practice", "Pat Practice (Vendor)");
    var sign = practise("approve");
    assertThat(sign.text()).contains("You are about to sign", "your signature opens nothing");
    var fields = signed(sign, PORTAL.passkey);
    var done = send(fields);
    assertThat(done.text())
        .as(done.toString())
        .contains("Nothing was opened", "half an hour", "/inbox\"", "/keys\"");
    assertThat(send(fields).status()).isEqualTo(409);
    assertThat(send(signed(practise("deny"), PORTAL.passkey)).text()).contains("told no");
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(practise("less").status()).isEqualTo(400);
  }

  /// Who, what data, at which level and for how long, as a real decision says it.
  @Test
  void whatIsPractisedIsSignedWithTheReceiptOfARealDecision() {
    var real = ANN.get(PortalFixture.page(ACME.ask("helpdesk"))).field("handover");
    var deciding = ANN.handOver(Map.of("handover", real, "decision", "approve"));
    var practising = practise("approve");
    for (var page : List.of(deciding, practising)) {
      var sentence = page.read().replaceAll("(?s).*<p class=\"sentence\">(.*?)</p>.*", "$1");
      assertThat(sentence.replaceAll("<[^>]*>", ""))
          .matches("An engineer of your provider may read, .* for 30 minutes, from .* until .*");
    }
    assertThat(receipt(practising)).isEqualTo(receipt(deciding));
    assertThat(practising.text()).contains("Pat Practice", "A person made up for practice.");
    assertThat(deciding.text()).doesNotContain("practice");
    var denying = practise("deny");
    assertThat(denying.read()).contains("gets no access to your");
  }

  /// The labels of the lines.
  private static List<String> receipt(Page page) {
    var receipt = page.text().replaceAll("(?s).*<div class=\"receipt[^>]*>(.*?)</dl>.*", "$1");
    return Pattern.compile("<dt>(.*?)</dt>")
        .matcher(receipt)
        .results()
        .map(label -> label.group(1))
        .toList();
  }

  @Test
  void aSignatureThatDoesNotHoldIsNoPractice() {
    var sign = practise("approve");
    assertThat(send(signed(sign, Passkey.es256(TestTenant.RANDOM))).status()).isEqualTo(422);
    var bob = PORTAL.browser().as("bob@acme.example");
    assertThat(bob.get("/practice").has("handover")).isFalse();
    var eve = PORTAL.browser().as("eve@vendor.example");
    assertThat(eve.get("/practice").status()).isEqualTo(404);
    assertThat(PORTAL.browser().as("aud@acme.example").get("/practice").status()).isEqualTo(403);
  }

  /// The signature of a practice, by a key that counts, as a decision: over the payload of a real
  /// decision, under the type of one, and as it is.
  @Test
  void noVerifierTakesAPracticeForADecision() {
    var asked = ACME.ask("helpdesk");
    var sign = practise("approve");
    var signature = PORTAL.passkey.sign(pae(sign));
    var payload =
        sign.text()
            .replaceAll("(?s).*<code id=\"payload\">(.*?)</code>.*", "$1")
            .replace("&#34;", "\"");
    var practice =
        Envelope.unsigned(
            "application/vnd.lockbox.practice.v1+json",
            Json.read(payload.getBytes(StandardCharsets.UTF_8)));
    assertThat(SignatureCheck.verify(PORTAL.passkey.key(), practice, signature))
        .isInstanceOf(SignatureCheck.Valid.class);
    var decision = ACME.decision(TestTenant.ref(asked), "acme-ann", allowed());
    var retyped = new Envelope(decision.payloadType(), practice.payload(), List.of());
    for (var other : List.of(decision, retyped)) {
      assertThat(SignatureCheck.verify(PORTAL.passkey.key(), other, signature))
          .isInstanceOf(SignatureCheck.Invalid.class);
      isRefused(asked, other.with(signature));
    }
    assertThatThrownBy(() -> RequestEvent.Decided.of(practice.with(signature)))
        .isInstanceOf(MalformedJson.class);
    isRefused(asked, practice.with(signature));
    assertThat(ACME.show(asked).json().text("state")).isEqualTo("pending");
  }

  private static Optional<Allowance> allowed() {
    return Optional.of(ACME.allowance(Level.MASKED, Duration.ofMinutes(30)));
  }

  private static void isRefused(Answer asked, Envelope signed) {
    var answer = ACME.step(ACME.approver(), asked, ":approve", TestTenant.envelope(signed));
    assertThat(answer.status()).as(answer.toString()).isIn(400, 422);
  }

  @Test
  void whatWasHandedOverToPractiseDecidesNothing() {
    var toPractise = ANN.get("/practice").field("handover");
    assertThat(ANN.handOver(Map.of("handover", toPractise, "decision", "approve")).status())
        .isEqualTo(409);
    var asked = ACME.ask("helpdesk");
    var practising = practise("approve");
    var crossed =
        ANN.approve("/sign/send", signed(practising, PORTAL.passkey), TestBrowser.APPROVE);
    assertThat(crossed.status()).isEqualTo(409);
    var toDecide = ANN.get(PortalFixture.page(asked)).field("handover");
    var deciding = ANN.handOver(Map.of("handover", toDecide, "decision", "approve"));
    assertThat(send(signed(deciding, PORTAL.passkey)).status()).isEqualTo(409);
    assertThat(ACME.show(asked).json().text("state")).isEqualTo("pending");
  }
}
