package org.openlockbox.server.gateway;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How a configured gateway does: when its newest boot was last heard of, if ever; whether that
/// boot counts as gone; and how many of its sessions are open.
public record GatewayHealth(String gateway, Optional<Instant> heard, boolean gone, long sessions) {

  /// The gateways of these ids, in this order.
  public static List<GatewayHealth> of(JdbcClient jdbc, List<String> ids) {
    return jdbc.sql(
            """
            select g.id, b.renewed_at, coalesce(b.gone_at is not null, true) as gone,
                   (select count(*) from session s
                     where s.gateway = g.id and s.state = 'open') as sessions
              from unnest(?::text[]) with ordinality as g(id, n)
              left join lateral
                   (select renewed_at, gone_at from gateway_boot b
                     where b.gateway = g.id order by renewed_at desc limit 1) b on true
             order by g.n
            """)
        .param(ids.toArray(String[]::new))
        .query(
            (row, n) ->
                new GatewayHealth(
                    row.getString("id"),
                    Optional.ofNullable(row.getObject("renewed_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                    row.getBoolean("gone"),
                    row.getLong("sessions")))
        .list();
  }
}
