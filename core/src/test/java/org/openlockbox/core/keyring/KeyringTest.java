package org.openlockbox.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.signing.WebAuthnBinding;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

class KeyringTest {
  private final TenantFixture acme = new TenantFixture("acme", 2, new SettableClock());
  private static final Instant NOW = Instant.EPOCH;
  private static final LogHost HOST = new LogHost("log.example.com");

  private final Hash genesisHash = Bytes.ofUtf8("entry 0").sha256();

  @Test
  void genesisSignedByEveryFoundingKeyFoundsTheKeyring() {
    assertThat(founded().approvers())
        .containsExactlyInAnyOrder(
            new SubjectId("ann"), new SubjectId("bob"), new SubjectId("cat"));
    assertThat(founded().pin()).isEqualTo(genesisHash);
  }

  @Test
  void genesisWithOneFoundingSignatureMissingIsRejected() {
    assertRejected(Keyring.found(genesis(acme.genesis(2), "ann", "bob")), "every new key");
  }

  @Test
  void genesisWithAForeignSignatureIsRejected() {
    assertRejected(Keyring.found(genesis(acme.genesis(2), "ann", "bob", "cat", "mal")), "foreign");
  }

  /// The provider holds these keys, so they must never count as an approver.
  @Test
  void aKeyOfTheLogOrOfTheGatewayAuthorityIsNoApproversKey() {
    for (var name : List.of("log", "authority")) {
      var added = add(name, genesisHash, 2, "ann", "bob", name);
      assertRejected(founded().apply(added), "no approver's key");
    }
  }

  @Test
  void aGatewayAndTheAuthoritySignDirectly() {
    var binding =
        new WebAuthnBinding(
            "example.com", List.of("https://example.com"), Bytes.ofUtf8("id"), false);
    var passkey = VerifyingKey.enrolWebAuthn(acme.key("gateway").key().spki(), binding);
    var ssh = VerifyingKey.enrol(Scheme.SSHSIG, acme.key("gateway").key().spki());
    for (var key : List.of(passkey, ssh)) {
      assertThatThrownBy(() -> new AuthorityChange(key, HOST, key.keyId(), NOW))
          .isInstanceOf(MalformedJson.class);
      assertThatThrownBy(() -> GatewayTrust.of(HOST, key)).isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void aQuorumLargerThanTheNumberOfPeopleIsRejected() {
    assertRejected(Keyring.found(genesis(acme.genesis(4), "ann", "bob", "cat")), "quorum");
    assertRejected(Keyring.found(genesis(acme.genesis(0), "ann", "bob", "cat")), "quorum");
  }

  @Test
  void aQuorumAndTheNewKeyAddAKey() {
    var keyring = accepted(founded().apply(add("dan", genesisHash, 2, "ann", "bob", "dan")));
    assertThat(keyring.approvers()).contains(new SubjectId("dan"));
    assertThat(keyring.at(4).approvers()).doesNotContain(new SubjectId("dan"));
    assertThat(keyring.at(5).approvers()).contains(new SubjectId("dan"));
  }

  @Test
  void aKeyIsNotAddedWithoutItsOwnSignature() {
    assertRejected(founded().apply(add("dan", genesisHash, 2, "ann", "bob")), "every new key");
  }

  @Test
  void aKeyIsNotAddedByLessThanAQuorum() {
    assertRejected(founded().apply(add("dan", genesisHash, 2, "ann", "dan")), "by a quorum");
    assertRejected(founded().apply(add("dan", genesisHash, 2, "ann", "ann", "dan")), "by a quorum");
  }

  @Test
  void twoKeysOfOnePersonCountOnce() {
    var second = new ApproverKey(new SubjectId("ann"), "second key", acme.key("ann2").key());
    var change = change(new Edit.AddKey(second), genesisHash, 2);
    var keyring = accepted(founded().apply(step(change, "ann", "bob", "ann2")));
    assertThat(keyring.approvers()).hasSize(3);
    var removal = change(new Edit.RemoveKey(acme.key("cat").key().keyId()), keyring.last(), 2);
    assertRejected(keyring.apply(step(6, removal, "ann", "ann2")), "by a quorum");
  }

  @Test
  void aChangeThatDoesNotFollowTheEntryBeforeItIsRejected() {
    var other = Bytes.ofUtf8("other").sha256();
    assertRejected(founded().apply(add("dan", other, 2, "ann", "bob", "dan")), "does not follow");
  }

  @Test
  void aChangePlayedAgainIsRejected() {
    var add = add("dan", genesisHash, 2, "ann", "bob", "dan");
    var keyring = accepted(founded().apply(add));
    var again = new KeyringStep(9, add.kind(), add.envelope(), add.entry(), NOW);
    assertRejected(keyring.apply(again), "does not follow");
  }

  @Test
  void keysCannotBeRemovedBelowTheQuorum() {
    var one = change(new Edit.RemoveKey(acme.key("cat").key().keyId()), genesisHash, 2);
    var keyring = accepted(founded().apply(step(one, "ann", "bob")));
    var two = change(new Edit.RemoveKey(acme.key("bob").key().keyId()), keyring.last(), 2);
    assertRejected(keyring.apply(step(6, two, "ann", "bob")), "quorum is at least 1");
    var lower = change(new Edit.RemoveKey(acme.key("bob").key().keyId()), keyring.last(), 1);
    assertThat(accepted(keyring.apply(step(6, lower, "ann", "bob"))).quorum()).isEqualTo(1);
  }

  @Test
  void aRemovedKeySignsNothingAnyMore() {
    var one = change(new Edit.RemoveKey(acme.key("cat").key().keyId()), genesisHash, 2);
    var keyring = accepted(founded().apply(step(one, "ann", "cat")));
    assertRejected(
        keyring.apply(step(6, add("dan", keyring.last(), 2).envelope(), "ann", "cat", "dan")),
        "by a quorum");
  }

  @Test
  void aChangeForAnotherTenantIsRejected() {
    var globex = new TenantFixture("globex", 2, new SettableClock());
    var change =
        new KeyringChange(
            globex.tenant(),
            globex.log().origin(),
            genesisHash,
            2,
            new Edit.AddKey(acme.approver("dan")));
    assertRejected(founded().apply(step(change, "ann", "bob", "dan")), "another tenant");
  }

  @Test
  void replayNamesTheFirstStepThatFails() {
    var steps = new ArrayList<KeyringStep>();
    steps.add(genesis(acme.genesis(2), "ann", "bob", "cat"));
    steps.add(add("dan", genesisHash, 2, "ann", "bob"));
    assertThat(Keyring.replay(steps))
        .isInstanceOfSatisfying(
            KeyringCheck.Invalid.class, rejected -> assertThat(rejected.index()).isEqualTo(5));
    assertThat(Keyring.replay(List.of())).isInstanceOf(KeyringCheck.Invalid.class);
  }

  private Keyring founded() {
    return accepted(Keyring.found(genesis(acme.genesis(2), "ann", "bob", "cat")));
  }

  private KeyringStep genesis(Genesis genesis, String... signers) {
    var envelope = Envelope.unsigned(Genesis.PAYLOAD_TYPE, genesis.toJson());
    return new KeyringStep(
        0, KeyringStep.KeyringStepKind.GENESIS, signed(envelope, signers), genesisHash, NOW);
  }

  private KeyringStep add(String name, Hash prev, int quorum, String... signers) {
    return step(change(new Edit.AddKey(acme.approver(name)), prev, quorum), signers);
  }

  private KeyringChange change(Edit change, Hash prev, int quorum) {
    return new KeyringChange(acme.tenant(), acme.log().origin(), prev, quorum, change);
  }

  private KeyringStep step(KeyringChange change, String... signers) {
    return step(5, change, signers);
  }

  private KeyringStep step(long index, KeyringChange change, String... signers) {
    return step(index, Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson()), signers);
  }

  private KeyringStep step(long index, Envelope unsigned, String... signers) {
    var envelope = signed(unsigned, signers);
    var kind = KeyringStep.KeyringStepKind.of(KeyringChange.parse(envelope.payloadJson()).change());
    return new KeyringStep(index, kind, envelope, Bytes.ofUtf8("entry " + index).sha256(), NOW);
  }

  private Envelope signed(Envelope envelope, String... signers) {
    var signed = envelope;
    for (var signer : signers) {
      signed = signed.signedBy(acme.key(signer));
    }
    return signed;
  }

  private static Keyring accepted(KeyringCheck check) {
    if (check instanceof KeyringCheck.Valid(var keyring)) {
      return keyring;
    }
    throw new AssertionError(check.toString());
  }

  private static void assertRejected(KeyringCheck check, String why) {
    assertThat(check)
        .isInstanceOfSatisfying(
            KeyringCheck.Invalid.class, rejected -> assertThat(rejected.why()).contains(why));
  }
}
