package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.policy.Caps;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.Match;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.Rule;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.policy.TicketKey;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SigningKeys;

/// A server that serves whatever it likes as the proposal that an approver names.
final class KeySignCommandTest {
  private static final String PROPOSAL = "P-7K3F92QX4M";
  private static final String AT = "/v1/tenants/acme/proposals/" + PROPOSAL;

  @TempDir private Path home;
  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());
  private final StubServer server = new StubServer();
  private final LogStub log = new LogStub(acme, server);

  @BeforeEach
  void annHasHerKey() {
    PrivateFile.create(home.resolve("keys/ann.key"), KeyFile.format(acme.key("ann")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void proposes(int quorum, KeyringChange.Edit edit) {
    var change = new KeyringChange(acme.tenant(), acme.log().origin(), acme.pin(), quorum, edit);
    var unsigned = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson());
    var shown =
        Json.object()
            .put("id", PROPOSAL)
            .put("payloadType", unsigned.payloadType())
            .put("payload", unsigned.payload())
            .build();
    server.on("GET " + AT, 200, CanonicalJson.text(shown));
    server.on(
        "POST " + AT + ":sign",
        body -> {
          log.append(body);
          return "{\"state\":\"made\"}";
        });
  }

  private Shell.Result signs(Shell shell, String... more) {
    var words = new ArrayList<>(List.of("key", "sign", PROPOSAL, "--tenant", "acme"));
    words.addAll(List.of("--key", "ann.key"));
    words.addAll(List.of(more));
    return shell.at(server).run(words.toArray(String[]::new));
  }

  private Shell shell() {
    return new Shell(home.resolve("cli"), acme.clock());
  }

  private Policy letsEverybodyIn() {
    var rule =
        new Rule(
            new RuleId("harmless"),
            "The approvers are asked.",
            Match.ALL,
            Optional.empty(),
            new Effect.Approve(Caps.NONE));
    var key = new TicketKey(new SubjectId("mallory"), acme.key("mallory").key());
    return new Policy(
        Optional.empty(), List.of(rule), Map.of(), Optional.empty(), List.of(), List.of(key));
  }

  @Test
  void allOfAPolicyIsShownAlsoToWhoWantsToReadLittle() {
    proposes(1, new KeyringChange.Edit.ReplacePolicy(letsEverybodyIn()));
    var signed = signs(shell(), "-q");
    assertThat(signed.exit()).as(signed.err()).isZero();
    assertThat(signed.err())
        .contains("id: harmless", "The approvers are asked.", "approve:", "holder: mallory")
        .contains(acme.key("mallory").key().spki().base64());
  }

  @Test
  void aWitnessIsShownByItsKeysAndNotByItsNameAlone() {
    var known = witness();
    var other = witness();
    var change = new KeyringChange.Edit.ReplaceSettings(demanding(known));
    var payload = new KeyringChange(acme.tenant(), acme.log().origin(), acme.pin(), 1, change);
    var envelope = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload.toJson());
    acme.log().append(KeyringEvent.of(envelope.signedBy(acme.key("ann"))));
    var entry = acme.log().entry(1).sha256();
    var next =
        new KeyringChange(
            acme.tenant(),
            acme.log().origin(),
            entry,
            1,
            new KeyringChange.Edit.ReplaceSettings(demanding(other)));
    var shown =
        Json.object()
            .put("payloadType", KeyringChange.PAYLOAD_TYPE)
            .put("payload", Bytes.of(CanonicalJson.bytes(next.toJson())))
            .build();
    server.on("GET " + AT, 200, CanonicalJson.text(shown));
    var asked = signs(shell().typing("n\n"));
    assertThat(asked.err()).contains(digest(known), digest(other), "w1.example.com");
  }

  private static WitnessPolicy witness() {
    var keys =
        SigningKeys.generate(new SecureRandom()).cosigners("w1.example.com").stream()
            .map(NoteSigner::verifier)
            .sorted(Comparator.comparing(NoteVerifier::vkey))
            .toList();
    return new WitnessPolicy(1, keys);
  }

  private static Settings demanding(WitnessPolicy witness) {
    return new Settings(
        witness, Duration.ofMinutes(1), WitnessPolicy.NONE, Map.of(), ProviderAccess.ENABLED);
  }

  private static String digest(WitnessPolicy witness) {
    return Bytes.ofUtf8(witness.keys().getFirst().vkey()).sha256().hex();
  }

  @Test
  void aPersonIsAskedAndMaySayNo() {
    proposes(2, new KeyringChange.Edit.AddKey(acme.approver("mallory")));
    var no = signs(shell().typing("n\n"));
    assertThat(no.exit()).isEqualTo(2);
    assertThat(no.err())
        .contains("adds the key", acme.key("mallory").key().keyId().hex())
        .contains("quorum: 2 instead of 1", "Sign this? [y/N]", "nothing was signed");
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void whatIsSignedIsCalledMadeOnlyOnceTheLogHasIt() {
    proposes(1, new KeyringChange.Edit.RemoveKey(acme.key("cat").key().keyId()));
    server.on("POST " + AT + ":sign", 200, "{\"state\":\"made\"}");
    var hidden = signs(shell().typing("y\n"));
    assertThat(hidden.exit()).isEqualTo(1);
    assertThat(hidden.err()).contains("without this change");
    assertThat(hidden.out()).doesNotContain("made");

    proposes(1, new KeyringChange.Edit.RemoveKey(acme.key("cat").key().keyId()));
    var made = signs(shell().typing("y\n"));
    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.err()).contains("logged as entry 1");
    assertThat(made.out()).contains("made");
  }
}
