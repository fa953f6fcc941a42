package org.openlockbox.core.session;

import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.tlog.tree.Hash;

/// The rolling hash over a session's operations, parts and outcomes in order: starts as the SHA-256
/// of the session id; each body turns `h` into `SHA-256(h || SHA-256(canonical body))`. Immutable.
public record SessionChain(Hash head) {
  public static SessionChain of(SessionId session) {
    return new SessionChain(Bytes.ofUtf8(session.value()).sha256());
  }

  /// The chain with one more operation, part or outcome.
  public SessionChain with(SessionEvent event) {
    var body = Hash.sha256(CanonicalJson.bytes(event.toJson()));
    return new SessionChain(Hash.sha256(head.bytes(), body.bytes()));
  }
}
