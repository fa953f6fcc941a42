package org.openlockbox.portal.keys;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.server.enrolment.EnrolledKey;
import org.openlockbox.server.enrolment.EnrolledKeys;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.WaitingTenants;

/// The keys of a tenant that count, and those that were made here and do not count yet.
public final class KnownKeys {
  private final Store store;
  private final EnrolledKeys enrolled;
  private final WaitingTenants waiting;
  private final Optional<String> approve;

  /// @param approve the origin where passkeys sign
  public KnownKeys(
      Store store, EnrolledKeys enrolled, WaitingTenants waiting, Optional<String> approve) {
    this.store = store;
    this.enrolled = enrolled;
    this.waiting = waiting;
    this.approve = approve;
  }

  /// The tenant of the person in front of the page; nobody of the provider has one.
  static TenantId tenant(Visitor visitor) {
    return visitor.caller().tenant().orElseThrow(Problem::notFound);
  }

  /// A key id that stands in a path or a form.
  static KeyId keyId(String hex) {
    try {
      return KeyId.parse(hex);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }

  boolean isFounded(TenantId tenant) {
    return store.tenants().find(tenant).isPresent();
  }

  String name(TenantId tenant) {
    return waiting.name(tenant).orElseThrow(Problem::notFound);
  }

  Optional<Keyring> keyring(TenantId tenant) {
    return isFounded(tenant) ? Optional.of(store.tenants().keyring(tenant)) : Optional.empty();
  }

  /// The passkeys that were made here and that no keyring of the tenant ever had: one that was
  /// removed is not proposed again.
  List<EnrolledKey> waitingKeys(TenantId tenant) {
    var keyring = keyring(tenant);
    return enrolled.of(tenant).stream()
        .filter(one -> keyring.filter(ring -> had(ring, one.key().key().keyId())).isEmpty())
        .toList();
  }

  private static boolean had(Keyring newest, KeyId id) {
    var ring = newest;
    while (ring.key(id).isEmpty() && ring.since() > 0) {
      ring = ring.at(ring.since() - 1);
    }
    return ring.key(id).isPresent();
  }

  /// Every passkey of this person that signs on our page, in the keyring or not.
  Passkeys passkeys(TenantId tenant, SubjectId person) {
    var own =
        Stream.concat(
                keyring(tenant).stream().flatMap(ring -> ring.keys().stream()),
                waitingKeys(tenant).stream().map(EnrolledKey::key))
            .filter(key -> key.approver().equals(person))
            .map(ApproverKey::key)
            .toList();
    return Passkeys.of(own, approve);
  }

  /// Whether this person can make passkeys here.
  boolean canEnrol(Visitor visitor) {
    return visitor.is(Role.APPROVER) && approve.isPresent();
  }
}
