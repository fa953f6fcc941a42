package org.openlockbox.server.gateway;

import static org.openlockbox.server.gateway.SessionRows.at;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.ShownCertificate;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.DatabaseOutage;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.database.StandbyProof;
import org.openlockbox.server.log.EndCounter;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.head.SigningState;
import org.openlockbox.server.problem.Outage;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.problem.RepeatedFailure;
import org.openlockbox.server.tenant.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lease: what a gateway asks for again and again. The answer is the server's word that the
/// database answered just now, and names what has ended. It is level-triggered: as long as a
/// session is open whose request has ended, every answer says so.
///
/// A question that names the last news is held for a moment, and answered as soon as access ends
/// here: so a gateway hears of it at once, and asks no more often than it would otherwise.
public final class Leases {
  /// How long an answer is good for.
  public static final Duration LEASE = Duration.ofSeconds(1);

  /// How long a question is held at most. Until the gateway has the answer and asks again, its
  /// lease must not be half over.
  private static final Duration HOLD = Duration.ofMillis(150);

  /// A boot that is silent for so long is gone; its sessions ended by themselves before: no gateway
  /// holds one for longer than two minutes.
  static final Duration GONE_AFTER = Duration.ofSeconds(150);

  /// How exactly it is remembered when a boot was last heard.
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(5);

  private static final int MOST_NAMED = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  private final RepeatedFailure unreadable = new RepeatedFailure(LOG);
  private final Store store;
  private final PromptPool prompt;
  private final LogReader reader;
  private final LostSessions lost;
  private final EndCounter endings;
  private final SigningState signing;
  private final GatewayAuthority authority;
  private final GatewayBoots boots;
  private final InstantSource clock;
  private volatile Instant watchingSince;

  public Leases(
      Store store,
      PromptPool prompt,
      SessionRows sessions,
      SessionNotices notices,
      EndCounter endings,
      SigningState signing,
      GatewayAuthority authority,
      InstantSource clock) {
    this.store = store;
    this.prompt = prompt;
    this.reader = new LogReader(prompt.jdbc());
    this.lost = new LostSessions(store, sessions, notices);
    this.endings = endings;
    this.clock = clock;
    this.signing = signing;
    this.authority = authority;
    this.boots = new GatewayBoots(store, prompt, authority, clock);
    this.watchingSince = clock.instant();
  }

  /// What has changed in one tenant for a gateway.
  public record Changes(TenantId tenant, long size, List<String> ended, List<String> stop) {}

  /// Waits a moment for other news than these, and answers the newest there are. Whatever the next
  /// answer names was committed before or is news.
  public long awaitNews(OptionalLong seen) {
    seen.ifPresent(news -> endings.awaitOtherThan(news, HOLD));
    return endings.count();
  }

  /// That a question has come.
  public StandbyProof.QuestionTime question() {
    return prompt.standbys().question();
  }

  /// Renews the lease of this boot, or begins it; `watch` maps tenants to the log size last seen.
  /// What it says of itself is noted with a certificate that it shows. While nothing can be signed
  /// there is no lease: sessions are held, and end if that lasts. Nor is there one while no
  /// synchronous standby confirms that this is the primary still: what is revoked on another one
  /// would not be heard of here.
  public List<Changes> renew(
      StandbyProof.QuestionTime question,
      GatewayId gateway,
      String boot,
      Optional<ShownCertificate> shown,
      Optional<GatewayAgent> agent,
      Map<TenantId, Long> watch) {
    if (signing.isStuck()) {
      throw Problem.cannotSign();
    }
    var now = clock.instant();
    var seen = seen(gateway, boot, watch, now);
    if (seen.renewed.isEmpty()) {
      boots.begin(gateway, boot, shown, agent, now);
      lost.loseSessionsOfGoneBoots();
      seen = seen(gateway, boot, watch, now);
    } else if (shown.isPresent()) {
      boots.keep(gateway, boot, shown.get(), agent, now);
    } else if (seen.renewed.get().isBefore(now.minus(HEARD_WITHIN))) {
      prompt
          .jdbc()
          .sql("update gateway_boot set renewed_at = ? where gateway = ? and boot = ?")
          .params(at(now), gateway.value(), boot)
          .update();
    }
    seen.standbysOf.ifPresent(answered -> requireConfirmed(question, answered));
    return changes(seen);
  }

  private void requireConfirmed(
      StandbyProof.QuestionTime question, StandbyProof.Instance answered) {
    if (!prompt.standbys().isConfirmed(question, answered)) {
      throw Problem.noStandby();
    }
  }

  /// What the database says to one question for a lease.
  private static final class LeaseReading {
    /// When the boot was last heard, to a few seconds; empty if it is not current.
    Optional<Instant> renewed = Optional.empty();

    /// The instance that says this, if commits wait for a synchronous standby there.
    Optional<StandbyProof.Instance> standbysOf = Optional.empty();

    final SortedMap<String, Long> sizes = new TreeMap<>();
    final Map<String, List<String>> ended = new HashMap<>();
    final Map<String, List<String>> stop = new HashMap<>();

    /// The tenants in whose log something ends access, not surely after the size seen.
    final Set<String> news = new HashSet<>();

    void take(ResultSet row) throws SQLException {
      var tenant = row.getString("tenant_id");
      var id = row.getString("id");
      switch (row.getString("what")) {
        case "boot" ->
            renewed = Optional.of(row.getObject("renewed_at", OffsetDateTime.class).toInstant());
        case "ended" -> ended(tenant).add(id);
        case "stop" -> stop.computeIfAbsent(tenant, _ -> new ArrayList<>()).add(id);
        case "news" -> news.add(tenant);
        case "standbys" -> standbysOf = Optional.of(new StandbyProof.Instance(id));
        default -> sizes.put(tenant, row.getLong("size"));
      }
    }

    List<String> ended(String tenant) {
      return ended.computeIfAbsent(tenant, _ -> new ArrayList<>());
    }
  }

  /// Asked in one round trip: each one more would have to wait its turn on a busy machine, and the
  /// lease lasts a second.
  private static final String SEEN =
      """
      with watched as (
        select * from unnest(?::text[], ?::bigint[]) as w (tenant_id, seen)
      ), mine as (
        select s.tenant_id, s.id, s.request_id, s.stop_by is not null or r.ended_as in ('completed', 'revoked') as stop,
               r.state <> 'approved' or r.grant_not_after <= ? as ended
          from session s
          join access_request r on r.tenant_id = s.tenant_id and r.id = s.request_id
         where s.gateway = ? and s.boot = ? and s.state = 'open'
      ), told as (
        select distinct 'ended' as what, tenant_id, request_id as id from mine where ended
         union all
        select 'stop', tenant_id, id from mine where stop
      )
      select 'boot' as what, '' as tenant_id, '' as id, 0::bigint as size, renewed_at
        from gateway_boot
       where gateway = ? and boot = ? and gone_at is null
       union all
      select 'standbys', '', %s, 0, null
       where current_setting('synchronous_standby_names') <> '' or pg_is_in_recovery()
       union all
      select what, tenant_id, id, 0, null from told
       union all
      select 'size', tenant_id, '', size, null
        from log_head
       where tenant_id in (select tenant_id from watched union select tenant_id from told)
       union all
      select 'news', w.tenant_id, '', 0, null
        from watched w
       where exists (
             select from log_mention m
              where m.tenant_id = w.tenant_id and m.kind = 'ending' and m.about = ''
                and m.first_seq >= coalesce((
                    select max(b.first_seq) from log_batch b
                     where b.tenant_id = w.tenant_id and b.first_seq <= w.seen), 0))
      """
          .formatted(StandbyProof.INSTANCE);

  /// All of it is read from one instance, of which the standbys are asked afterwards.
  private LeaseReading seen(
      GatewayId gateway, String boot, Map<TenantId, Long> watch, Instant now) {
    return prompt.onOneConnection(
        () -> {
          var seen = heads(gateway, boot, watch, now);
          if (seen.renewed.isPresent()) {
            watch.forEach(
                (tenant, from) -> {
                  if (seen.news.contains(tenant.value())) {
                    readEndings(gateway, boot, tenant, from, seen);
                  }
                });
          }
          return seen;
        });
  }

  private LeaseReading heads(
      GatewayId gateway, String boot, Map<TenantId, Long> watch, Instant now) {
    var tenants = List.copyOf(watch.keySet());
    var seen = new LeaseReading();
    prompt
        .jdbc()
        .sql(SEEN)
        .param(tenants.stream().map(TenantId::value).toArray(String[]::new))
        .param(tenants.stream().map(watch::get).toArray(Long[]::new))
        .params(List.of(at(now), gateway.value(), boot, gateway.value(), boot))
        .query(
            row -> {
              seen.take(row);
            });
    return seen;
  }

  private static List<Changes> changes(LeaseReading seen) {
    return seen.sizes.entrySet().stream()
        .map(
            size ->
                new Changes(
                    new TenantId(size.getKey()),
                    size.getValue(),
                    seen.ended.getOrDefault(size.getKey(), List.of()).stream().distinct().toList(),
                    seen.stop.getOrDefault(size.getKey(), List.of())))
        .toList();
  }

  /// Where a log says that access ended, and it cannot be read whose, all sessions of its tenant
  /// end. The lease of all others goes on.
  private void readEndings(
      GatewayId gateway, String boot, TenantId tenant, long from, LeaseReading seen) {
    try {
      reader
          .endings(tenant, from, MOST_NAMED)
          .forEach(id -> seen.ended(tenant.value()).add(id.value()));
    } catch (RuntimeException e) {
      if (DatabaseOutage.isOfAll(e, prompt::answers)) {
        throw e;
      }
      unreadable.tell("what ended in the log of %s cannot be read".formatted(tenant), e);
      seen.stop.put(tenant.value(), openSessions(gateway, boot, tenant));
    }
  }

  private List<String> openSessions(GatewayId gateway, String boot, TenantId tenant) {
    return prompt
        .jdbc()
        .sql(
            """
            select id from session
             where tenant_id = ? and gateway = ? and boot = ? and state = 'open'
            """)
        .params(tenant.value(), gateway.value(), boot)
        .query((row, n) -> row.getString("id"))
        .list();
  }

  /// Takes what the gateway authority signed; the sessions of a key that it revoked are over.
  ///
  /// @return whether it says anything new
  public boolean take(Envelope signed) {
    boolean isNew = authority.take(signed);
    lost.loseSessionsOfGoneBoots();
    return isNew;
  }

  /// Which gateways get a lease.
  public GatewayAuthority authority() {
    return authority;
  }

  /// The boots that have one.
  public GatewayBoots boots() {
    return boots;
  }

  /// Declares silent boots gone and writes down what became of their sessions. Waits after a start
  /// and after the database was away: no gateway can have renewed meanwhile.
  public void round() {
    try {
      watch();
    } catch (RuntimeException e) {
      if (Outage.isOne(e)) {
        watchingSince = clock.instant();
      }
      throw e;
    }
  }

  private void watch() {
    var now = clock.instant();
    if (now.isBefore(watchingSince.plus(GONE_AFTER))) {
      return;
    }
    store
        .jdbc()
        .sql(
            """
            with silent as (
              select gateway, boot from gateway_boot
               where gone_at is null and renewed_at < ? for update
            )
            update gateway_boot b set gone_at = ?
              from silent s where b.gateway = s.gateway and b.boot = s.boot
            """)
        .params(at(now.minus(GONE_AFTER)), at(now))
        .update();
    lost.loseSessionsOfGoneBoots();
  }
}
