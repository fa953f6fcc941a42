package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.core.epoch.EpochStatement;
import org.openlockbox.core.epoch.HeadLeaf;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;

/// What `lockbox watch` says of an epoch log that is not true, one forgery each.
class WatchEpochsTest {
  private static final Duration LONG = Duration.ofSeconds(100);

  @TempDir private Path home;
  private final StubServer server = new StubServer();
  private final WatchedTenant watched = new WatchedTenant(server);
  private final TenantFixture acme = watched.acme;
  private final List<NoteSigner> witness = witness("w1.example");
  private final List<NoteSigner> other = witness("w2.example");

  private static List<NoteSigner> witness(String name) {
    return SigningKeys.generate(new SecureRandom()).cosigners(name);
  }

  @BeforeEach
  void aTenantThatHasAsked() {
    acme.ask(1);
    watched.serve(acme);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result watch(String... more) {
    return watched.watch(home, more);
  }

  private void isTrue(Shell.Result result) {
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).isEmpty();
  }

  private void finds(Shell.Result result, String what) {
    assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(1);
    assertThat(result.out()).contains(what).hasLineCount(1);
  }

  private Path copy(String file) {
    return home.resolve("watch/acme").resolve(file);
  }

  private long contradictions() throws IOException {
    try (var files = Files.list(copy(""))) {
      return files.filter(f -> f.getFileName().toString().startsWith("contradiction-")).count();
    }
  }

  @Test
  void epochsThatGoOnAreBelievedAndRemembered() throws IOException {
    isTrue(watch());
    String first = Files.readString(copy("epochs.json"));
    watched.clock.advance(LONG);
    acme.ask(1);
    watched.serve(acme);
    isTrue(watch());
    assertThat(Files.readString(copy("epochs.json"))).isNotEqualTo(first).contains("\"head\":3");
  }

  /// What a crash left of writing the memory is not it, and is written over.
  @Test
  void theMemoryIsWrittenAsAWhole() throws IOException {
    isTrue(watch());
    Files.writeString(copy("epochs.json.part"), "{\"note\":\"half of");
    isTrue(watch());
    watched.serve(acme);
    isTrue(watch());
    assertThat(copy("epochs.json.part")).doesNotExist();
    Files.writeString(copy("epochs.json"), "{\"note\":\"half of");
    var damaged = watch();
    assertThat(damaged.exit()).isEqualTo(3);
    assertThat(damaged.err()).contains("epochs.json beside the copy is damaged");
  }

  @Test
  void aServerWithoutEpochsIsNotBelieved() {
    watched.serveNoEpoch(0);
    var unknown = watch();
    assertThat(unknown.exit()).isEqualTo(3);
    assertThat(unknown.err()).contains("shows no epoch", "--no-epochs");
    isTrue(watch("--no-epochs"));
    watched.serveEpoch(0, watched.epoch());
    isTrue(watch());
    watched.serveNoEpoch(0);
    finds(watch(), "no epoch is served any more");
  }

  @Test
  void aServerThatFailsIsNoFinding() {
    watched.serveNoEpoch(0);
    server.on("GET /v1/tenants/acme/epoch", 429, "{\"status\":429,\"title\":\"Too many\"}");
    assertThat(watch().exit()).isEqualTo(3);
    server.on("GET /v1/tenants/acme/epoch", 503, "{\"status\":503,\"title\":\"Not now\"}");
    assertThat(watch().exit()).isEqualTo(8);
  }

  @Test
  void anotherSlotIsFound() {
    HeadLeaf own = watched.head();
    var elsewhere =
        new HeadLeaf(own.epoch(), own.slot() - 1, own.salt(), own.origin(), own.size(), own.root());
    watched.serveEpoch(0, watched.epoch(elsewhere));
    finds(watch(), "another log or at another slot than genesis says");
  }

  @Test
  void aRenumberedEpochIsFound() {
    HeadLeaf own = watched.head();
    var later =
        new HeadLeaf(own.epoch() + 1, own.slot(), own.salt(), own.origin(), own.size(), own.root());
    watched.serveEpoch(0, bent(later, s -> new EpochStatement(s.epoch() + 1, s.slots(), s.root())));
    finds(watch(), "the epoch's number is not its index in the epoch log");
  }

  private EpochProof bent(HeadLeaf head, UnaryOperator<EpochStatement> bend) {
    return watched.epoch(head, bend, acme.epochSigner(), List.of(), watched.clock.instant());
  }

  @Test
  void anEpochLogOfOtherKeysIsFound() {
    var stranger = new TenantFixture("acme", 1, new SettableClock());
    watched.serveEpoch(
        0,
        watched.epoch(
            watched.head(),
            UnaryOperator.identity(),
            stranger.epochSigner(),
            List.of(),
            watched.clock.instant()));
    finds(watch(), "not in an epoch log that both log keys signed");
  }

  @Test
  void aForkedEpochLogIsFoundAndItsProofKept() throws IOException {
    watched.serve(acme);
    isTrue(watch());
    String before = Files.readString(copy("epochs.json"));
    watched.clock.advance(Duration.ofSeconds(1));
    watched.forkEpochs();
    watched.epoch(watched.head(1)); // another first epoch, and more than were seen
    for (int i = 0; i < 4; i++) {
      watched.serve(acme);
    }
    acme.ask(1);
    watched.serve(acme);
    isFork(before);
    watched.forkEpochs();
    watched.epoch(watched.head(1)); // and another one, as many as were seen
    watched.serve(acme);
    isFork(before);
    assertThat(contradictions()).isEqualTo(2);
  }

  private void isFork(String before) throws IOException {
    finds(watch(), "the epoch log does not continue the one seen before; the epoch shown is ");
    assertThat(Files.readString(copy("epochs.json"))).isEqualTo(before);
  }

  @Test
  void anOldEpochServedForEverIsFound() {
    isTrue(watch());
    watched.clock.advance(Duration.ofSeconds(60));
    isTrue(watch());
    watched.clock.advance(Duration.ofSeconds(1));
    finds(watch(), "there has been no new epoch since 2026-01-05T09:00:00Z");
    watched.serve(acme);
    isTrue(watch());
  }

  @Test
  void anOldEpochUnderANewCheckpointIsFound() {
    var old = watched.epoch();
    watched.serve(acme);
    watched.serveEpoch(0, watched.again(old));
    finds(watch(), "an old epoch is shown under a newer checkpoint");
  }

  @Test
  void aHeadOfAnotherLogIsFoundAndItsProofKept() throws IOException {
    HeadLeaf own = watched.head();
    var forked =
        new HeadLeaf(
            own.epoch(),
            own.slot(),
            own.salt(),
            own.origin(),
            own.size(),
            Hash.sha256(new byte[1]));
    watched.serveEpoch(0, watched.epoch(forked));
    finds(watch(), "the newest epoch has another log of 2 entries than the one shown");
    assertThat(contradictions()).isOne();
  }

  @Test
  void aLogShownShorterThanItsHeadIsFound() throws IOException {
    watched.serveLog(acme, 1);
    finds(watch(), "the newest epoch has 2 entries of the log, but 1 are shown");
    assertThat(contradictions()).isOne();
  }

  /// The checkpoint may come a moment after the epoch.
  @Test
  void aHeadAheadOfTheCheckpointIsWaitedFor() throws Exception {
    watched.serveLog(acme, 1);
    var later =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!server.asked().contains("GET /v1/tenants/acme/epoch")) {
                    Thread.onSpinWait();
                  }
                  watched.serveLog(acme, 2);
                });
    isTrue(watch());
    assertThat(later.join(Duration.ofSeconds(30))).as("the epoch was asked for").isTrue();
  }

  @Test
  void aHeadThatShrinksIsFound() throws IOException {
    isTrue(watch());
    watched.serveEpoch(0, watched.epoch(watched.head(1)));
    finds(watch(), "an epoch has 1 entries, an earlier one had 2");
    assertThat(contradictions()).isOne();
  }

  /// Each head is a true beginning of the log, whose end nobody else is shown.
  @Test
  void anEndThatNoEpochHasIsFound() {
    isTrue(watch());
    acme.ask(1);
    watched.serveLog(acme);
    isTrue(watch());
    watched.clock.advance(LONG);
    watched.serveEpoch(0, watched.epoch(watched.head(2)));
    finds(watch(), "the 3 entries read at 2026-01-05T09:00:00Z are still in no epoch, which has 2");
    watched.serve(acme);
    isTrue(watch());
  }

  private String vkeys(List<NoteSigner> signers) throws IOException {
    Path file = home.resolve(signers.getFirst().verifier().name() + ".vkeys");
    Files.writeString(
        file,
        signers.stream()
            .map(signer -> signer.verifier().vkey())
            .collect(Collectors.joining("\n", "", "\n")));
    return file.toString();
  }

  @Test
  void cosignaturesThatTheReaderDemandsAreMissed() throws IOException {
    isTrue(watch());
    var now = watched.clock.instant();
    finds(watch("--witness", vkeys(witness)), "no epoch was cosigned by 1 of the witnesses");
    watched.serveEpoch(1, watched.epoch(other, now));
    finds(watch("--witness", vkeys(witness)), "fewer than 1 of the witnesses cosigned it");
    watched.serveEpoch(1, watched.epoch(witness, now));
    isTrue(watch("--witness", vkeys(witness)));
    finds(
        watch("--witness", vkeys(witness), "--witness", vkeys(other)),
        "no epoch was cosigned by 2 of the witnesses [w1.example, w2.example]");
    isTrue(watch("--witness", vkeys(witness), "--witness", vkeys(other), "--witnesses", "1"));
  }

  @Test
  void cosignaturesThatTheTenantsSettingsDemandAreMissed() {
    demand(witness);
    watched.serve(acme);
    finds(watch(), "no epoch was cosigned by 1 of the witnesses [w1.example]");
    watched.serveEpoch(1, watched.epoch(witness, watched.clock.instant()));
    isTrue(watch());
    watched.clock.advance(Duration.ofSeconds(60));
    isTrue(watch());
    watched.clock.advance(Duration.ofSeconds(1));
    watched.serve(acme); // a newer epoch that nobody cosigned is no comfort
    finds(watch(), "the newest epoch that the witnesses cosigned is of 2026-01-05T09:00:00Z");
    watched.serveEpoch(1, watched.epoch(witness, watched.clock.instant().plusSeconds(40)));
    finds(watch(), "a witness's clock is ahead of this machine's");
  }

  private void demand(List<NoteSigner> signers) {
    var keys =
        signers.stream()
            .map(NoteSigner::verifier)
            .sorted(Comparator.comparing(NoteVerifier::vkey))
            .toList();
    var settings =
        new Settings(
            new WitnessPolicy(1, keys),
            Settings.MAX_UNWITNESSED,
            WitnessPolicy.NONE,
            Map.of(),
            ProviderAccess.ENABLED);
    var change =
        new KeyringChange(
            acme.tenant(),
            acme.log().origin(),
            acme.pin(),
            1,
            new KeyringChange.Edit.ReplaceSettings(settings));
    acme.log()
        .append(
            new KeyringEvent.SettingsChanged(
                Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson())
                    .signedBy(acme.key("ann"))));
  }

  /// The newest epoch with one cosignature has that of a witness that this reader does not know.
  @Test
  void otherWitnessesOfTheServerDoNotStandInTheWay() throws IOException {
    var both =
        watched.epoch(List.of(witness.getFirst(), other.getFirst()), watched.clock.instant());
    watched.serveEpoch(2, both);
    isTrue(watch());
    watched.serveEpoch(1, watched.epoch(other, watched.clock.instant()));
    isTrue(watch("--witness", vkeys(witness)));
  }
}
