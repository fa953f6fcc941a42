package org.openlockbox.portal.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.history.History;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestTenant;
import org.openlockbox.tlog.tree.Hash;

/// What was signed about a request, to the byte, its proof, and that it holds.
final class PortalProofTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void thePageShowsWhatWasSignedAndProvesIt() {
    var asked = ACME.ask("helpdesk");
    assertThat(ANN.get(page(asked)).text()).doesNotContain("/proof");
    var sign =
        ANN.handOver(
            Map.of(
                "handover", ANN.get(page(asked)).field("handover"),
                "decision", "less",
                "duration", "PT15M"));
    var sent =
        ANN.approve("/sign/send", PortalFixture.signed(sign, PORTAL.passkey), TestBrowser.APPROVE);
    assertThat(sent.status()).isEqualTo(303);
    assertThat(ANN.get(page(asked)).text()).contains(page(asked) + "/proof");
    var proof = ANN.get(page(asked) + "/proof");
    assertThat(proof.status()).as(proof.toString()).isEqualTo(200);
    assertThat(proof.text())
        .contains("Everything holds", "15 minutes, instead of 30 minutes", "Ann's phone")
        .contains(PORTAL.passkey.key().keyId().hex(), ACME.pin().hex(), ACME.origin.value())
        .contains(sign.text().replaceAll("(?s).*<code id=\"payload\">(.*?)</code>.*", "$1"));
  }

  /// The members of the payload in words stand before its bytes, which are folded.
  @Test
  void whatWasSignedIsSaidInWordsAndItsBytesAreFolded() {
    var asked = ACME.ask("helpdesk");
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    var page = ANN.get(page(asked) + "/proof").text();
    var fields = page.replaceAll("(?s).*<dl class=\"facts\">(.*?)</dl>.*", "$1");
    assertThat(fields.replaceAll("<button.*?</button>", "").replaceAll("<[^>]*>", ""))
        .contains("Decision", "Approve", "Level", "Masked", "How long", "30 minutes", "Until")
        .contains("acme-ann", "Entry of the request", ACME.origin.value())
        .doesNotContain("{");
    assertThat(page.replaceAll("(?s)<details.*?</details>", "")).doesNotContain("{&#34;", "{\"");
  }

  @Test
  void theFileHoldsForWhoeverChecksIt() {
    var asked = ACME.ask("helpdesk");
    assertThat(ACME.revoke(ACME.approve(asked)).status()).isEqualTo(200);
    var file = ANN.get(page(asked) + "/proof.json");
    assertThat(file.header("Content-Disposition")).startsWith("attachment");
    var json =
        Fields.of(Json.read(file.text().getBytes(StandardCharsets.UTF_8), 16 << 20), "proof");
    var entries =
        json.objects("entries").stream()
            .map(
                entry ->
                    new LoggedEntry(
                        entry.bytes("entry"),
                        entry.texts("proof").stream().map(Hash::ofBase64).toList()))
            .toList();
    var check =
        History.check(
            Optional.of(ACME.pin()),
            ACME.id,
            TestTenant.ref(asked).id(),
            entries,
            json.multiline("checkpoint"));
    assertThat(check).isInstanceOf(HistoryCheck.Valid.class);
    assertThat(ANN.get(page(asked) + "/proof").text()).contains("Everything holds", "loses access");
  }

  @Test
  void nobodyElseGetsIt() {
    var asked = ACME.ask("helpdesk");
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    for (var who :
        new String[] {"ann@globex.example", "rex@vendor.example", "olga@vendor.example"}) {
      var stranger = PORTAL.browser().as(who);
      assertThat(stranger.get(page(asked) + "/proof").status()).isEqualTo(404);
      assertThat(stranger.get(page(asked) + "/proof.json").status()).isEqualTo(404);
    }
    var eve = PORTAL.browser().as("eve@vendor.example");
    assertThat(eve.get(page(asked) + "/proof").status()).as("her own").isEqualTo(200);
  }
}
