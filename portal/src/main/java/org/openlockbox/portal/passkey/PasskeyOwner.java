package org.openlockbox.portal.passkey;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Person;

/// Whose passkey it is, as the device is told: an id that means nothing elsewhere, and what it
/// shows in its list of passkeys.
public record PasskeyOwner(String id, String name, String displayName) {
  /// Somebody of a tenant.
  public static PasskeyOwner of(TenantId tenant, Person person) {
    return named("lockbox maker\n" + tenant + "\n" + person.subject(), person);
  }

  /// An engineer, who belongs to no tenant.
  public static PasskeyOwner engineer(Person person) {
    return named("lockbox engineer\n" + person.subject(), person);
  }

  private static PasskeyOwner named(String text, Person person) {
    var id = Bytes.ofUtf8(text).sha256();
    return new PasskeyOwner(
        Bytes.of(id.bytes()).base64Url(), person.address().value(), person.name());
  }
}
