package org.openlockbox.core.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.history.ProvenGrant;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.MemoryLog;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogProof;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.VectorTree;

/// What a tenant demands of witnesses, against everything that could be shown instead.
class WitnessCheckTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes SECRET = Bytes.of(new byte[32]);

  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final List<NoteSigner> witness = SigningKeys.generate(RANDOM).cosigners("w1.example");
  private final List<NoteSigner> other = SigningKeys.generate(RANDOM).cosigners("w1.example");
  private final List<NoteSigner> own = SigningKeys.generate(RANDOM).cosigners("w.acme.example");
  private final MemoryLog epochs =
      new MemoryLog(acme.log().origin(), acme.epochSigner(), clock); // for its tree alone
  private Instant now = Instant.EPOCH;

  @BeforeEach
  void tell() {
    now = clock.instant();
  }

  private static WitnessPolicy policy(List<NoteSigner> signers) {
    return new WitnessPolicy(
        1,
        signers.stream()
            .map(NoteSigner::verifier)
            .sorted(Comparator.comparing(NoteVerifier::vkey))
            .toList());
  }

  private ProvenGrant granted(WitnessPolicy witnesses, WitnessPolicy ownWitness) {
    var settings =
        new Settings(
            witnesses, Settings.MAX_UNWITNESSED, ownWitness, Map.of(), ProviderAccess.ENABLED);
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
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    HistoryCheck.Valid checked = acme.checked(asked);
    return checked.grant().orElseThrow();
  }

  /// The next epoch, with the log as large as this, cosigned at this time.
  private WitnessView epoch(long size, Hash root, List<NoteSigner> by, Instant at, long known) {
    var origin = acme.log().origin();
    long number = epochs.size();
    var head =
        new HeadLeaf(number, TenantFixture.SLOT, HeadLeaf.salt(SECRET, number), origin, size, root);
    var vector = VectorTree.over(Collections.nCopies(8, head.hash()));
    var statement = new EpochStatement(number, 8, vector.root());
    epochs.appendRaw(Bytes.of(statement.format().getBytes(StandardCharsets.US_ASCII)));
    var tree = epochs.tree(number + 1);
    var text = new Checkpoint(origin.epochs().origin(), number + 1, tree.root()).format();
    var note = cosigned(acme.epochSigner().sign(text), by, at);
    var proof =
        new EpochProof(
            head,
            vector.inclusion((int) TenantFixture.SLOT).hashes(),
            statement,
            LogProof.of(tree.inclusion(number), note));
    return new WitnessView(
        Optional.of(proof),
        between(size, known),
        number == 0 ? List.of() : tree.consistency(number).hashes(),
        Optional.empty());
  }

  private WitnessView epoch(long size, List<NoteSigner> by, Instant at) {
    return epoch(size, acme.log().tree(size).root(), by, at, acme.log().size());
  }

  private List<Hash> between(long one, long other) {
    return one == other
        ? List.of()
        : acme.log().tree(Math.max(one, other)).consistency(Math.min(one, other)).hashes();
  }

  private static SignedNote cosigned(SignedNote note, List<NoteSigner> by, Instant at) {
    var all = note;
    for (var signer : by) {
      all = all.with(signer.cosignature(note.text(), at.getEpochSecond()));
    }
    return all;
  }

  private WitnessCheck check(ProvenGrant grant, WitnessView view, Optional<Checkpoint> seen) {
    var tip = WitnessCheck.LogTip.of(grant.checkpoint());
    var known =
        new WitnessCheck.ReaderState(grant.keyring(), grant.epochs(), tip, seen, grant.covered());
    return WitnessCheck.of(known, WitnessView.parse(view.toJson()), now);
  }

  private static void refused(WitnessCheck check, String why) {
    assertThat(check)
        .isInstanceOfSatisfying(
            WitnessCheck.Invalid.class, refused -> assertThat(refused.why()).contains(why));
  }

  @Test
  void anEpochThatCoversTheDecisionHoldsForAsLongAsTheTenantAllows() {
    var grant = granted(policy(witness), WitnessPolicy.NONE);
    var at = now.minusSeconds(10);
    var check = check(grant, epoch(acme.log().size(), witness, at), Optional.empty());
    assertThat(check)
        .isInstanceOfSatisfying(
            WitnessCheck.Valid.class,
            holds -> {
              assertThat(holds.until()).isEqualTo(Instant.ofEpochSecond(at.getEpochSecond() + 60));
              assertThat(holds.epochs().orElseThrow().size()).isEqualTo(1);
            });
  }

  @Test
  void whoeverDemandsNothingIsShownNothing() {
    var grant = granted(WitnessPolicy.NONE, WitnessPolicy.NONE);
    var nothing = new WitnessView(Optional.empty(), List.of(), List.of(), Optional.empty());
    assertThat(check(grant, nothing, Optional.empty())).isInstanceOf(WitnessCheck.Valid.class);
  }

  @Test
  void whatWitnessesHaveNotSeenOrNotLatelyIsRefused() {
    var grant = granted(policy(witness), WitnessPolicy.NONE);
    long size = acme.log().size();
    var nothing = new WitnessView(Optional.empty(), List.of(), List.of(), Optional.empty());
    refused(check(grant, nothing, Optional.empty()), "no epoch was cosigned");
    refused(check(grant, epoch(size, List.of(), now), Optional.empty()), "fewer than 1");
    refused(check(grant, epoch(size, other, now), Optional.empty()), "fewer than 1");
    refused(
        check(grant, epoch(size - 1, witness, now), Optional.empty()), "not yet the 4 that decide");
    refused(check(grant, epoch(size, witness, now.minusSeconds(61)), Optional.empty()), "older");
    refused(check(grant, epoch(size, witness, now.plusSeconds(40)), Optional.empty()), "ahead");
  }

  /// A witness whose clock is a little ahead lengthens nothing.
  @Test
  void theTimeOfAWitnessIsNeverLaterThanNow() {
    var grant = granted(policy(witness), WitnessPolicy.NONE);
    var view = epoch(acme.log().size(), witness, now.plusSeconds(20));
    assertThat(check(grant, view, Optional.empty()))
        .isInstanceOfSatisfying(
            WitnessCheck.Valid.class,
            holds -> assertThat(holds.until()).isEqualTo(now.plus(Duration.ofSeconds(60))));
  }

  @Test
  void anotherLogThanTheOneShownIsRefused() {
    var grant = granted(policy(witness), WitnessPolicy.NONE);
    long size = acme.log().size();
    var root = Hash.sha256(new byte[1]);
    refused(
        check(grant, epoch(size, root, witness, now, size), Optional.empty()), "of another log");
    acme.ask(1);
    var larger = epoch(size + 1, root, witness, now, size);
    refused(check(grant, larger, Optional.empty()), "of another log");
    var grown = epoch(size + 1, acme.log().tree(size + 1).root(), witness, now, size);
    assertThat(check(grant, grown, Optional.empty()))
        .isInstanceOfSatisfying(
            WitnessCheck.Valid.class, holds -> assertThat(holds.tip().size()).isEqualTo(size + 1));
  }

  /// Under a newer checkpoint it would look fresh for ever.
  @Test
  void anOldEpochUnderANewerCheckpointIsRefused() {
    var grant = granted(policy(witness), WitnessPolicy.NONE);
    long size = acme.log().size();
    var old = epoch(size, witness, now).epoch().orElseThrow();
    var newest = epoch(size, witness, now).epoch().orElseThrow();
    var inLog = epochs.tree(epochs.size()).inclusion(old.head().epoch());
    var shown =
        new EpochProof(
            old.head(),
            old.hashes(),
            old.statement(),
            LogProof.of(inLog, newest.proof().checkpoint()));
    var view = new WitnessView(Optional.of(shown), List.of(), List.of(), Optional.empty());
    refused(check(grant, view, Optional.empty()), "an old epoch under a newer checkpoint");
  }

  @Test
  void anEpochLogThatDoesNotContinueTheOneSeenIsRefused() {
    var grant = granted(policy(witness), WitnessPolicy.NONE);
    long size = acme.log().size();
    var first = check(grant, epoch(size, witness, now), Optional.empty());
    var seen = ((WitnessCheck.Valid) first).epochs();
    var next = epoch(size, witness, now);
    assertThat(check(grant, next, seen)).isInstanceOf(WitnessCheck.Valid.class);
    var fork = new Checkpoint(seen.orElseThrow().origin(), 1, Hash.sha256(new byte[2]));
    refused(check(grant, next, Optional.of(fork)), "does not continue");
    var ahead = new Checkpoint(seen.orElseThrow().origin(), 9, Hash.sha256(new byte[2]));
    refused(check(grant, next, Optional.of(ahead)), "does not continue");
  }

  /// As when another tenant's witnesses have cosigned the epoch after it.
  @Test
  void anEarlierEpochThanTheOneSeenHoldsAsLongAsItIsFresh() {
    var grant = granted(policy(witness), WitnessPolicy.NONE);
    long size = acme.log().size();
    var first = epoch(size, witness, now.minusSeconds(10));
    var second = epoch(size, witness, now);
    var seen = ((WitnessCheck.Valid) check(grant, second, Optional.empty())).epochs();
    var shown =
        new WitnessView(
            first.epoch(), first.consistency(), second.epochConsistency(), Optional.empty());
    assertThat(check(grant, shown, seen))
        .isInstanceOfSatisfying(
            WitnessCheck.Valid.class,
            holds -> assertThat(holds.until()).isBefore(now.plusSeconds(51)));
    refused(check(grant, first, seen), "does not continue");
  }

  @Test
  void theTenantsOwnWitnessHasToHaveSeenTheDecision() {
    var grant = granted(WitnessPolicy.NONE, policy(own));
    long size = acme.log().size();
    assertThat(check(grant, owned(size, size, own), Optional.empty()))
        .isInstanceOf(WitnessCheck.Valid.class);
    refused(check(grant, owned(size - 1, size, own), Optional.empty()), "own witness has seen 3");
    refused(check(grant, owned(size, size, witness), Optional.empty()), "not cosigned");
    var nothing = new WitnessView(Optional.empty(), List.of(), List.of(), Optional.empty());
    refused(check(grant, nothing, Optional.empty()), "has cosigned nothing");
  }

  private WitnessView owned(long size, long known, List<NoteSigner> by) {
    var checkpoint =
        new Checkpoint(acme.log().origin().value(), size, acme.log().tree(size).root());
    var note = cosigned(acme.logSigner().sign(checkpoint.format()), by, now);
    return new WitnessView(
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.of(new WitnessView.OwnCheckpoint(note.format(), between(size, known))));
  }
}
