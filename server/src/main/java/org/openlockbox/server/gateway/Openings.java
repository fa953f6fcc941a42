package org.openlockbox.server.gateway;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.evidence.GatewayStamp;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which request a session was opened for, and by which boot of which gateway. That never changes,
/// so what was seen committed once is remembered, within bounds.
public final class Openings {
  private static final int MOST_REMEMBERED = 20_000;

  private record Key(TenantId tenant, SessionId session) {}

  private record Opening(RequestId request, GatewayId gateway, String boot) {}

  private final JdbcClient jdbc;
  private final ConcurrentHashMap<Key, Opening> remembered = new ConcurrentHashMap<>();

  public Openings(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// The request, if this boot opened the session in an earlier transaction.
  Optional<RequestId> request(TenantId tenant, SessionId session, GatewayStamp stamp) {
    var key = new Key(tenant, session);
    return Optional.ofNullable(remembered.get(key))
        .or(() -> find(key))
        .filter(it -> it.gateway.equals(stamp.id()) && it.boot.equals(stamp.boot()))
        .map(Opening::request);
  }

  private Optional<Opening> find(Key key) {
    var found =
        jdbc.sql("select request_id, gateway, boot from session where tenant_id = ? and id = ?")
            .params(key.tenant.value(), key.session.value())
            .query(
                (row, n) ->
                    new Opening(
                        new RequestId(row.getString("request_id")),
                        new GatewayId(row.getString("gateway")),
                        row.getString("boot")))
            .optional();
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    found.ifPresent(opening -> remembered.put(key, opening));
    return found;
  }
}
