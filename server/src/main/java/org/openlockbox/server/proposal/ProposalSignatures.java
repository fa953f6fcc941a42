package org.openlockbox.server.proposal;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.problem.Problem;

/// Who has signed a proposal and who still has to: a quorum of the approvers, counted as people,
/// and each new key; at a founding, all keys are new. Only signatures that hold are counted. The
/// keyring says the same when the change is made, and is the one that decides.
public record ProposalSignatures(
    int quorum, List<ApproverKey> approvers, List<ApproverKey> newKeys, Set<KeyId> signed) {
  public ProposalSignatures {
    approvers = List.copyOf(approvers);
    newKeys = List.copyOf(newKeys);
    signed = Set.copyOf(signed);
  }

  /// Of a change of this keyring.
  static ProposalSignatures of(Keyring keyring, KeyringChange change, Envelope envelope) {
    return of(keyring.quorum(), keyring.keys(), added(change), envelope);
  }

  /// Of a genesis, which every founding key signs.
  static ProposalSignatures of(Genesis genesis, Envelope envelope) {
    return of(0, List.of(), genesis.keys(), envelope);
  }

  private static List<ApproverKey> added(KeyringChange change) {
    return change.change() instanceof KeyringChange.Edit.AddKey(var added)
        ? List.of(added)
        : List.of();
  }

  private static ProposalSignatures of(
      int quorum, List<ApproverKey> approvers, List<ApproverKey> newKeys, Envelope envelope) {
    var keys = Stream.concat(approvers.stream(), newKeys.stream()).map(ApproverKey::key).toList();
    var signed =
        SignatureCheck.valid(keys, envelope).stream()
            .map(valid -> valid.key().keyId())
            .collect(Collectors.toSet());
    return new ProposalSignatures(quorum, approvers, newKeys, signed);
  }

  /// Every key that has a say.
  Stream<ApproverKey> keys() {
    return Stream.concat(approvers.stream(), newKeys.stream());
  }

  /// The approvers who have signed.
  public Set<SubjectId> people() {
    return approvers.stream()
        .filter(this::hasSigned)
        .map(ApproverKey::approver)
        .collect(Collectors.toSet());
  }

  public boolean hasSigned(ApproverKey key) {
    return signed.contains(key.key().keyId());
  }

  /// Whose signature it is; refuses one that does not hold, or does not help.
  ApproverKey check(Envelope envelope, Signature signature) {
    var key =
        keys()
            .filter(one -> one.key().keyId().equals(signature.keyId()))
            .findFirst()
            .orElseThrow(() -> Problem.refused("signature", "this key has no say here"));
    if (hasSigned(key)) {
      throw Problem.conflict("signed", "this key has signed it already");
    }
    if (!(SignatureCheck.verify(key.key(), envelope, signature) instanceof SignatureCheck.Valid)) {
      throw Problem.refused("signature", "the signature does not hold");
    }
    return key;
  }

  boolean isComplete() {
    return people().size() >= quorum && newKeys.stream().allMatch(this::hasSigned);
  }

  /// The new keys that have not signed yet.
  public List<ApproverKey> missing() {
    return newKeys.stream().filter(key -> !hasSigned(key)).toList();
  }

  /// The keys of this person whose signature would still help.
  public List<ApproverKey> wanted(SubjectId person) {
    var own = missing().stream().filter(key -> key.approver().equals(person));
    boolean counted = people().size() >= quorum || people().contains(person);
    return counted
        ? own.toList()
        : Stream.concat(own, approvers.stream().filter(key -> key.approver().equals(person)))
            .toList();
  }
}
