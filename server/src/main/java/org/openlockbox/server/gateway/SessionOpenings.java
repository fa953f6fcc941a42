package org.openlockbox.server.gateway;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which request a session was opened for, and by which boot of which gateway. That never changes,
/// so what was seen committed once is remembered until the session closes, within bounds.
public final class SessionOpenings {
  private static final int MOST_REMEMBERED = 100_000;

  private static final String LOAD =
      """
      select s.tenant_id, s.id, s.request_id, s.gateway, s.boot
        from unnest(?::text[], ?::text[]) as w (tenant_id, id)
        join session s on s.tenant_id = w.tenant_id and s.id = w.id
      """;

  private record TenantSession(TenantId tenant, SessionId session) {}

  private record SessionOpening(RequestId request, GatewayId gateway, String boot) {}

  private final JdbcClient jdbc;
  private final ConcurrentHashMap<TenantSession, SessionOpening> remembered =
      new ConcurrentHashMap<>();

  public SessionOpenings(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// The request, if this boot opened the session in an earlier transaction.
  Optional<RequestId> request(TenantId tenant, SessionId session, GatewayStamp stamp) {
    var key = new TenantSession(tenant, session);
    return Optional.ofNullable(remembered.get(key))
        .or(() -> find(key))
        .filter(it -> it.gateway.equals(stamp.id()) && it.boot.equals(stamp.boot()))
        .map(SessionOpening::request);
  }

  private Optional<SessionOpening> find(TenantSession key) {
    load(Set.of(key));
    return Optional.ofNullable(remembered.get(key));
  }

  /// Looks all sessions of these calls up at once that are not remembered.
  void learn(Collection<AppendCall> calls) {
    var unknown =
        calls.stream()
            .flatMap(call -> call.entries().stream())
            .flatMap(
                sent ->
                    sent.body().session().map(id -> new TenantSession(sent.tenant(), id)).stream())
            .filter(key -> !remembered.containsKey(key))
            .collect(Collectors.toSet());
    if (!unknown.isEmpty()) {
      load(unknown);
    }
  }

  /// Forgets the sessions that this call closes: hardly anything is said of one afterwards, and if
  /// the call is not committed it is looked up again.
  void forgetClosed(AppendCall call) {
    for (var sent : call.entries()) {
      if (sent.body() instanceof SessionEvent.Closed closed) {
        remembered.remove(new TenantSession(sent.tenant(), closed.of()));
      }
    }
  }

  private void load(Set<TenantSession> keys) {
    if (remembered.size() + keys.size() > MOST_REMEMBERED) {
      remembered.clear();
    }
    jdbc.sql(LOAD)
        .param(keys.stream().map(key -> key.tenant.value()).toArray(String[]::new))
        .param(keys.stream().map(key -> key.session.value()).toArray(String[]::new))
        .query(
            row -> {
              remembered.put(
                  new TenantSession(
                      new TenantId(row.getString("tenant_id")), new SessionId(row.getString("id"))),
                  new SessionOpening(
                      new RequestId(row.getString("request_id")),
                      new GatewayId(row.getString("gateway")),
                      row.getString("boot")));
            });
  }
}
