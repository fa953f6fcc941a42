package org.openlockbox.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.CosignatureVerifier;
import org.openlockbox.tlog.Ed25519Verifier;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;

class SettingsTest {
  private static final String PERIODS = "{\"retention\":{\"operation\":\"%s\"}}";

  private final TenantFixture acme = new TenantFixture("acme", 2, new SettableClock());
  private final SigningKeys witness = SigningKeys.generate(new SecureRandom());
  private final Settings settings =
      new Settings(
          policy(1, witness, "witness.example.com"),
          Duration.ofSeconds(30),
          policy(1, SigningKeys.generate(new SecureRandom()), "witness.acme.example"),
          Map.of(TextKind.OPERATION, Duration.ofDays(90)),
          ProviderAccess.AUDIT_ONLY);

  @Test
  void aQuorumSetsWhatIsDemandedFromItsEntryOn() {
    var keyring = accepted(founded().apply(step(5, acme.pin(), settings, "ann", "bob")));
    assertThat(keyring.settings()).isEqualTo(settings);
    assertThat(keyring.at(4).settings()).isEqualTo(Settings.NONE);
    assertThat(keyring.at(5).settings()).isEqualTo(settings);
    assertThat(keyring.keys()).isEqualTo(founded().keys());
  }

  @Test
  void laterSettingsReplaceAllThatWereBefore() {
    var first = accepted(founded().apply(step(5, acme.pin(), settings, "ann", "bob")));
    var later =
        new Settings(
            WitnessPolicy.NONE,
            Duration.ofMinutes(1),
            WitnessPolicy.NONE,
            Map.of(),
            ProviderAccess.ENABLED);
    var keyring = accepted(first.apply(step(6, first.last(), later, "bob", "cat")));
    assertThat(keyring.settings()).isEqualTo(Settings.NONE);
  }

  @Test
  void settingsStayWhenAKeyIsRemoved() {
    var first = accepted(founded().apply(step(5, acme.pin(), settings, "ann", "bob")));
    var removal = new Edit.RemoveKey(acme.key("cat").key().keyId());
    var keyring = accepted(first.apply(step(6, first.last(), removal, "ann", "bob")));
    assertThat(keyring.settings()).isEqualTo(settings);
  }

  @Test
  void lessThanAQuorumSetsNothing() {
    assertRejected(founded().apply(step(5, acme.pin(), settings, "ann")), "by a quorum");
    assertRejected(founded().apply(step(5, acme.pin(), settings, "ann", "mal")), "by a quorum");
  }

  /// Otherwise the provider would witness itself with a key that it has anyway.
  @Test
  void theLogsOwnKeyIsNoWitness() {
    var point =
        founded().genesis().logKeys().keys().stream()
            .filter(Ed25519Verifier.class::isInstance)
            .map(key -> ((Ed25519Verifier) key).key())
            .findFirst()
            .orElseThrow();
    List<NoteVerifier> own = List.of(new CosignatureVerifier("witness.example.com", point));
    var lying =
        new Settings(
            new WitnessPolicy(1, own),
            Duration.ofMinutes(1),
            WitnessPolicy.NONE,
            Map.of(),
            ProviderAccess.ENABLED);
    assertRejected(founded().apply(step(5, acme.pin(), lying, "ann", "bob")), "no witness's key");
  }

  @Test
  void readingWhatWasWrittenGivesTheSame() {
    assertThat(read(CanonicalJson.text(settings.toJson()))).isEqualTo(settings);
    assertThat(read("{}")).isEqualTo(Settings.NONE);
  }

  @Test
  void aPeriodIsFromAnHourToACentury() {
    assertThat(read(PERIODS.formatted("PT1H")).retention()).hasSize(1);
    assertThat(read(PERIODS.formatted("PT876600H")).retention()).hasSize(1);
    for (var period : List.of("PT59M59S", "PT876600H1S", "PT1H0.5S", "-PT1H", "P30D", "30d", "")) {
      assertThatThrownBy(() -> read(PERIODS.formatted(period)))
          .describedAs(period)
          .isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void whatIsNotToTheLetterIsRefused() {
    var keys = CanonicalJson.text(Json.texts(vkeys(witness)));
    for (var text :
        List.of(
            "{\"retention\":{}}",
            "{\"retention\":{\"mail\":\"PT24H\"}}",
            "{\"maxUnwitnessed\":\"PT1M\"}",
            "{\"witness\":{\"keys\":%s,\"quorum\":1}}".formatted(keys),
            "{\"maxUnwitnessed\":\"PT9S\",\"witness\":{\"keys\":%s,\"quorum\":1}}".formatted(keys),
            "{\"maxUnwitnessed\":\"PT1M\",\"witness\":{\"keys\":%s,\"quorum\":2}}".formatted(keys),
            "{\"maxUnwitnessed\":\"PT1M\",\"witness\":{\"keys\":[],\"quorum\":0}}",
            "{\"ownWitness\":{\"keys\":%s,\"quorum\":0}}".formatted(keys),
            "{\"ownWitness\":{\"keys\":%s,\"quorum\":1}}"
                .formatted(CanonicalJson.text(Json.texts(vkeys(witness).reversed()))))) {
      assertThatThrownBy(() -> read(text)).describedAs(text).isInstanceOf(MalformedJson.class);
    }
  }

  private static Settings read(String text) {
    return Settings.parse(Fields.of(Json.read(Bytes.ofUtf8(text).toArray(), 1 << 20), "settings"));
  }

  private static WitnessPolicy policy(int quorum, SigningKeys keys, String name) {
    return new WitnessPolicy(
        quorum,
        keys.cosigners(name).stream()
            .map(signer -> signer.verifier())
            .sorted(Comparator.comparing(NoteVerifier::vkey))
            .toList());
  }

  private static List<String> vkeys(SigningKeys keys) {
    return policy(1, keys, "witness.example.com").keys().stream().map(NoteVerifier::vkey).toList();
  }

  private Keyring founded() {
    var event = (KeyringEvent) LogEntry.parse(acme.log().entry(0)).body();
    return accepted(Keyring.found(event.step(0, Instant.EPOCH, acme.pin())));
  }

  private KeyringStep step(long index, Hash prev, Settings wanted, String... signers) {
    return step(index, prev, new Edit.ReplaceSettings(wanted), signers);
  }

  private KeyringStep step(long index, Hash prev, Edit change, String... signers) {
    var payload = new KeyringChange(acme.tenant(), acme.log().origin(), prev, 2, change);
    var envelope = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload.toJson());
    for (var signer : signers) {
      envelope = envelope.signedBy(acme.key(signer));
    }
    return KeyringEvent.of(envelope)
        .step(index, Instant.EPOCH, Bytes.ofUtf8("entry " + index).sha256());
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
