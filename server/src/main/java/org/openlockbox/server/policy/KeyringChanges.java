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
              .forEach(key -> requireSide(tenant, change, key.approver()));
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

  /// Refuses a change that gives anything, if whoever signs it, or whose key it adds, is of the
  /// provider. To take a key away, to object and to switch access off stay possible.
  public void requireSide(TenantId tenant, KeyringChange change, SubjectId signer) {
    switch (change.change()) {
      case KeyringChange.Edit.AddKey(var added) -> {
        directory.refuseOwn(tenant, added.approver());
        directory.refuseOwn(tenant, signer);
      }
      case KeyringChange.Edit.ReplacePolicy _ -> directory.refuseOwn(tenant, signer);
      case KeyringChange.Edit.ReplaceSettings(var settings)
          when settings.access() != ProviderAccess.OFF ->
          directory.refuseOwn(tenant, signer);
      case KeyringChange.Edit.ReplaceSettings _,
          KeyringChange.Edit.RemoveKey _,
          KeyringChange.Edit.ObjectToAuthority _ -> {}
    }
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
