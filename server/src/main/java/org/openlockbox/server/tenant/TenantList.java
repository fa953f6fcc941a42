package org.openlockbox.server.tenant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tenants as an operator looks them up, in the order of their names, those that wait to be set
/// up among them. A page takes three queries, however many tenants there are and however much each
/// of them holds: its tenants, what each of them has open, and their keyrings.
public final class TenantList {
  /// Since when deliveries that were given up count.
  private static final Duration LATELY = Duration.ofDays(7);

  /// Since when answers count, and how many of the newest requests are looked at for them.
  private static final Duration ANSWERED = Duration.ofDays(30);

  private static final int NEWEST = 100;

  private static final String ONE_KIND =
      """
      (select id, name, %s as founded from %s
        where (:id::text is null or id = :id)
          and (:founded::boolean is null or :founded = %s)
          and (:text = '' or position(lower(:text) in lower(name)) > 0
               or position(lower(:text) in id) > 0)
          and (lower(name) collate "C", id) > (lower(:afterName) collate "C", :afterId)
        order by lower(name) collate "C", id limit :most)
      """;

  private static final String PAGE =
      """
      select * from (%s union all %s) t order by lower(name) collate "C", id limit :most
      """
          .formatted(
              ONE_KIND.formatted("true", "tenant", "true"),
              ONE_KIND.formatted("false", "waiting_tenant", "false"));

  static final String LINES =
      """
      select p.id, p.name, p.founded, now.pending, now.active, last.at as last_access,
             (select count(*) from outbox where tenant_id = p.id and dead_at > :lately) as failed,
             answered.half, answered.most
        from (%s) p
       cross join lateral (
             select count(*) filter (where state = 'pending' and decide_by > :now) as pending,
                    count(*) filter (where state = 'approved' and grant_not_after > :now) as active
               from access_request
              where tenant_id = p.id and state in ('pending', 'approved')) now
        left join lateral (
             select coalesce(ended_at, grant_not_after) as at from access_request
              where tenant_id = p.id and grant_level is not null
                and coalesce(ended_at, grant_not_after) <= :now
              order by coalesce(ended_at, grant_not_after) desc limit 1) last on true
        left join lateral (
             select extract(epoch from percentile_disc(0.5) within group (order by took))::bigint as half,
                    extract(epoch from percentile_disc(0.9) within group (order by took))::bigint as most
               from (select first.at - r.created_at as took
                       from (select id, created_at from access_request
                              where tenant_id = p.id and created_at > :since
                              order by created_at desc, id desc limit :newest) r
                      cross join lateral (
                            select min(at) as at from decision
                             where tenant_id = p.id and request_id = r.id) first
                      where first.at is not null) t) answered on true
       order by lower(p.name) collate "C", p.id
      """
          .formatted(PAGE);

  private final JdbcClient jdbc;
  private final Tenants tenants;

  public TenantList(Store store) {
    this.jdbc = store.jdbc();
    this.tenants = store.tenants();
  }

  /// Which tenants a page shows: those whose name or id has this text in it, founded or not, after
  /// the last one of the page before.
  public record TenantFilter(
      String text, Optional<Boolean> founded, Optional<TenantId> after, int most) {}

  /// A tenant, and how it does: when access to its data last ended, how many deliveries to it were
  /// given up lately, and how soon its people answer. One that waits to be set up has no keys.
  public record TenantLine(
      TenantId id,
      String name,
      boolean founded,
      OpenRequests open,
      Optional<Instant> lastAccess,
      long failed,
      Optional<AnswerTimes> answered,
      Optional<KeyringCounts> keys) {}

  /// How soon the first of a tenant's people signed an answer, of the newest requests of the last
  /// 30 days that one of them answered: `half` of the answers came this soon, and nine of ten
  /// within `most`.
  public record AnswerTimes(Duration half, Duration most) {
    static Optional<AnswerTimes> read(ResultSet row) throws SQLException {
      long half = row.getLong("half");
      boolean none = row.wasNull();
      var most = Duration.ofSeconds(row.getLong("most"));
      return none ? Optional.empty() : Optional.of(new AnswerTimes(Duration.ofSeconds(half), most));
    }
  }

  /// How many requests wait for an answer, and how many give access now.
  public record OpenRequests(long pending, long active) {}

  /// How many keys its keyring has, of how many approvers, how many of them have to sign, and
  /// whether access is on.
  public record KeyringCounts(int keys, int approvers, int quorum, ProviderAccess access) {
    static KeyringCounts of(Keyring keyring) {
      return new KeyringCounts(
          keyring.keys().size(),
          keyring.approvers().size(),
          keyring.quorum(),
          keyring.settings().access());
    }

    /// Whether the loss of one more key could leave too few to sign anything.
    public boolean isShort() {
      return keys <= quorum;
    }
  }

  /// How many there are that are founded. Their slots have no gap, so that nobody has to count
  /// them.
  public long founded() {
    return tenants.nextSlot();
  }

  public List<TenantLine> page(TenantFilter filter, Instant now) {
    return lines(filter, Optional.empty(), now);
  }

  /// One tenant alone.
  public Optional<TenantLine> find(TenantId id, Instant now) {
    var all = new TenantFilter("", Optional.empty(), Optional.empty(), 1);
    return lines(all, Optional.of(id), now).stream().findFirst();
  }

  private List<TenantLine> lines(TenantFilter filter, Optional<TenantId> id, Instant now) {
    var lines =
        jdbc.sql(LINES)
            .param("id", id.map(TenantId::value).orElse(null))
            .param("founded", filter.founded().orElse(null))
            .param("text", filter.text())
            .param("afterName", filter.after().map(this::name).orElse(""))
            .param("afterId", filter.after().map(TenantId::value).orElse(""))
            .param("most", filter.most())
            .param("now", now.atOffset(ZoneOffset.UTC))
            .param("lately", now.minus(LATELY).atOffset(ZoneOffset.UTC))
            .param("since", now.minus(ANSWERED).atOffset(ZoneOffset.UTC))
            .param("newest", NEWEST)
            .query((row, n) -> line(row))
            .list();
    var keyrings = tenants.keyrings(lines.stream().map(TenantLine::id).toList());
    return lines.stream().map(line -> with(line, keyrings)).toList();
  }

  /// Where the page before ended.
  private String name(TenantId id) {
    return jdbc
        .sql(
            """
            select name from tenant where id = :id
            union all select name from waiting_tenant where id = :id
            """)
        .param("id", id.value())
        .query(String.class)
        .list()
        .stream()
        .findFirst()
        .orElse("");
  }

  private static TenantLine line(ResultSet row) throws SQLException {
    return new TenantLine(
        new TenantId(row.getString("id")),
        row.getString("name"),
        row.getBoolean("founded"),
        new OpenRequests(row.getLong("pending"), row.getLong("active")),
        Optional.ofNullable(row.getObject("last_access", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant),
        row.getLong("failed"),
        AnswerTimes.read(row),
        Optional.empty());
  }

  private static TenantLine with(TenantLine line, Map<TenantId, Keyring> keyrings) {
    return new TenantLine(
        line.id,
        line.name,
        line.founded,
        line.open,
        line.lastAccess,
        line.failed,
        line.answered,
        Optional.ofNullable(keyrings.get(line.id)).map(KeyringCounts::of));
  }
}
