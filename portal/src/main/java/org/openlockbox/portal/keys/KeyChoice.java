package org.openlockbox.portal.keys;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.enrolment.EnrolledKey;
import org.openlockbox.server.problem.Problem;

/// What can be proposed about one key: to remove it from the keyring, or, if it was made here and
/// is not in there, to add it; and the quorums that there can be afterwards.
public record KeyChoice(Keyring keyring, ApproverKey key, boolean adding) {

  static KeyChoice of(KnownKeys known, TenantId tenant, KeyId id) {
    var keyring = known.keyring(tenant).orElseThrow(Problem::notFound);
    return keyring
        .key(id)
        .map(key -> new KeyChoice(keyring, key, false))
        .or(
            () ->
                known.waitingKeys(tenant).stream()
                    .map(EnrolledKey::key)
                    .filter(key -> key.key().keyId().equals(id))
                    .map(key -> new KeyChoice(keyring, key, true))
                    .findFirst())
        .orElseThrow(Problem::notFound);
  }

  /// The word in the form.
  public String verb() {
    return adding ? "add" : "remove";
  }

  KeyringChange change(int quorum) {
    var genesis = keyring.genesis();
    var change =
        adding
            ? new KeyringChange.Edit.AddKey(key)
            : new KeyringChange.Edit.RemoveKey(key.key().keyId());
    return new KeyringChange(genesis.tenant(), genesis.origin(), keyring.last(), quorum, change);
  }

  /// How many approvers there are afterwards.
  private int approversAfter() {
    var keys =
        adding
            ? Stream.concat(keyring.keys().stream(), Stream.of(key))
            : keyring.keys().stream().filter(one -> !one.equals(key));
    return (int) keys.map(ApproverKey::approver).distinct().count();
  }

  /// Whether there can be a keyring afterwards: the last key is not removed.
  public boolean isPossible() {
    return approversAfter() > 0;
  }

  /// Whether its approver can sign no more without it.
  public boolean losesApprover() {
    return approversAfter() < keyring.approvers().size();
  }

  public List<Integer> quorums() {
    return IntStream.rangeClosed(1, approversAfter()).boxed().toList();
  }

  /// The quorum as it is, or the largest that there can be.
  public int suggested() {
    return Math.max(1, Math.min(keyring.quorum(), approversAfter()));
  }

  QuorumWords words(PageContext frame) {
    return new QuorumWords(frame, approversAfter(), suggested());
  }
}
