package org.openlockbox.core.keyring;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Electorate;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.NewerVersion;
import org.openlockbox.core.policy.Approvers;
import org.openlockbox.core.policy.Caps;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.Question;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.tlog.tree.Hash;

/// The tenant's approver keys, settings and policy, and the gateways that the provider may use,
/// after some keyring entry, and all keyrings before it. Immutable; made only by replaying signed
/// steps from genesis, so holding one means that each change was signed by the quorum of that time,
/// or by the gateway authority of that time where it is about gateways.
///
/// Rules: genesis is signed by every founding key; a change is signed by a quorum of distinct
/// approvers (people, not keys), an added key signs as well; no signature in an envelope is false
/// or foreign; the quorum is never larger than the number of distinct approvers.
public final class Keyring {
  /// The most keys that a keyring can hold; what an envelope can carry signatures of.
  public static final int MOST_KEYS = Envelope.MAX_SIGNATURES;

  private final Genesis genesis;
  private final Hash pin;
  private final @Nullable Keyring before;
  private final long since;
  private final Hash last;
  private final Hash newest;
  private final Hash digest;
  private final int quorum;
  private final List<ApproverKey> keys;
  private final Settings settings;
  private final long settingsSince;
  private final Policy policy;
  private final long policySince;
  private final GatewayTrust gateways;
  private final CheckpointKeys checkpointKeys;

  private Keyring(
      Genesis genesis,
      Hash pin,
      @Nullable Keyring before,
      KeyringStep step,
      int quorum,
      List<ApproverKey> keys,
      Settings settings,
      Policy policy,
      GatewayTrust gateways,
      CheckpointKeys checkpointKeys) {
    this.genesis = genesis;
    this.pin = pin;
    this.before = before;
    this.since = step.index();
    this.last = before == null || step.isOfTenant() ? step.entry() : before.last;
    this.newest = step.entry();
    this.digest = before == null ? newest : Hash.sha256(before.digest.bytes(), newest.bytes());
    this.gateways = gateways;
    this.quorum = quorum;
    this.keys = List.copyOf(keys);
    this.settings = settings;
    this.policy = policy;
    this.checkpointKeys = checkpointKeys;
    this.settingsSince =
        since(
            step, KeyringStep.KeyringStepKind.SETTINGS, before == null ? 0 : before.settingsSince);
    this.policySince =
        since(step, KeyringStep.KeyringStepKind.POLICY, before == null ? 0 : before.policySince);
  }

  private static long since(KeyringStep step, KeyringStep.KeyringStepKind kind, long before) {
    return step.kind() == kind ? step.index() : before;
  }

  /// Rebuilds the keyring from genesis and every change since, in log order.
  public static KeyringCheck replay(List<KeyringStep> steps) {
    if (steps.isEmpty()) {
      return new KeyringCheck.Invalid(0, "there is no genesis");
    }
    var check = found(steps.getFirst());
    for (var step : steps.subList(1, steps.size())) {
      if (!(check instanceof KeyringCheck.Valid(var keyring))) {
        return check;
      }
      check = keyring.apply(step);
    }
    return check;
  }

  /// The first keyring, from entry 0. Throws [NewerVersion] where only a newer release can tell.
  public static KeyringCheck found(KeyringStep step) {
    try {
      if (step.kind() != KeyringStep.KeyringStepKind.GENESIS || step.index() != 0) {
        return new KeyringCheck.Invalid(step.index(), "a log begins with genesis");
      }
      step.envelope().require(Genesis.PAYLOAD_TYPE, "a genesis envelope");
      var genesis = Genesis.parse(step.envelope().payloadJson());
      var fault = fault(genesis);
      return fault.isPresent()
          ? new KeyringCheck.Invalid(0, fault.get())
          : founded(genesis, step).signed(genesis.keys(), step);
    } catch (NewerVersion e) {
      throw e;
    } catch (MalformedJson e) {
      return new KeyringCheck.Invalid(step.index(), String.valueOf(e.getMessage()));
    }
  }

  private static Keyring founded(Genesis genesis, KeyringStep step) {
    return new Keyring(
        genesis,
        step.entry(),
        null,
        step,
        genesis.quorum(),
        genesis.keys(),
        Settings.NONE,
        Policy.ASK,
        GatewayTrust.of(genesis),
        CheckpointKeys.of(genesis));
  }

  /// The keyring after one more change, if those signed it who had to. Throws [NewerVersion] where
  /// only a newer release can tell.
  public KeyringCheck apply(KeyringStep step) {
    try {
      if (!step.isOfTenant()) {
        return applyOfProvider(step);
      }
      step.envelope().require(KeyringChange.PAYLOAD_TYPE, "a keyring envelope");
      var change = KeyringChange.parse(step.envelope().payloadJson());
      if (KeyringStep.KeyringStepKind.of(change.change()) != step.kind() || step.index() <= since) {
        return new KeyringCheck.Invalid(step.index(), "the change does not belong into this entry");
      }
      var fault = fault(change, step.time());
      return fault.isPresent()
          ? new KeyringCheck.Invalid(step.index(), fault.get())
          : next(step, change).signed(change.added(), step);
    } catch (NewerVersion e) {
      throw e;
    } catch (MalformedJson e) {
      return new KeyringCheck.Invalid(step.index(), String.valueOf(e.getMessage()));
    }
  }

  private KeyringCheck applyOfProvider(KeyringStep step) {
    if (step.index() <= since) {
      return new KeyringCheck.Invalid(step.index(), "the change does not belong into this entry");
    }
    var at = step.time();
    if (step.kind() == KeyringStep.KeyringStepKind.LOG_KEYS) {
      var next = LogKeysChange.parse(step.envelope());
      return checkpointKeys
          .fault(next, this, step)
          .<KeyringCheck>map(why -> new KeyringCheck.Invalid(step.index(), why))
          .orElseGet(
              () -> provided(step, gateways, checkpointKeys.with(step.index(), next.logKeys())));
    }
    if (step.kind() == KeyringStep.KeyringStepKind.GATEWAY_REVOKE) {
      var revocation = GatewayRevocation.parse(step.envelope());
      return gateways
          .fault(step.envelope(), revocation, at)
          .<KeyringCheck>map(why -> new KeyringCheck.Invalid(step.index(), why))
          .orElseGet(() -> provided(step, gateways.after(revocation), checkpointKeys));
    }
    var change = AuthorityChange.parse(step.envelope());
    return gateways
        .fault(step.envelope(), change, at)
        .or(() -> roles().faultOfAuthority(change.authority().keyId()))
        .<KeyringCheck>map(why -> new KeyringCheck.Invalid(step.index(), why))
        .orElseGet(() -> provided(step, gateways.after(change, at, step.entry()), checkpointKeys));
  }

  private KeyringCheck provided(KeyringStep step, GatewayTrust trust, CheckpointKeys log) {
    return new KeyringCheck.Valid(
        new Keyring(genesis, pin, this, step, quorum, keys, settings, policy, trust, log));
  }

  /// Why this gateway may not open a session on this resource at this time with the certificate in
  /// this envelope; empty if it may. Throws [MalformedJson] if there is no certificate in it.
  public Optional<String> misfit(
      Envelope certificate, GatewayId gateway, ResourceId resource, Instant at) {
    var key = GatewayCertificate.parse(certificate).key().keyId();
    return gateways
        .misfit(certificate, gateway, resource, at)
        .or(() -> roles().faultOfGateway(key));
  }

  /// What is wrong with the change whoever signs it, now; empty where only signatures can be
  /// missing.
  public Optional<String> fault(KeyringChange change, Instant at) {
    return foreign(change)
        .or(() -> impossible(change.change(), at))
        .or(() -> roles().fault(change.quorum(), change.after(keys)));
  }

  /// What is wrong with the genesis whoever signs it.
  public static Optional<String> fault(Genesis genesis) {
    return KeyRoles.of(genesis).fault(genesis.quorum(), genesis.keys());
  }

  private Optional<String> foreign(KeyringChange change) {
    if (!change.tenant().equals(genesis.tenant()) || !change.origin().equals(genesis.origin())) {
      return Optional.of("the change was signed for another tenant");
    }
    return change.prev().equals(last)
        ? Optional.empty()
        : Optional.of("the change does not follow the keyring entry before it");
  }

  private Optional<String> impossible(KeyringChange.Edit change, Instant at) {
    return switch (change) {
      case KeyringChange.Edit.AddKey(var added) ->
          key(added.key().keyId()).map(_ -> "the key is in the keyring already");
      case KeyringChange.Edit.RemoveKey(var keyId) ->
          key(keyId).isPresent() ? Optional.empty() : Optional.of("there is no such key to remove");
      case KeyringChange.Edit.ReplaceSettings(var wanted) -> roles().fault(wanted);
      case KeyringChange.Edit.ReplacePolicy(var wanted) -> roles().fault(wanted);
      case KeyringChange.Edit.ObjectToAuthority(var to) -> gateways.fault(to, at);
    };
  }

  private Keyring next(KeyringStep step, KeyringChange change) {
    return new Keyring(
        genesis,
        pin,
        this,
        step,
        change.quorum(),
        change.after(keys),
        change.change() instanceof KeyringChange.Edit.ReplaceSettings(var wanted)
            ? wanted
            : settings,
        change.change() instanceof KeyringChange.Edit.ReplacePolicy(var wanted) ? wanted : policy,
        change.change() instanceof KeyringChange.Edit.ObjectToAuthority
            ? gateways.objected()
            : gateways,
        checkpointKeys);
  }

  /// This keyring, if it is signed by these new keys and by the quorum of the keyring before it.
  private KeyringCheck signed(List<ApproverKey> newKeys, KeyringStep step) {
    var newSigners = KeyRoles.signers(newKeys, step.envelope());
    if (newSigners.size() != newKeys.size()) {
      return new KeyringCheck.Invalid(step.index(), "not signed by every new key");
    }
    var oldKeys = before == null ? List.<ApproverKey>of() : before.keys;
    var oldSigners = KeyRoles.signers(oldKeys, step.envelope());
    if (before != null && KeyRoles.people(oldSigners.stream()).size() < before.quorum) {
      return new KeyringCheck.Invalid(step.index(), "not signed by a quorum of the approvers");
    }
    return newSigners.size() + oldSigners.size() == step.envelope().signatures().size()
        ? new KeyringCheck.Valid(this)
        : new KeyringCheck.Invalid(step.index(), "a signature that is false, foreign or double");
  }

  /// The keyring in force at this log index. An entry that changes the keyring is the first at
  /// which the change is in force.
  public Keyring at(long index) {
    var keyring = this;
    while (keyring.before != null && keyring.since > index) {
      keyring = keyring.before;
    }
    return keyring;
  }

  /// The key with this id, if it is in the keyring.
  public Optional<ApproverKey> key(KeyId keyId) {
    return keys.stream().filter(key -> key.key().keyId().equals(keyId)).findFirst();
  }

  /// Which gateways may open sessions.
  public GatewayTrust gateways() {
    return gateways;
  }

  public Genesis genesis() {
    return genesis;
  }

  /// SHA-256 of entry 0: what the tenant keeps.
  public Hash pin() {
    return pin;
  }

  public int quorum() {
    return quorum;
  }

  public List<ApproverKey> keys() {
    return keys;
  }

  /// What the tenant demands.
  public Settings settings() {
    return settings;
  }

  /// Index of the entry that these settings stand in; 0 if there never was one.
  public long settingsSince() {
    return settingsSince;
  }

  /// What the tenant has decided beforehand.
  public Policy policy() {
    return policy;
  }

  /// Index of the entry that this policy stands in; 0 if there never was one.
  public long policySince() {
    return policySince;
  }

  /// What is to happen with a request: the settings come first, then the policy.
  public Ruling ruling(Question question, Conditions conditions) {
    return switch (settings.access()) {
      case OFF ->
          new Ruling.ByRule(
              settingsSince, RuleId.OFF, "Access is switched off.", new Effect.Deny());
      case AUDIT_ONLY ->
          new Ruling.ByRule(
              settingsSince,
              RuleId.AUDIT_ONLY,
              "Access is approved without asking, and recorded.",
              new Effect.Approve(Caps.NONE));
      case ENABLED -> policy.ruling(policySince, question, conditions, quorum);
    };
  }

  /// Who has to agree at `at` to a request made at `asked`, where the ruling is to ask these.
  public Electorate electorate(Approvers approvers, Instant asked, Instant at) {
    var named = policy.asked(approvers, asked, at);
    var people =
        approvers().stream()
            .filter(person -> approvers.group().isEmpty() || named.contains(person))
            .collect(Collectors.toSet());
    var shares =
        approvers.atLeast().stream()
            .map(
                minimum ->
                    new Electorate.RequiredApprovals(
                        policy.members(minimum.group(), at), minimum.count()))
            .toList();
    return new Electorate(
        approvers.quorum(),
        keys.stream().map(key -> key.key().keyId()).collect(Collectors.toSet()),
        people,
        shares);
  }

  /// Who signs the checkpoints of the log, by their size.
  public CheckpointKeys checkpointKeys() {
    return checkpointKeys;
  }

  /// The distinct people who can approve.
  public Set<SubjectId> approvers() {
    return KeyRoles.people(keys.stream());
  }

  KeyRoles roles() {
    return new KeyRoles(checkpointKeys, gateways, keys, settings, policy);
  }

  /// Index of the entry that made this keyring.
  public long since() {
    return since;
  }

  /// SHA-256 of that entry.
  public Hash newest() {
    return newest;
  }

  /// Stands for all entries that made this keyring and those before it: two keyrings with the same
  /// digest have the same ones. Entries of the provider name no entry before them.
  public Hash digest() {
    return digest;
  }

  /// SHA-256 of the newest entry that the tenant signed: the `prev` of its next change.
  public Hash last() {
    return last;
  }
}
