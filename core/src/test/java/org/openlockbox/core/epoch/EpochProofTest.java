package org.openlockbox.core.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogProof;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.VectorTree;

/// One head a tenant and epoch, and what else could be shown instead of it.
class EpochProofTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes SECRET = Bytes.of(new byte[32]);
  private static final long NOW = 1_800_000_000;
  private static final List<List<NoteSigner>> WITNESSES =
      Stream.of("w1.example", "w2.example", "w3.example")
          .map(name -> SigningKeys.generate(RANDOM).cosigners(name))
          .toList();

  private final SigningKeys keys = SigningKeys.generate(RANDOM);
  private final Genesis genesis = genesis();

  private Genesis genesis() {
    var made = new TenantFixture("acme", 1, new SettableClock()).genesis(1);
    return new Genesis(
        made.tenant(),
        made.name(),
        made.origin(),
        keys.logVerifier(made.origin().value()),
        made.slot(),
        made.quorum(),
        made.keys(),
        made.gatewayAuthority());
  }

  private static HeadLeaf head(long epoch, long slot, LogOrigin origin, long size) {
    var root = Hash.sha256(new byte[] {(byte) size});
    return new HeadLeaf(epoch, slot, HeadLeaf.salt(SECRET, epoch), origin, size, root);
  }

  private static List<NoteVerifier> witnessKeys() {
    return WITNESSES.stream().flatMap(List::stream).map(NoteSigner::verifier).toList();
  }

  private SignedNote checkpoint(List<EpochStatement> statements, int witnesses) {
    var tree = VectorTree.over(statements.stream().map(EpochStatement::hash).toList());
    LogSigner signer = keys.logSigner(genesis.origin().epochs().origin());
    var text =
        new Checkpoint(genesis.origin().epochs().origin(), statements.size(), tree.root()).format();
    var note = signer.sign(text);
    for (int i = 0; i < witnesses; i++) {
      for (var cosigner : WITNESSES.get(i)) {
        note = note.with(cosigner.cosignature(text, NOW + i));
      }
    }
    return note;
  }

  /// Three epochs of eight slots each, in which this leaf stands at this place of the last one.
  private EpochProof proof(HeadLeaf leaf, int place, long number, int witnesses) {
    var statements = new ArrayList<EpochStatement>();
    var vector = new ArrayList<Hash>();
    for (int slot = 0; slot < 8; slot++) {
      var other = LogOrigin.of("log.example.com", new TenantId("other" + slot));
      vector.add(slot == place ? leaf.hash() : head(2, slot, other, slot).hash());
    }
    var tree = VectorTree.over(vector);
    for (int epoch = 0; epoch < 2; epoch++) {
      statements.add(new EpochStatement(epoch, 8, tree.root()));
    }
    var statement = new EpochStatement(number, 8, tree.root());
    statements.add(statement);
    var log = VectorTree.over(statements.stream().map(EpochStatement::hash).toList());
    var inLog = LogProof.of(log.inclusion(2), checkpoint(statements, witnesses));
    return new EpochProof(leaf, tree.inclusion(place).hashes(), statement, inLog);
  }

  private LogVerifier keys() {
    return genesis.logKeys().named(genesis.origin().epochs().origin());
  }

  private HeadLeaf own() {
    return head(2, genesis.slot(), genesis.origin(), 17);
  }

  @Test
  void aHeadUnderAWitnessedEpochIsProven() {
    var proof = proof(own(), 5, 2, 3);
    assertThat(EpochProof.parse(proof.toJson())).isEqualTo(proof);
    for (int quorum = 1; quorum <= 3; quorum++) {
      var latest = Instant.ofEpochSecond(NOW + 3 - quorum);
      assertThat(proof.check(genesis, keys(), new WitnessPolicy(quorum, witnessKeys())))
          .isInstanceOfSatisfying(
              EpochCheck.Valid.class,
              proven -> {
                assertThat(proven.head().size()).isEqualTo(17);
                assertThat(proven.checkpoint().size()).isEqualTo(3);
                assertThat(proven.witnessed()).hasValue(latest);
              });
    }
    assertThat(proof(own(), 5, 2, 0).check(genesis, keys(), WitnessPolicy.NONE))
        .isInstanceOf(EpochCheck.Valid.class);
  }

  @Test
  void whatIsNotExactlyThisTenantsHeadOfThatEpochIsRefused() {
    var policy = new WitnessPolicy(2, witnessKeys());
    var globex = LogOrigin.of("log.example.com", new TenantId("globex"));
    var good = proof(own(), 5, 2, 2);
    var changed = own();
    var larger =
        new HeadLeaf(2, 5, changed.salt(), changed.origin(), changed.size() + 1, changed.root());
    for (var bad :
        List.of(
            proof(head(2, 5, globex, 17), 5, 2, 2),
            proof(head(2, 4, genesis.origin(), 17), 4, 2, 2),
            proof(own(), 4, 2, 2),
            proof(head(1, 5, genesis.origin(), 17), 5, 2, 2),
            proof(head(3, 5, genesis.origin(), 17), 5, 3, 2),
            proof(own(), 5, 2, 1),
            new EpochProof(larger, good.hashes(), good.statement(), good.proof()),
            new EpochProof(good.head(), List.of(), good.statement(), good.proof()))) {
      assertThat(bad.check(genesis, keys(), policy)).isInstanceOf(EpochCheck.Invalid.class);
    }
    assertThat(good.check(genesis, keys(), policy)).isInstanceOf(EpochCheck.Valid.class);
  }

  /// Two keys of one witness, or one line twice, are one witness.
  @Test
  void aWitnessCountsOnce() {
    var note = checkpoint(List.of(new EpochStatement(0, 0, own().root())), 1);
    assertThat(new WitnessPolicy(1, witnessKeys()).witnessed(note)).isPresent();
    assertThat(new WitnessPolicy(2, witnessKeys()).witnessed(note)).isEmpty();
    var twice = note.with(note.signatures().getLast());
    assertThat(new WitnessPolicy(2, witnessKeys()).witnessed(twice)).isEmpty();
    var key = witnessKeys().getFirst();
    assertThatThrownBy(() -> new WitnessPolicy(1, List.of(key, key)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WitnessPolicy(2, List.of(key)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLeafAndAStatementHaveOneSpelling() {
    var leaf = own().format();
    assertThat(HeadLeaf.parse(leaf)).isEqualTo(own());
    assertThat(leaf).startsWith("lockbox/head/v1\n2\n5\n");
    var statement = new EpochStatement(7, 8, own().root()).format();
    assertThat(EpochStatement.parse(statement).format()).isEqualTo(statement);
    for (var bad : List.of("", leaf + "x\n", leaf.replace("\n5\n", "\n05\n"), leaf.strip())) {
      assertThatThrownBy(() -> HeadLeaf.parse(bad)).isInstanceOf(RuntimeException.class);
    }
    for (var bad : List.of("", statement + "\n", statement.replace("\n7\n", "\n+7\n"))) {
      assertThatThrownBy(() -> EpochStatement.parse(bad)).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void theSaltOfEachEpochAndTenantIsAnother() {
    assertThat(HeadLeaf.salt(SECRET, 1)).isNotEqualTo(HeadLeaf.salt(SECRET, 2));
    var other = Bytes.ofUtf8("0123456789abcdef0123456789abcdef");
    assertThat(HeadLeaf.salt(SECRET, 1)).isNotEqualTo(HeadLeaf.salt(other, 1));
  }
}
