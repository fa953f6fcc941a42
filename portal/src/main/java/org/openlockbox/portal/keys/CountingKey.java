package org.openlockbox.portal.keys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.enrolment.KeyUses;
import org.openlockbox.server.tenant.Store;

/// A key of a keyring in a list, and when it signed last; empty if it has not signed yet.
public record CountingKey(KeyLine line, Optional<Instant> used) {
  /// These keys of the keyring, in their order.
  static List<CountingKey> of(
      PageContext frame, Store store, Keyring keyring, List<ApproverKey> keys) {
    var ids = keys.stream().map(key -> key.key().keyId()).toList();
    var used = KeyUses.last(store.jdbc(), keyring.genesis().tenant(), ids);
    return keys.stream()
        .map(
            key ->
                new CountingKey(
                    KeyLine.of(frame, key), Optional.ofNullable(used.get(key.key().keyId()))))
        .toList();
  }
}
