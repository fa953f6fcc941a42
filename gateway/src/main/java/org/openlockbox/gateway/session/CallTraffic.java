package org.openlockbox.gateway.session;

import java.util.Optional;
import org.openlockbox.gateway.notice.ClientNotice;

/// The traffic of a session whose operations are single calls, each on a thread of its own that
/// waits and looks again when it is woken.
public interface CallTraffic extends Traffic, OpenOperations, SessionSlots.SlotSession {
  /// Has each call that waits look again.
  void wake();

  /// Why the session ended, in words for its client; empty until then.
  Optional<ClientNotice> words();
}
