package org.openlockbox.gateway.session;

import java.util.Optional;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;

/// The traffic of a session whose operations are single calls, each on a thread of its own that
/// waits and looks again when it is woken. Such a session has no login at the protected service:
/// nothing is dialled, and nothing is to be removed.
public interface CallTraffic extends Traffic, OpenOperations, SessionSlots.SlotSession {
  SessionParts parts();

  /// Has each call that waits look again.
  void wake();

  /// Why the session ended, in words for its client; empty until then.
  Optional<ClientNotice> words();

  @Override
  default void adopt() {}

  @Override
  default void dial() {}

  /// A client hears nothing that it has not asked for.
  @Override
  default void tell(String message, String hint) {}

  @Override
  default Optional<RemovalFailure> remove() {
    return Optional.empty();
  }

  @Override
  default void forgotten() {}

  @Override
  default void endUnused() {
    parts().end().end(EndReason.CLIENT_LEFT, EndReason.CLIENT_LEFT.words());
  }

  @Override
  default boolean runsByItself() {
    return isUnderWay();
  }

  @Override
  default boolean awaitsClient() {
    return !isUnderWay();
  }
}
