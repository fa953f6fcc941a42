package org.openlockbox.portal.keys;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.tenant.Store;

/// The keys of the visitor that count, with when each signed last, and what it would mean to lose
/// them.
public record OwnKeys(List<CountingKey> keys, List<String> losing) {
  public OwnKeys {
    keys = List.copyOf(keys);
    losing = List.copyOf(losing);
  }

  /// Of a visitor whose tenant is founded; nothing for everybody else.
  public static Optional<OwnKeys> of(Visitor visitor, Store store) {
    return visitor
        .caller()
        .tenant()
        .filter(_ -> visitor.frame().isFounded())
        .map(tenant -> of(visitor, store, store.tenants().keyring(tenant)));
  }

  private static OwnKeys of(Visitor visitor, Store store, Keyring keyring) {
    var own =
        keyring.keys().stream()
            .filter(key -> key.approver().equals(visitor.person().subject()))
            .toList();
    var keys = CountingKey.of(visitor.frame(), store, keyring, own);
    return new OwnKeys(keys, keys.isEmpty() ? List.of() : losing(visitor, keyring, keys.size()));
  }

  private static List<String> losing(Visitor visitor, Keyring keyring, int own) {
    var frame = visitor.frame();
    var quorum = new QuorumWords(frame, keyring.approvers().size(), keyring.quorum());
    return List.of(frame.say("settings.keys.losing", own), quorum.state());
  }
}
