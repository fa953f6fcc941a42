package org.openlockbox.server.gateway;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How a gateway does: when its newest boot was last heard of; whether that boot counts as gone;
/// how many of its sessions are open; the certificate that it showed last; whether that one's key
/// was revoked; each key that a boot of this name showed, the last first; and what it says of
/// itself, if it is of a release that does. There are several keys when a gateway was enrolled anew
/// under its name, as after the loss of its host.
public record GatewayHealth(
    String gateway,
    Instant heard,
    boolean gone,
    long sessions,
    GatewayCertificate certificate,
    boolean revoked,
    List<KeyId> keys,
    Optional<GatewayAgent> agent) {

  private static final Duration RENEWAL = Duration.ofDays(30);

  public GatewayHealth {
    keys = List.copyOf(keys);
  }

  /// When its certificate is over.
  public Instant expires() {
    return certificate.validity().notAfter();
  }

  /// For how many whole days its certificate still holds.
  public long daysLeft(Instant now) {
    return Math.max(0, Duration.between(now, expires()).toDays());
  }

  /// Whether it lets people in.
  public boolean isUp(Instant now) {
    return state(now).equals("running");
  }

  /// Whether its certificate is over soon, and it does not yet keep anybody out.
  public boolean isToRenew(Instant now) {
    return isUp(now) && expires().minus(RENEWAL).isBefore(now);
  }

  /// In one word. One whose certificate is over gets no lease, however lively it is.
  public String state(Instant now) {
    if (revoked) {
      return "revoked";
    }
    if (gone) {
      return "gone";
    }
    return certificate.validity().notAfter().isAfter(now) ? "running" : "expired";
  }

  /// What wants a look first: gateways that keep people out, then those whose certificate is over
  /// soon, then those that do well; last those that were revoked, which is an end that somebody
  /// chose. Among them the one that was heard of last, then by name.
  public static Comparator<GatewayHealth> byUrgency(Instant now) {
    return Comparator.comparingInt((GatewayHealth one) -> one.urgency(now))
        .thenComparing(GatewayHealth::heard, Comparator.reverseOrder())
        .thenComparing(GatewayHealth::gateway);
  }

  private int urgency(Instant now) {
    if (revoked) {
      return 3;
    }
    if (!isUp(now)) {
      return 0;
    }
    return isToRenew(now) ? 1 : 2;
  }

  /// All gateways that ever had a lease, each by its newest boot.
  public static List<GatewayHealth> of(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select b.gateway, b.renewed_at, b.gone_at is not null as gone, b.certificate,
                   b.version, b.region,
                   (select count(*) from session s
                     where s.gateway = b.gateway and s.state = 'open') as sessions,
                   exists (select from gateway_statement g where g.revoked_key = b.key_id)
                     as revoked,
                   (select string_agg(k.key_id, ' ' order by k.shown desc)
                      from (select key_id, max(renewed_at) as shown from gateway_boot
                             where gateway = b.gateway group by key_id) k) as keys
              from (select distinct on (gateway) * from gateway_boot
                     order by gateway, renewed_at desc, gone_at is null desc) b
             order by b.gateway
            """)
        .query((row, n) -> read(row))
        .list();
  }

  private static GatewayHealth read(ResultSet row) throws SQLException {
    var region = Optional.ofNullable(row.getString("region")).map(Region::new);
    return new GatewayHealth(
        row.getString("gateway"),
        row.getObject("renewed_at", OffsetDateTime.class).toInstant(),
        row.getBoolean("gone"),
        row.getLong("sessions"),
        GatewayCertificate.parse(envelope(row.getString("certificate"))),
        row.getBoolean("revoked"),
        Stream.of(row.getString("keys").split(" ")).map(KeyId::parse).toList(),
        Optional.ofNullable(row.getString("version"))
            .map(version -> new GatewayAgent(version, region)));
  }

  private static Envelope envelope(String text) {
    return Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(text)));
  }
}
