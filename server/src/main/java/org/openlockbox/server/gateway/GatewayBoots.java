package org.openlockbox.server.gateway;

import static org.openlockbox.server.gateway.SessionRows.at;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.ShownCertificate;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// The boots of gateways: which one of a gateway is current, with which certified key. A boot
/// begins with a certificate that holds; its key never changes. One that was superseded never comes
/// back, also with a renewed certificate. None is deleted.
public final class GatewayBoots {
  private final Store store;
  private final PromptPool prompt;
  private final GatewayAuthority authority;
  private final InstantSource clock;

  GatewayBoots(Store store, PromptPool prompt, GatewayAuthority authority, InstantSource clock) {
    this.store = store;
    this.prompt = prompt;
    this.authority = authority;
    this.clock = clock;
  }

  /// A new boot takes the place of any other of the same gateway; one that was only silent comes
  /// back. A revocation of its key comes before this, and is seen, or after it, and ends the boot.
  void begin(
      GatewayId gateway,
      String boot,
      Optional<ShownCertificate> shown,
      Optional<GatewayAgent> agent,
      Instant now) {
    var certificate =
        shown.orElseThrow(
            () ->
                Problem.conflict(
                    "certificate_needed",
                    "show the gateway's certificate with the first question"));
    store.within(
        () -> {
          store.tenants().gatewayStatements().hold();
          authority
              .fault(store.jdbc(), certificate, gateway, boot)
              .ifPresent(
                  why -> {
                    throw Problem.refused("certificate", why);
                  });
          supersede(gateway, boot, now);
          return begun(gateway, boot, certificate, agent, now);
        });
  }

  private void supersede(GatewayId gateway, String boot, Instant now) {
    store
        .jdbc()
        .sql(
            """
            with others as (
              select gateway, boot from gateway_boot
               where gateway = ? and boot <> ? and not superseded for update
            )
            update gateway_boot b set gone_at = coalesce(gone_at, ?), superseded = true
              from others o where b.gateway = o.gateway and b.boot = o.boot
            """)
        .params(gateway.value(), boot, at(now))
        .update();
  }

  private int begun(
      GatewayId gateway,
      String boot,
      ShownCertificate shown,
      Optional<GatewayAgent> agent,
      Instant now) {
    int current =
        store
            .jdbc()
            .sql(
                """
                insert into gateway_boot
                  (gateway, boot, seen_at, renewed_at, key_id, certificate, certified_until,
                   version, region)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (gateway, boot) do update
                   set renewed_at = excluded.renewed_at, gone_at = null,
                       version = excluded.version, region = excluded.region,
                       certificate = excluded.certificate, certified_until = excluded.certified_until
                 where not gateway_boot.superseded and gateway_boot.key_id = excluded.key_id
                """)
            .params(
                gateway.value(),
                boot,
                at(now),
                at(now),
                certificate(shown).key().keyId().hex(),
                text(shown),
                at(certificate(shown).validity().notAfter()))
            .param(version(agent))
            .param(region(agent))
            .update();
    if (current == 0) {
      throw Problem.conflict(
          "superseded", "another boot of gateway %s has taken over".formatted(gateway));
    }
    return current;
  }

  /// Remembers a certificate that was renewed for the key of this boot. A lease goes on whatever it
  /// is worth: only openings need one that is valid.
  void keep(
      GatewayId gateway,
      String boot,
      ShownCertificate shown,
      Optional<GatewayAgent> agent,
      Instant now) {
    boolean holds = authority.fault(prompt.jdbc(), shown, gateway, boot).isEmpty();
    var key = certificate(shown).key().keyId().hex();
    prompt
        .jdbc()
        .sql(
            """
            update gateway_boot
               set renewed_at = ?,
                   certificate = case when ? and key_id = ? then ? else certificate end,
                   certified_until = case when ? and key_id = ? then ? else certified_until end,
                   version = ?, region = ?
             where gateway = ? and boot = ?
            """)
        .params(at(now))
        .params(holds, key, text(shown))
        .params(holds, key, at(certificate(shown).validity().notAfter()))
        .param(version(agent))
        .param(region(agent))
        .params(gateway.value(), boot)
        .update();
  }

  /// Forgets certificates that are over, of boots after which another one came. The boot itself
  /// stays on record with its key: it never comes back, and a later revocation of the key ends it.
  public int forget() {
    return store
        .jdbc()
        .sql(
            """
            update gateway_boot b set certificate = null
             where b.superseded and b.certificate is not null and b.certified_until < ?
               and exists (
                   select from gateway_boot n
                    where n.gateway = b.gateway and n.renewed_at > b.renewed_at)
            """)
        .params(at(clock.instant()))
        .update();
  }

  /// Whether this boot is the gateway's current one, and has this key; stays so until the caller's
  /// transaction ends, so that no session is opened behind the back of whoever declares the boot
  /// gone: they lock its row for update. A renewal does not, and waits for no opening.
  boolean isCurrent(GatewayStamp stamp, KeyId key) {
    return store
        .jdbc()
        .sql(
            """
            select boot from gateway_boot
             where gateway = ? and boot = ? and key_id = ? and gone_at is null
               for key share
            """)
        .params(stamp.id().value(), stamp.boot(), key.hex())
        .query((row, n) -> row.getString("boot"))
        .optional()
        .isPresent();
  }

  private static @Nullable String version(Optional<GatewayAgent> agent) {
    return agent.map(GatewayAgent::version).orElse(null);
  }

  private static @Nullable String region(Optional<GatewayAgent> agent) {
    return agent.flatMap(GatewayAgent::region).map(Region::value).orElse(null);
  }

  private static GatewayCertificate certificate(ShownCertificate shown) {
    return GatewayCertificate.parse(shown.certificate());
  }

  private static String text(ShownCertificate shown) {
    return CanonicalJson.text(shown.certificate().toJson());
  }
}
