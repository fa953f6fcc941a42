package org.openlockbox.server.notify;

import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.tenant.Store;

/// Who of a tenant works on the command line: whoever has a key that is no passkey. Where an
/// address is nobody's own, as a team's is, it does if anybody of the tenant has one.
public final class CommandLineUsers {
  private final Store store;
  private final People people;

  public CommandLineUsers(Store store, People people) {
    this.store = store;
    this.people = people;
  }

  /// Whether commands help whoever reads mail at this address.
  public boolean are(TenantId tenant, String address) {
    var keyring = store.tenants().keyring(tenant);
    var here =
        people.of(Optional.of(tenant)).stream()
            .filter(person -> person.address().value().equals(address))
            .map(Person::subject)
            .collect(Collectors.toSet());
    var own = keyring.keys().stream().filter(key -> here.contains(key.approver())).toList();
    return own.isEmpty() ? anybody(keyring) : own.stream().anyMatch(CommandLineUsers::isOfFile);
  }

  private static boolean anybody(Keyring keyring) {
    return keyring.keys().stream().anyMatch(CommandLineUsers::isOfFile);
  }

  private static boolean isOfFile(ApproverKey key) {
    return key.key().scheme() != Scheme.WEBAUTHN;
  }
}
