package org.openlockbox.server.gateway;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.signing.Envelope;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How a gateway does: when its newest boot was last heard of; whether that boot counts as gone;
/// how many of its sessions are open; the certificate that it showed last; and whether its key was
/// revoked.
public record GatewayHealth(
    String gateway,
    Instant heard,
    boolean gone,
    long sessions,
    GatewayCertificate certificate,
    boolean revoked) {

  /// All gateways that ever had a lease, each by its newest boot.
  public static List<GatewayHealth> of(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select b.gateway, b.renewed_at, b.gone_at is not null as gone, b.certificate,
                   (select count(*) from session s
                     where s.gateway = b.gateway and s.state = 'open') as sessions,
                   exists (select from gateway_statement g where g.revoked_key = b.key_id) as revoked
              from (select distinct on (gateway) * from gateway_boot
                     order by gateway, renewed_at desc) b
             order by b.gateway
            """)
        .query(
            (row, n) ->
                new GatewayHealth(
                    row.getString("gateway"),
                    row.getObject("renewed_at", OffsetDateTime.class).toInstant(),
                    row.getBoolean("gone"),
                    row.getLong("sessions"),
                    GatewayCertificate.parse(envelope(row.getString("certificate"))),
                    row.getBoolean("revoked")))
        .list();
  }

  private static Envelope envelope(String text) {
    return Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(text)));
  }
}
