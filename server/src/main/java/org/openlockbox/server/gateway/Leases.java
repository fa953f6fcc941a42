package org.openlockbox.server.gateway;

import static org.openlockbox.server.gateway.Sessions.at;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.evidence.GatewayStamp;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// The lease: what a gateway asks five times a second. The answer is the server's word that the
/// database answered just now, and names what has ended. It is level-triggered: as long as a
/// session is open whose request has ended, every answer says so.
public final class Leases {
  /// How long an answer is good for.
  public static final Duration LEASE = Duration.ofSeconds(1);

  /// A boot that is silent for so long is gone; its sessions ended by themselves long before.
  static final Duration GONE_AFTER = Duration.ofSeconds(60);

  /// How exactly it is remembered when a boot was last heard.
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(5);

  private static final int MOST_NAMED = 1000;

  private final Store store;
  private final Sessions sessions;
  private final SessionNotices notices;
  private final InstantSource clock;
  private final Instant started;

  public Leases(Store store, Sessions sessions, SessionNotices notices, InstantSource clock) {
    this.store = store;
    this.sessions = sessions;
    this.notices = notices;
    this.clock = clock;
    this.started = clock.instant();
  }

  /// What has changed in one tenant for a gateway.
  public record Changes(TenantId tenant, long size, List<String> ended, List<String> stop) {}

  /// Renews the lease of this boot, or begins it; `watch` maps tenants to the log size last seen.
  public List<Changes> renew(GatewayId gateway, String boot, Map<TenantId, Long> watch) {
    var now = clock.instant();
    if (!heard(gateway, boot, now)) {
      begin(gateway, boot, now);
      loseSessionsOfGoneBoots();
    }
    return changes(gateway, boot, watch, now);
  }

  private boolean heard(GatewayId gateway, String boot, Instant now) {
    var renewed =
        store
            .jdbc()
            .sql(
                """
                select renewed_at from gateway_boot
                 where gateway = ? and boot = ? and gone_at is null
                """)
            .params(gateway.value(), boot)
            .query((row, n) -> row.getObject("renewed_at", OffsetDateTime.class).toInstant())
            .optional();
    if (renewed.filter(at -> at.isBefore(now.minus(HEARD_WITHIN))).isPresent()) {
      store
          .jdbc()
          .sql("update gateway_boot set renewed_at = ? where gateway = ? and boot = ?")
          .params(at(now), gateway.value(), boot)
          .update();
    }
    return renewed.isPresent();
  }

  /// A new boot takes the place of any other of the same gateway; one that was only silent comes
  /// back.
  private void begin(GatewayId gateway, String boot, Instant now) {
    store.within(
        () -> {
          store
              .jdbc()
              .sql(
                  """
                  update gateway_boot set gone_at = coalesce(gone_at, ?), superseded = true
                   where gateway = ? and boot <> ?
                  """)
              .params(at(now), gateway.value(), boot)
              .update();
          int current =
              store
                  .jdbc()
                  .sql(
                      """
                      insert into gateway_boot (gateway, boot, seen_at, renewed_at)
                      values (?, ?, ?, ?)
                      on conflict (gateway, boot) do update
                         set renewed_at = excluded.renewed_at, gone_at = null
                       where not gateway_boot.superseded
                      """)
                  .params(gateway.value(), boot, at(now), at(now))
                  .update();
          if (current == 0) {
            throw Problem.conflict(
                "superseded", "another boot of gateway %s has taken over".formatted(gateway));
          }
          return current;
        });
  }

  /// Whether this boot is the gateway's current one; stays so until the caller's transaction ends,
  /// so that no session is opened behind the back of whoever declares the boot gone.
  boolean isCurrent(GatewayStamp stamp) {
    return store
        .jdbc()
        .sql(
            """
            select boot from gateway_boot
             where gateway = ? and boot = ? and gone_at is null
               for share
            """)
        .params(stamp.id().value(), stamp.boot())
        .query((row, n) -> row.getString("boot"))
        .optional()
        .isPresent();
  }

  private List<Changes> changes(
      GatewayId gateway, String boot, Map<TenantId, Long> watch, Instant now) {
    var ended = new TreeMap<String, List<String>>();
    var stop = new TreeMap<String, List<String>>();
    collect(
        ended,
        """
        select distinct s.tenant_id, s.request_id as id
          from session s
          join access_request r on r.tenant_id = s.tenant_id and r.id = s.request_id
         where s.gateway = ? and s.boot = ? and s.state = 'open'
           and (r.state <> 'approved' or r.grant_not_after <= ?)
        """,
        gateway.value(),
        boot,
        at(now));
    collect(
        stop,
        """
        select tenant_id, id from session
         where gateway = ? and boot = ? and state = 'open' and stop_by is not null
        """,
        gateway.value(),
        boot);
    var sizes = sizes(watch, ended, stop);
    watch.forEach((tenant, from) -> collectEnded(ended, tenant, from, sizes));
    return sizes.entrySet().stream()
        .map(
            size ->
                new Changes(
                    new TenantId(size.getKey()),
                    size.getValue(),
                    ended.getOrDefault(size.getKey(), List.of()).stream().distinct().toList(),
                    stop.getOrDefault(size.getKey(), List.of())))
        .toList();
  }

  private void collect(Map<String, List<String>> into, String sql, Object... params) {
    store
        .jdbc()
        .sql(sql)
        .params(params)
        .query(
            row -> {
              into.computeIfAbsent(row.getString("tenant_id"), _ -> new ArrayList<>())
                  .add(row.getString("id"));
            });
  }

  private void collectEnded(
      Map<String, List<String>> into, TenantId tenant, long from, Map<String, Long> sizes) {
    if (sizes.getOrDefault(tenant.value(), 0L) > from) {
      var ids = into.computeIfAbsent(tenant.value(), _ -> new ArrayList<>());
      store.reader().endings(tenant, from, MOST_NAMED).forEach(id -> ids.add(id.value()));
    }
  }

  private SortedMap<String, Long> sizes(
      Map<TenantId, Long> watch, Map<String, ?> ended, Map<String, ?> stop) {
    var tenants = watch.keySet().stream().map(TenantId::value).collect(Collectors.toSet());
    tenants.addAll(ended.keySet());
    tenants.addAll(stop.keySet());
    var sizes = new TreeMap<String, Long>();
    if (!tenants.isEmpty()) {
      store
          .jdbc()
          .sql("select tenant_id, size from log_head where tenant_id = any (?)")
          .param(tenants.toArray(String[]::new))
          .query(
              row -> {
                sizes.put(row.getString("tenant_id"), row.getLong("size"));
              });
    }
    return sizes;
  }

  /// Declares silent boots gone and writes down what became of their sessions. Waits after a start,
  /// because a gateway cannot have renewed while no server was up.
  public void round() {
    var now = clock.instant();
    if (now.isBefore(started.plus(GONE_AFTER))) {
      return;
    }
    store
        .jdbc()
        .sql("update gateway_boot set gone_at = ? where gone_at is null and renewed_at < ?")
        .params(at(now), at(now.minus(GONE_AFTER)))
        .update();
    loseSessionsOfGoneBoots();
  }

  private record Orphan(TenantId tenant, SessionId session, RequestId request, String gateway) {}

  private void loseSessionsOfGoneBoots() {
    var orphans =
        store
            .jdbc()
            .sql(
                """
                select s.tenant_id, s.id, s.request_id, s.gateway
                  from session s
                  join gateway_boot b on b.gateway = s.gateway and b.boot = s.boot
                 where s.state = 'open' and b.gone_at is not null
                 order by s.opened_at limit 1000
                """)
            .query(
                (row, n) ->
                    new Orphan(
                        new TenantId(row.getString("tenant_id")),
                        new SessionId(row.getString("id")),
                        new RequestId(row.getString("request_id")),
                        row.getString("gateway")))
            .list();
    for (var orphan : orphans) {
      lose(orphan);
    }
  }

  private void lose(Orphan orphan) {
    var reason = "gateway %s is gone".formatted(orphan.gateway);
    store.within(
        () -> {
          var batch = store.logs().lock(orphan.tenant);
          if (sessions.lose(orphan.tenant, orphan.session, reason, batch.now())) {
            batch.append(
                orphan.tenant,
                new SessionEvent.Lost(orphan.session, reason),
                Optional.empty(),
                Optional.of(orphan.request));
            store.logs().writeSigned(batch);
            notices.tell(orphan.tenant, orphan.session);
          }
          return orphan;
        });
  }
}
