package org.openlockbox.server.policy;

import java.net.URI;
import java.time.InstantSource;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.mail.KeyringNotices;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Changes of a tenant's keys, settings and policy, each signed by a quorum. The change, what
/// follows from it at once, and its being told are one transaction: settings that switch access off
/// end every grant.
public final class KeyringChanges {
  private final Store store;
  private final RequestSteps steps;
  private final ProviderDirectory directory;
  private final Notices notices;
  private final Conditions conditions;
  private final InstantSource clock;
  private final URI publicUrl;

  public KeyringChanges(
      Store store,
      RequestSteps steps,
      ProviderDirectory directory,
      Notices notices,
      Conditions conditions,
      InstantSource clock,
      URI publicUrl) {
    this.store = store;
    this.steps = steps;
    this.directory = directory;
    this.notices = notices;
    this.conditions = conditions;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  /// Makes the change that the envelope holds, or says why not.
  public Keyring make(TenantId tenant, Envelope envelope) {
    var change = KeyringChange.parse(envelope.payloadJson());
    requireConditions(change);
    return store.within(
        () -> {
          var batch = store.logs().lock(tenant);
          var before = store.tenants().keyring(tenant);
          envelope.signatures().stream()
              .flatMap(signature -> before.key(signature.keyId()).stream())
              .forEach(key -> requireSide(before, change, key.approver()));
          var keyring = store.tenants().change(batch, tenant, envelope);
          if (keyring.settings().access() == ProviderAccess.OFF) {
            steps.switchedOff(batch, tenant, keyring);
          }
          store.logs().writeSigned(batch);
          notices.tell(tenant, KeyringNotices.of(notices.names(), before, change, publicUrl));
          return keyring;
        });
  }

  /// Refuses a change that cannot be made, whoever signs it.
  public void check(TenantId tenant, KeyringChange change) {
    requireConditions(change);
    store
        .tenants()
        .keyring(tenant)
        .fault(change, clock.instant())
        .ifPresent(
            why -> {
              throw Problem.refused("keyring", why);
            });
  }

  /// Refuses a change that whoever signs it may not make for a tenant, being of the provider, or
  /// that adds the key of such a one. They can object, switch access off and do nothing else, and
  /// help to take their own keys away.
  public void requireSide(Keyring before, KeyringChange change, SubjectId signer) {
    var tenant = before.genesis().tenant();
    if (change.change() instanceof KeyringChange.Edit.AddKey(var added)) {
      directory.refuseOwn(tenant, added.approver());
    }
    if (!isForAnybody(before, change.change())) {
      directory.refuseOwn(tenant, signer);
    }
  }

  private boolean isForAnybody(Keyring before, KeyringChange.Edit change) {
    return switch (change) {
      case KeyringChange.Edit.AddKey _, KeyringChange.Edit.ReplacePolicy _ -> false;
      case KeyringChange.Edit.ReplaceSettings(var settings) ->
          settings.equals(before.settings().with(ProviderAccess.OFF));
      case KeyringChange.Edit.RemoveKey(var id) ->
          before
              .key(id)
              .filter(key -> directory.isOwn(before.genesis().tenant(), key.approver()))
              .isPresent();
      case KeyringChange.Edit.ObjectToAuthority _ -> true;
    };
  }

  /// A condition without value would ask people, and nobody would know why.
  private void requireConditions(KeyringChange change) {
    if (!(change.change() instanceof KeyringChange.Edit.ReplacePolicy(var policy))) {
      return;
    }
    for (var rule : policy.rules()) {
      rule.when()
          .flatMap(conditions::mistake)
          .ifPresent(
              mistake -> {
                throw Problem.refused(
                    "policy",
                    "rule %s: 'when', line %d, column %d: %s"
                        .formatted(rule.id(), mistake.line(), mistake.column(), mistake.what()));
              });
    }
  }
}
