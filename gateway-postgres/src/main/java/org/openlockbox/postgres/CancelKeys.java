package org.openlockbox.postgres;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.openlockbox.postgres.wire.CancelKey;

/// The keys that live sessions have shown their clients, for CancelRequest.
final class CancelKeys {
  private final Map<CancelKey, PostgresTraffic> sessions = new ConcurrentHashMap<>();

  void add(CancelKey key, PostgresTraffic session) {
    sessions.put(key, session);
  }

  void remove(CancelKey key) {
    sessions.remove(key);
  }

  /// Stops the statement of the session that showed its client this key; false if there is none.
  boolean cancel(CancelKey key) {
    return cancel(key, _ -> true);
  }

  /// The same, if the session's client is at this address.
  boolean cancelFrom(InetAddress address, CancelKey key) {
    return cancel(key, session -> session.address().equals(address));
  }

  private boolean cancel(CancelKey key, Predicate<PostgresTraffic> who) {
    PostgresTraffic session = sessions.get(key);
    if (session == null || !who.test(session)) {
      return false;
    }
    session.cancel();
    return true;
  }
}
