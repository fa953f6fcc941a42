package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.LogKeysHandover;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.testing.LogRotation;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.watch.LogWatch;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;

/// docs/spec/log.md, section 5: the keys of a log are replaced, and who may sign which checkpoint
/// before and after. What an attacker with a leaked pair tries is refused by every verifier.
class LogKeysTest {
  private static final SigningKeys NEXT = SigningKeys.generate(new SecureRandom());
  private static final SigningKeys THIRD = SigningKeys.generate(new SecureRandom());

  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());
  private final SigningKeys first = acme.logKeys();
  private final TenantFixture.RequestEntry asked = acme.ask(1);

  private TenantFixture.RequestEntry approved() {
    acme.approve(asked, "ann");
    return asked;
  }

  private Bundle bundle(String checkpoint, List<Long> indices) {
    var logged = new ArrayList<LoggedEntry>();
    var tree = acme.log().tree(Checkpoint.parse(SignedNote.parse(checkpoint).text()).size());
    for (long seq : indices) {
      logged.add(new LoggedEntry(acme.log().entry(seq), tree.inclusion(seq).hashes()));
    }
    return Bundle.of(asked.submission().id(), logged, checkpoint, Map.of());
  }

  private Bundle bundle() {
    return bundle(acme.log().checkpoint(), indices());
  }

  private List<Long> indices() {
    var all = new ArrayList<Long>();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      all.add(seq);
    }
    return all;
  }

  private BundleCheck check(Bundle bundle) {
    return BundleCheck.verify(bundle.bytes().toArray(), Optional.of(acme.pin()));
  }

  private void refused(Bundle bundle, String why) {
    assertThat(check(bundle))
        .isInstanceOfSatisfying(
            BundleCheck.Invalid.class, broken -> assertThat(broken.what()).contains(why));
  }

  /// The checkpoint of all entries so far, signed by this pair.
  private String signedBy(SigningKeys keys) {
    acme.signBy(keys);
    return acme.log().checkpoint();
  }

  private void append(Envelope envelope) {
    acme.log().append(new KeyringEvent.LogKeysChanged(envelope));
  }

  @Test
  void aBundleFromBeforeAndOneFromAfterHold() {
    approved();
    var before = bundle();
    LogRotation.rotate(acme, NEXT);
    acme.revoke(asked, "bob");
    var after = bundle();
    LogRotation.rotate(acme, THIRD);
    assertThat(check(before)).isInstanceOf(BundleCheck.Valid.class);
    assertThat(check(after)).isInstanceOf(BundleCheck.Valid.class);
    assertThat(check(bundle())).isInstanceOf(BundleCheck.Valid.class);
    var keys = Optional.ofNullable(after.files().get(Bundle.LOG_KEYS)).orElseThrow();
    var origin = acme.log().origin().value();
    assertThat(keys.utf8().lines()).isEqualTo(NEXT.logVerifier(origin).vkeys());
  }

  /// The entry has index 3: the last size of the old keys is 3, the first of the new ones 4.
  @Test
  void theBoundaryIsTheIndexOfTheEntry() {
    approved();
    var last = acme.log().checkpoint();
    var byNew = signedBy(NEXT);
    acme.signBy(first);
    assertThat(check(bundle(last, indices()))).isInstanceOf(BundleCheck.Valid.class);
    refused(bundle(byNew, indices()), "not signed by both log keys");
    assertThat(LogRotation.rotate(acme, NEXT).seq()).isEqualTo(3);
    assertThat(check(bundle())).isInstanceOf(BundleCheck.Valid.class);
    refused(bundle(signedBy(first), indices()), "not signed by both log keys");
    assertThat(check(bundle(last, List.of(0L, 1L, 2L)))).isInstanceOf(BundleCheck.Valid.class);
  }

  /// Lines of the other pair count for nothing, true or false, before and after.
  @Test
  void aCheckpointWithTheLinesOfBothPairsHolds() {
    approved();
    LogRotation.rotate(acme, NEXT);
    var old = SignedNote.parse(signedBy(first));
    var note = SignedNote.parse(signedBy(NEXT));
    var both = note.with(old.signatures().getFirst()).with(old.signatures().getLast());
    assertThat(check(bundle(both.format(), indices()))).isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void aMixtureOfTwoPairsIsRefused() {
    approved();
    LogRotation.rotate(acme, NEXT);
    var old = SignedNote.parse(signedBy(first));
    var note = SignedNote.parse(signedBy(NEXT));
    var mixed =
        SignedNote.of(note.text(), note.signatures().getFirst(), old.signatures().getLast());
    refused(bundle(mixed.format(), indices()), "not signed by both log keys");
  }

  @Test
  void aRotationNeedsAllFourSignatures() {
    approved();
    var good = LogKeysHandover.signed(LogRotation.change(acme, NEXT), first, NEXT);
    var stranger = LogKeysHandover.signed(LogRotation.change(acme, NEXT), THIRD, NEXT);
    var unowned = LogKeysHandover.signed(LogRotation.change(acme, NEXT), first, THIRD);
    for (int left = 0; left < 4; left++) {
      var three = new ArrayList<>(good.signatures());
      three.remove(left);
      rotationIsRefused(new Envelope(good.payloadType(), good.payload(), three));
      var bent = new ArrayList<>(good.signatures());
      var sig = bent.get(left).sig().toArray();
      sig[20] ^= 1;
      bent.set(
          left,
          new Signature.OverPae(bent.get(left).keyId(), bent.get(left).scheme(), Bytes.of(sig)));
      rotationIsRefused(new Envelope(good.payloadType(), good.payload(), bent));
    }
    rotationIsRefused(stranger);
    rotationIsRefused(unowned);
    rotationIsRefused(good.with(good.signatures().getFirst()));
    append(good);
    acme.signBy(NEXT);
    assertThat(check(bundle())).isInstanceOf(BundleCheck.Valid.class);
  }

  private void rotationIsRefused(Envelope envelope) {
    var size = acme.log().size();
    var entry =
        LogEntry.of(
            acme.log().origin(),
            size,
            acme.clock().instant(),
            new KeyringEvent.LogKeysChanged(envelope));
    var step = ((KeyringEvent) entry.body()).step(size, entry.time(), entry.bytes().sha256());
    assertThat(LogRotation.keyring(acme).apply(step))
        .isInstanceOfSatisfying(
            KeyringCheck.Invalid.class,
            rejected -> assertThat(rejected.why()).contains("not signed by"));
  }

  @Test
  void aRotationIsNotPlayedTwiceNorInAnotherLog() {
    approved();
    var rotation = LogKeysHandover.signed(LogRotation.change(acme, NEXT), first, NEXT);
    append(rotation);
    append(rotation);
    acme.signBy(NEXT);
    refused(bundle(), "is or was one of this log");
    var globex = acme.beside("globex", 1);
    var other = globex.ask(1);
    globex.log().append(new KeyringEvent.LogKeysChanged(rotation));
    assertThat(globex.check(other))
        .isInstanceOfSatisfying(
            HistoryCheck.Invalid.class,
            broken -> assertThat(broken.why()).contains("another tenant"));
  }

  /// A pair that was replaced, perhaps because it leaked, never signs again.
  @Test
  void aKeyOfBeforeNeverComesBack() {
    approved();
    LogRotation.rotate(acme, NEXT);
    LogRotation.rotate(acme, first);
    refused(bundle(), "is or was one of this log");
  }

  @Test
  void aLogKeyOfAnyTimeIsNoApproversKey() {
    approved();
    LogRotation.rotate(acme, NEXT);
    var keyring = LogRotation.keyring(acme);
    var change =
        new KeyringChange(
            acme.tenant(),
            acme.log().origin(),
            keyring.last(),
            1,
            new KeyringChange.Edit.AddKey(acme.approver("log")));
    assertThat(keyring.fault(change, acme.clock().instant()).orElseThrow())
        .contains("a key of the log");
  }

  /// Who has the old pair and writes a log of its own from the true genesis can make a bundle that
  /// holds, as the provider always could, but only if it leaves the rotation out: no entry after it
  /// fits. Whoever has read the log knows better.
  @Test
  void whoeverHasReadTheRotationNoticesALogThatLeavesItOut() {
    approved();
    LogRotation.rotate(acme, NEXT);
    var watch = new LogWatch(acme.pin(), acme.tenant(), Conditions.NONE);
    for (long seq : indices()) {
      assertThat(watch.take(acme.log().entry(seq))).isEmpty();
    }
    assertThat(watch.compare(acme.log().checkpoint())).isEmpty();
    assertThat(watch.rotations()).hasSize(1);
    assertThat(watch.rotations().getFirst().what()).contains("replaced the keys of the log");
    var text = new Checkpoint(acme.log().origin().value(), 4, Hash.sha256(new byte[1])).format();
    var forged = first.logSigner(acme.log().origin().value()).sign(text).format();
    assertThat(watch.compare(forged).orElseThrow().what()).contains("not signed by both log keys");
    assertThat(watch.compare(signedBy(first)).orElseThrow().what())
        .contains("not signed by both log keys");
  }

  /// What a gateway checks before it opens a session.
  @Test
  void aGrantFromBeforeIsProvenUnderTheNewKeys() {
    approved();
    LogRotation.rotate(acme, NEXT);
    assertThat(acme.checked(asked).grant()).isPresent();
    var other = acme.ask(1);
    acme.approve(other, "ann");
    assertThat(acme.checked(other).grant()).isPresent();
    acme.signBy(first);
    assertThat(acme.check(other)).isInstanceOf(HistoryCheck.Invalid.class);
  }

  /// In base64 a `+` is a digit. In a vkey it is also what stands between the parts.
  @Test
  void aVkeyMayEndInItsOwnSeparator(@TempDir Path directory) throws Exception {
    approved();
    LogRotation.rotate(acme, endingIn("[^+]*[+]"));
    var verifiers = new FiveVerifiers(directory);
    verifiers.allSay(0, "", bundle().files(), acme.pin());
    LogRotation.rotate(acme, endingIn(".+[+].*[+]"));
    verifiers.allSay(0, "", bundle().files(), acme.pin());
  }

  private SigningKeys endingIn(String key) {
    var origin = acme.log().origin().value();
    return Stream.generate(() -> SigningKeys.generate(new SecureRandom()))
        .limit(100_000)
        .filter(
            keys -> {
              var vkey = keys.logVerifier(origin).vkeys().getFirst();
              return vkey.substring(vkey.indexOf('+', vkey.indexOf('+') + 1) + 1).matches(key);
            })
        .findFirst()
        .orElseThrow();
  }

  /// The same bundles, before and after and bent, by all five verifiers.
  @Test
  void everyVerifierFollowsTheKeysOfTheLog(@TempDir Path directory) throws Exception {
    var verifiers = new FiveVerifiers(directory);
    approved();
    verifiers.allSay(0, "", bundle().files(), acme.pin());
    var byNew = bundle(signedBy(NEXT), indices());
    verifiers.allSay(1, "NOT VERIFIED", byNew.files(), acme.pin());
    acme.signBy(first);
    LogRotation.rotate(acme, NEXT);
    acme.revoke(asked, "bob");
    var good = bundle();
    verifiers.allSay(0, "", good.files(), acme.pin());
    var byOld = bundle(signedBy(first), indices());
    verifiers.allSay(1, "NOT VERIFIED", byOld.files(), acme.pin());
    acme.signBy(NEXT);
    LogRotation.rotate(acme, first);
    verifiers.allSay(1, "NOT VERIFIED", bundle().files(), acme.pin());
  }

  @Test
  void noVerifierBelievesARotationThatTheOldKeysDidNotSign(@TempDir Path directory)
      throws Exception {
    approved();
    append(LogKeysHandover.signed(LogRotation.change(acme, NEXT), THIRD, NEXT));
    acme.signBy(NEXT);
    new FiveVerifiers(directory).allSay(1, "NOT VERIFIED", bundle().files(), acme.pin());
  }
}
