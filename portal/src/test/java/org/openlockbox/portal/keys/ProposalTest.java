package org.openlockbox.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.signed;
import static org.openlockbox.server.TestTenant.envelope;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SigningKeys;

/// A change of the keyring is proposed on a page, collects signatures, and is made with the last.
final class ProposalTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static String propose(TestBrowser browser, String access) {
    var page = browser.post("/access", Map.of("access", access));
    assertThat(page.status()).as(page.toString()).isEqualTo(303);
    return page.header("Location");
  }

  private static Page handOver(TestBrowser browser, String proposal) {
    var handover = browser.get(proposal).field("handover");
    return browser.approve("/sign/proposal", Map.of("handover", handover), TestBrowser.PORTAL);
  }

  private static Page send(Map<String, String> fields) {
    return ANN.approve("/sign/proposal/send", fields, TestBrowser.APPROVE);
  }

  private static String access() {
    return PORTAL
        .server
        .get(ACME.approver(), "/v1/tenants/acme")
        .json()
        .object("settings")
        .optionalText("access")
        .orElse("enabled");
  }

  private static void another() {
    var key = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    ACME.change(
        new KeyringChange.Edit.AddKey(
            new ApproverKey(new SubjectId("acme-bob"), "Bob's other key", key.key())),
        key);
  }

  @Test
  void accessIsSwitchedOffAndOnByPasskey() {
    var asked = ACME.approved();
    var proposal = propose(ANN, "off");
    assertThat(ANN.get(proposal).text())
        .contains(
            "Waiting for signatures",
            "Access to your data becomes <strong>off</strong>, instead of <strong>on</strong>.",
            "Signatures of approvers: 0 of 1");
    var sign = handOver(ANN, proposal);
    assertThat(sign.text()).contains("You are about to sign", "ends within a second");
    assertThat(access()).isEqualTo("enabled");
    assertThat(ANN.get("/inbox").text())
        .contains("waiting for your signature", proposal)
        .doesNotContain("Access is");
    assertThat(PORTAL.browser().as("aud@acme.example").get("/inbox").text())
        .as("who has no key is asked for nothing")
        .doesNotContain(proposal);
    var sent = send(signed(sign, PORTAL.passkey));
    assertThat(sent.header("Location")).as(sent.toString()).endsWith(proposal);
    assertThat(access()).isEqualTo("off");
    assertThat(ANN.get("/inbox").text())
        .contains("Access is off</a>. Every request is denied at once")
        .doesNotContain(proposal);
    assertThat(ACME.show(asked).json().text("state")).isEqualTo("revoked");
    assertThat(ANN.get(proposal).text()).contains("Done", "Signatures of approvers: 1 of 1");
    assertThat(ANN.get("/access").text()).contains("Access is off");
    assertThat(ACME.verifiedLog()).anyMatch(entry -> entry.type() == EntryType.SETTINGS);
    assertThat(send(signed(handOver(ANN, propose(ANN, "enabled")), PORTAL.passkey)).status())
        .isEqualTo(303);
    assertThat(access()).isEqualTo("enabled");
  }

  @Test
  void aProposalThatAnotherChangeOvertookIsNotMade() {
    var proposal = propose(ANN, "off");
    var sign = handOver(ANN, proposal);
    another();
    int size = ACME.verifiedLog().size();
    assertThat(send(signed(sign, PORTAL.passkey)).status()).isEqualTo(409);
    var page = ANN.get(proposal);
    assertThat(page.text()).contains("Overtaken");
    assertThat(page.has("handover")).isFalse();
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(access()).isEqualTo("enabled");
  }

  @Test
  void whatWasWithdrawnIsNotMade() {
    var proposal = propose(ANN, "off");
    var sign = handOver(ANN, proposal);
    assertThat(ANN.get(proposal).text()).contains("Withdraw it");
    assertThat(PORTAL.browser().as("aud@acme.example").get(proposal).text())
        .doesNotContain("Withdraw it", "Refuse it");
    assertThat(ANN.post(proposal + "/withdraw", Map.of()).status()).isEqualTo(303);
    assertThat(ANN.get(proposal).text()).contains("acme-ann withdrew it, ");
    assertThat(send(signed(sign, PORTAL.passkey)).status()).isEqualTo(409);
    assertThat(access()).isEqualTo("enabled");
  }

  @Test
  void anotherTenantsAdministratorFindsNoProposal() {
    var proposal = propose(ANN, "off");
    PORTAL.person(
        Optional.of(PORTAL.globex.id), "globex-adm", "adm@globex.example", Role.TENANT_ADMIN);
    var stranger = PORTAL.browser().as("adm@globex.example");
    assertThat(stranger.get(proposal).status()).isEqualTo(404);
    assertThat(stranger.post(proposal + "/withdraw", Map.of()).status()).isEqualTo(404);
    assertThat(ANN.get(proposal).text()).contains("Waiting for signatures");
  }

  @Test
  void theProvidersPeopleAndAuditorsProposeNothing() {
    for (var address : new String[] {"olga@vendor.example", "eve@vendor.example"}) {
      var provider = PORTAL.browser().as(address);
      assertThat(provider.get("/access").status()).isEqualTo(404);
      assertThat(provider.post("/access", Map.of("access", "off")).status()).isEqualTo(404);
    }
    var auditor = PORTAL.browser().as("aud@acme.example");
    assertThat(auditor.get("/access").text()).contains("Access is").doesNotContain("Propose:");
    assertThat(auditor.post("/access", Map.of("access", "off")).status()).isEqualTo(403);
    assertThat(auditor.get("/keys").text()).contains("Keys that count").doesNotContain("Lost it");
    assertThat(PORTAL.browser().as("bob@acme.example").get("/keys").text()).contains("Lost it");
  }

  private static Settings demanding(WitnessPolicy witness) {
    return new Settings(
        witness, Duration.ofMinutes(1), WitnessPolicy.NONE, Map.of(), ProviderAccess.ENABLED);
  }

  private static WitnessPolicy witness() {
    var keys =
        SigningKeys.generate(TestTenant.RANDOM).cosigners("w1.example.com").stream()
            .map(NoteSigner::verifier)
            .sorted(Comparator.comparing(NoteVerifier::vkey))
            .toList();
    return new WitnessPolicy(1, keys);
  }

  private static String digest(WitnessPolicy witness) {
    return Bytes.ofUtf8(witness.keys().getFirst().vkey()).sha256().hex();
  }

  /// Somebody who has the server's tables proposes it: the portal itself proposes no witnesses.
  @Test
  void aWitnessWithOtherKeysIsAnotherWitness() {
    var known = witness();
    var other = witness();
    ACME.change(new KeyringChange.Edit.ReplaceSettings(demanding(known)));
    var prev = PORTAL.server.get(ACME.approver(), "/v1/tenants/acme/keyring").json().hash("prev");
    var signed = ACME.signed(new KeyringChange.Edit.ReplaceSettings(demanding(other)), prev);
    PORTAL.server.execute(
        """
        insert into proposal (tenant_id, id, payload_type, payload, prev, proposed_by, created_at)
        values ('acme', 'P-0000000000', '%s', decode('%s', 'base64'), '%s', 'acme-bob', now())
        """
            .formatted(signed.payloadType(), signed.payload().base64(), prev.hex()));
    var page = ANN.get("/proposals/P-0000000000");
    assertThat(page.text()).contains(digest(known), digest(other));
    assertThat(handOver(ANN, "/proposals/P-0000000000").text())
        .contains("You are about to sign", digest(known), digest(other));
    ACME.change(new KeyringChange.Edit.ReplaceSettings(Settings.NONE));
  }

  @Test
  void whoHasAKeyFileSignsOverTheApi() {
    var key = NewTenant.made(ANN, "/keys", true);
    var page =
        ANN.post("/keys/" + key.key().keyId(), Map.of("do", "add", "quorum", "1"))
            .header("Location");
    var path = "/v1/tenants/acme" + page;
    var shown = PORTAL.server.get(ACME.approver(), path).json();
    var unsigned = new Envelope(shown.text("payloadType"), shown.bytes("payload"), List.of());
    var other = new Envelope("application/x", unsigned.payload(), List.of());
    for (var wrong : List.of(other.signedBy(ACME.key), unsigned.signedBy(ACME.engineerKey))) {
      var refused = PORTAL.server.post(ACME.approver(), path + ":sign", envelope(wrong));
      assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
    }
    var mine = envelope(unsigned.signedBy(ACME.key));
    assertThat(PORTAL.server.post("acme-auditor", path + ":sign", mine).status()).isEqualTo(403);
    assertThat(PORTAL.server.post("globex-approver", path + ":sign", mine).status()).isEqualTo(404);
    var signed = PORTAL.server.post(ACME.approver(), path + ":sign", mine);
    assertThat(signed.json().text("state")).as(signed.toString()).isEqualTo("open");
    assertThat(send(signed(handOver(ANN, page), key)).status()).isEqualTo(303);
    assertThat(PORTAL.server.get(ACME.approver(), path).json().text("state")).isEqualTo("made");
    assertThat(ANN.get("/keys").text()).contains("synced", key.key().keyId().hex());
  }

  @Test
  void aHandoverToDecideSignsNoProposal() {
    var asked = ACME.ask("helpdesk");
    var handover = ANN.get(PortalFixture.page(asked)).field("handover");
    assertThat(
            ANN.approve("/sign/proposal", Map.of("handover", handover), TestBrowser.PORTAL)
                .status())
        .isEqualTo(409);
    var other = ANN.get(propose(ANN, "off")).field("handover");
    assertThat(ANN.handOver(Map.of("handover", other, "decision", "approve")).status())
        .isEqualTo(409);
  }

  @Test
  void aPasskeyThatDidNotSignTheseBytesIsRefused() {
    var proposal = propose(ANN, "off");
    var first = handOver(ANN, proposal);
    var other = handOver(ANN, propose(ANN, "audit-only"));
    var fields = new TreeMap<>(signed(other, PORTAL.passkey));
    fields.put("draft", first.field("draft"));
    assertThat(send(fields).status()).isEqualTo(422);
    assertThat(access()).isEqualTo("enabled");
  }
}
