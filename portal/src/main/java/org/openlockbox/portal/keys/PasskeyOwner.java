package org.openlockbox.portal.keys;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Person;

/// Whose passkey it is, as the device is told: an id that means nothing elsewhere, and what it
/// shows in its list of passkeys.
public record PasskeyOwner(String id, String name, String displayName) {
  static PasskeyOwner of(TenantId tenant, Person person) {
    var id = Bytes.ofUtf8("lockbox maker\n" + tenant + "\n" + person.subject()).sha256();
    return new PasskeyOwner(
        Bytes.of(id.bytes()).base64Url(), person.address().value(), person.name());
  }
}
