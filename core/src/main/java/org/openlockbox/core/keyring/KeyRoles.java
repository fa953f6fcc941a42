package org.openlockbox.core.keyring;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.SubjectId;

/// Which keys do what in one keyring, so that none does two things: the provider's keys neither
/// approve nor vouch for anything of the tenant, and the tenant's keys open no session.
record KeyRoles(
    CheckpointKeys log,
    GatewayTrust gateways,
    List<ApproverKey> keys,
    Settings settings,
    Policy policy) {
  static KeyRoles of(Genesis genesis) {
    return new KeyRoles(
        CheckpointKeys.of(genesis),
        GatewayTrust.of(genesis),
        genesis.keys(),
        Settings.NONE,
        Policy.ASK);
  }

  /// What is wrong with these keys and this quorum.
  Optional<String> fault(int wanted, List<ApproverKey> approvers) {
    var ids = approvers.stream().map(key -> key.key().keyId()).collect(Collectors.toSet());
    if (ids.size() != approvers.size() || approvers.size() > Keyring.MOST_KEYS) {
      return Optional.of("a key twice, or more than 32 keys");
    }
    if (providers().anyMatch(ids::contains)) {
      return Optional.of("a key of the log or of the gateway authority is no approver's key");
    }
    return wanted < 1 || wanted > people(approvers.stream()).size()
        ? Optional.of("the quorum is at least 1 and at most the number of distinct approvers")
        : Optional.empty();
  }

  Optional<String> fault(Settings wanted) {
    return wanted.witnessKeys().map(Genesis::keyId).anyMatch(this::isProviders)
        ? Optional.of("a key of the log or of the gateway authority is no witness's key")
        : Optional.empty();
  }

  Optional<String> fault(Policy wanted) {
    return wanted.ticketKeys().stream().anyMatch(held -> isProviders(held.key().keyId()))
        ? Optional.of("a key of the log or of the gateway authority signs for no ticket")
        : Optional.empty();
  }

  /// Why this cannot be the key of a gateway.
  Optional<String> faultOfGateway(KeyId key) {
    return isProviders(key)
        ? Optional.of("a key of the log or of the gateway authority is no gateway's key")
        : faultOfAuthority(key);
  }

  /// Why this cannot be the key of another gateway authority.
  Optional<String> faultOfAuthority(KeyId key) {
    boolean held =
        log.machines().contains(key)
            || keys.stream().anyMatch(each -> each.key().keyId().equals(key))
            || settings.witnessKeys().map(Genesis::keyId).anyMatch(key::equals)
            || policy.ticketKeys().stream().anyMatch(each -> each.key().keyId().equals(key));
    return held
        ? Optional.of("a key of the log, an approver, a witness or a ticket vouches for no gateway")
        : Optional.empty();
  }

  private boolean isProviders(KeyId key) {
    return providers().anyMatch(key::equals);
  }

  private Stream<KeyId> providers() {
    return Stream.concat(
        log.machines().stream(), gateways.authorities().stream().map(VerifyingKey::keyId));
  }

  static Set<SubjectId> people(Stream<ApproverKey> keys) {
    return keys.map(ApproverKey::approver).collect(Collectors.toSet());
  }

  /// Those of the keys that have signed the envelope.
  static List<ApproverKey> signers(List<ApproverKey> keys, Envelope envelope) {
    var valid = new HashSet<VerifyingKey>();
    SignatureCheck.valid(keys.stream().map(ApproverKey::key).toList(), envelope)
        .forEach(signature -> valid.add(signature.key()));
    return keys.stream().filter(key -> valid.contains(key.key())).toList();
  }
}
