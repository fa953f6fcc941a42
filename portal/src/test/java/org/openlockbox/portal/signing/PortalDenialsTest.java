package org.openlockbox.portal.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.id;
import static org.openlockbox.portal.PortalFixture.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// Several denials at once: one page and one reason, and for each request its own statement and
/// signature.
final class PortalDenialsTest {
  private static final Pattern PAYLOAD =
      Pattern.compile("(?s)<code class=\"payload\">(.*?)</code>");
  private static final Pattern DRAFT = Pattern.compile("name=\"draft\" value=\"([^\"]*)\"");
  private static final Pattern TOKEN =
      Pattern.compile(
          "name=\"handover\" value=\"([^\"]*)\"(?: checked)?>(?s:(?!</li>).)*?(R-[0-9A-Z]{10})</small>");

  private final PortalFixture portal = new PortalFixture();
  private final TestTenant acme = portal.acme;
  private final TestBrowser ann = portal.browser().as("ann@acme.example");

  @AfterEach
  void close() {
    portal.close();
  }

  private String state(Answer request) {
    return acme.show(request).json().text("state");
  }

  /// The token of each of these requests, from the page that lists them.
  private static List<String> tokens(Page page, Answer... requests) {
    var ids = Arrays.stream(requests).map(PortalFixture::id).toList();
    return TOKEN
        .matcher(page.text())
        .results()
        .filter(found -> ids.contains(found.group(2)))
        .map(found -> found.group(1))
        .toList();
  }

  private Page chosen(List<String> tokens, String reason) {
    var fields = new ArrayList<>(List.of("decision=deny", "reason=" + reason, "text=Ask+Bob"));
    tokens.forEach(token -> fields.add("handover=" + token));
    return ann.approve("/sign/denials", String.join("&", fields), TestBrowser.PORTAL);
  }

  private static List<String> all(Pattern pattern, Page page) {
    return pattern.matcher(page.text()).results().map(found -> found.group(1)).toList();
  }

  private Signature.WebAuthn signature(String payload) {
    var bytes =
        Bytes.ofUtf8(payload.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
    return (Signature.WebAuthn) portal.passkey.sign(Envelope.pae(Decision.PAYLOAD_TYPE, bytes));
  }

  /// The form that the browser sends; statements beyond `signed` are left unsigned.
  private String answers(Page page, int signed) {
    var drafts = all(DRAFT, page);
    var payloads = all(PAYLOAD, page);
    assertThat(payloads).hasSameSizeAs(drafts);
    var fields = new ArrayList<Map.Entry<String, String>>();
    for (int n = 0; n < drafts.size(); n++) {
      boolean isSigned = n < signed;
      var by = signature(payloads.get(n));
      fields.add(Map.entry("draft", drafts.get(n)));
      fields.add(
          Map.entry("credential", isSigned ? portal.passkey.credentialId().base64Url() : ""));
      fields.add(
          Map.entry("authenticatorData", isSigned ? by.authenticatorData().base64Url() : ""));
      fields.add(Map.entry("clientDataJSON", isSigned ? by.clientDataJson().base64Url() : ""));
      fields.add(Map.entry("signature", isSigned ? by.sig().base64Url() : ""));
    }
    return fields.stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private Page send(String fields) {
    return ann.approve("/sign/denials/send", fields, TestBrowser.APPROVE);
  }

  @Test
  void severalAreDeniedForOneReasonEachByItsOwnSignature() {
    var one = acme.ask("helpdesk");
    var two = acme.ask("helpdesk");
    var left = acme.ask("helpdesk");
    assertThat(ann.get("/inbox").text()).contains("href=\"/deny\"");
    var list = ann.get("/deny");
    assertThat(list.status()).as(list.toString()).isEqualTo(200);
    var sign = chosen(tokens(list, one, two), "too_much");
    assertThat(sign.status()).as(sign.toString()).isEqualTo(200);
    assertThat(sign.text())
        .contains("Deny 2 requests", id(one), id(two), "It is too much: Ask Bob", "asked 2 times")
        .doesNotContain(id(left));
    assertThat(all(PAYLOAD, sign)).doesNotHaveDuplicates();
    var sent = send(answers(sign, 2));
    assertThat(sent.header("Location")).isEqualTo(TestBrowser.PORTAL + "/deny");
    assertThat(List.of(state(one), state(two), state(left)))
        .containsExactly("denied", "denied", "pending");
    assertThat(ann.get("/deny").text()).contains("2 requests denied", id(one), id(two), id(left));
    assertThat(ann.get(page(one)).text()).contains("It is too much: Ask Bob");
  }

  @Test
  void whatHasNoSignatureIsNotDeniedAndWhatIsNotTakenKeepsNoOtherBack() {
    var one = acme.ask("helpdesk");
    var two = acme.ask("helpdesk");
    var three = acme.ask("helpdesk");
    var sign = chosen(tokens(ann.get("/deny"), one, two, three), "not_needed");
    var half = answers(sign, 2);
    var shownFirst =
        Stream.of(one, two, three)
            .min(Comparator.comparingInt(asked -> sign.text().indexOf(id(asked))))
            .orElseThrow();
    assertThat(acme.approve(shownFirst).status()).as("meanwhile").isEqualTo(200);
    assertThat(send(half).status()).isEqualTo(303);
    assertThat(List.of(state(one), state(two), state(three)))
        .containsOnlyOnce("approved", "denied", "pending");
    assertThat(send(half).status()).as("a draft is sent once").isEqualTo(303);
    assertThat(List.of(state(one), state(two), state(three)))
        .containsOnlyOnce("approved", "denied", "pending");
  }

  @Test
  void aSignatureForOneRequestDeniesNoOther() {
    var one = acme.ask("helpdesk");
    var two = acme.ask("helpdesk");
    var sign = chosen(tokens(ann.get("/deny"), one, two), "other");
    var drafts = all(DRAFT, sign);
    var swapped =
        answers(sign, 2)
            .replace(drafts.get(0), "SWAP")
            .replace(drafts.get(1), drafts.get(0))
            .replace("SWAP", drafts.get(1));
    send(swapped);
    assertThat(List.of(state(one), state(two))).containsOnly("pending");
  }

  @Test
  void nothingElseThanADenialOfOnesOwnChoiceIsSignedThere() {
    var one = acme.ask("helpdesk");
    var tokens = tokens(ann.get("/deny"), one);
    assertThat(chosen(List.of(), "other").header("Location")).endsWith("/deny?none=yes");
    assertThat(ann.get("/deny?none=yes").text()).contains("role=\"alert\">No request was chosen");
    var unsaid = chosen(tokens, "");
    assertThat(unsaid.status()).as("no reason").isEqualTo(422);
    assertThat(unsaid.text())
        .contains("Choose why you deny it", ">Ask Bob</textarea>", tokens.getFirst())
        .contains("action=\"/sign/denials\"");
    for (var decision : List.of("approve", "less", "revoke", "deny&decision=approve")) {
      var fields = "decision=" + decision + "&reason=other&handover=" + tokens.getFirst();
      assertThat(ann.approve("/sign/denials", fields, TestBrowser.PORTAL).status())
          .as(decision)
          .isEqualTo(400);
    }
    var elsewhere = "decision=deny&reason=other&handover=" + tokens.getFirst();
    assertThat(ann.approve("/sign/denials", elsewhere, "https://evil.example").status())
        .isEqualTo(403);
    assertThat(chosen(tokens, "other").status()).as("the token is still good").isEqualTo(200);
    assertThat(portal.browser().as("aud@acme.example").get("/deny").status()).isEqualTo(403);
    assertThat(state(one)).isEqualTo("pending");
  }

  @Test
  void thoseOfOneEngineerAreChosenByOneLink() {
    var one = acme.ask("helpdesk");
    var two = acme.ask("helpdesk");
    var page = ann.get("/deny");
    var link = page.text().replaceAll("(?s).*href=\"/deny(\\?engineer=[^\"]*)\".*", "$1");
    assertThat(link).startsWith("?engineer=");
    assertThat(ann.get("/deny" + link).text().split(" checked", -1)).hasSize(3);
    assertThat(page.text()).doesNotContain(" checked").contains(id(one), id(two));
    assertThat(ann.get("/deny?engineer=nobody").text()).doesNotContain(" checked");
  }
}
