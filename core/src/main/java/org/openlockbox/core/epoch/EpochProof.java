package org.openlockbox.core.epoch;

import java.util.List;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.tlog.LogProof;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;

/// That a tenant's log had this head in an epoch, and that the epoch is in the epoch log: the leaf
/// of the tenant's slot with its proof, the epoch's statement, and a C2SP tlog-proof of that with
/// the cosignatures. Holding one proves nothing; [#check] does.
public record EpochProof(
    HeadLeaf head, List<Hash> hashes, EpochStatement statement, LogProof proof) {
  private static final String WHAT = "epoch proof";

  public EpochProof {
    hashes = List.copyOf(hashes);
  }

  public static EpochProof parse(Json json) {
    var fields = Fields.of(json, WHAT);
    try {
      var proof =
          new EpochProof(
              HeadLeaf.parse(fields.multiline("head")),
              fields.texts("hashes").stream().map(Hash::ofBase64).toList(),
              EpochStatement.parse(fields.multiline("statement")),
              LogProof.parse(fields.multiline("proof")));
      fields.done();
      return proof;
    } catch (IllegalArgumentException | MalformedNote e) {
      throw new MalformedJson(WHAT + ": " + e.getMessage(), e);
    }
  }

  public Json.Object toJson() {
    return Json.object()
        .put("head", head.format())
        .putTexts("hashes", hashes.stream().map(Hash::base64).toList())
        .put("statement", statement.format())
        .put("proof", proof.format())
        .build();
  }

  /// The keys of an epoch log: those that the tenant's own log names last, under the epoch log's
  /// name.
  public static LogVerifier keys(Keyring keyring, EpochLog log) {
    return keyring.checkpointKeys().newest().named(log.origin());
  }

  /// Checks all of it for the tenant of this keyring.
  ///
  /// @param log the epoch log that the tenant's own log names
  public EpochCheck check(Keyring keyring, EpochLog log, WitnessPolicy policy) {
    return check(keyring.genesis(), keys(keyring, log), policy);
  }

  /// The same for the tenant of this genesis and an epoch log with these keys.
  public EpochCheck check(Genesis genesis, LogVerifier keys, WitnessPolicy policy) {
    if (!head.origin().equals(genesis.origin()) || head.slot() != genesis.slot()) {
      return new EpochCheck.Invalid(
          "the head is of another log or at another slot than genesis says");
    }
    if (head.epoch() != statement.epoch() || proof.index() != statement.epoch()) {
      return new EpochCheck.Invalid("the epoch's number is not its index in the epoch log");
    }
    var inVector = new InclusionProof(head.slot(), statement.slots(), hashes);
    if (!inVector.proves(head.hash(), statement.root())) {
      return new EpochCheck.Invalid("the head is not in the epoch");
    }
    var checkpoint = proof.proves(statement.hash(), keys);
    if (checkpoint.isEmpty()) {
      return new EpochCheck.Invalid("the epoch is not in an epoch log that both log keys signed");
    }
    var witnessed = policy.witnessed(proof.checkpoint());
    if (policy.quorum() > 0 && witnessed.isEmpty()) {
      return new EpochCheck.Invalid(
          "fewer than %d of the witnesses cosigned it".formatted(policy.quorum()));
    }
    return new EpochCheck.Valid(head, checkpoint.get(), witnessed);
  }
}
