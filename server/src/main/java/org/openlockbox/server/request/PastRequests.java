package org.openlockbox.server.request;

import static org.openlockbox.server.request.ColumnValues.at;
import static org.openlockbox.server.request.ColumnValues.instant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How a tenant's requests of the last 90 days went, as far as it helps to ask or to decide.
/// Nothing is said where there were too few to say something.
public final class PastRequests {
  private static final Duration PAST = Duration.ofDays(90);
  private static final int FEWEST_ANSWERS = 5;
  private static final int FEWEST_GRANTS = 3;

  /// Of the newest so many requests, whatever their age.
  private static final int MOST = 1000;

  private final JdbcClient jdbc;
  private final TenantId tenant;
  private final Instant now;

  public PastRequests(JdbcClient jdbc, TenantId tenant, Instant now) {
    this.jdbc = jdbc;
    this.tenant = tenant;
    this.now = now;
  }

  /// How long people took to answer requests for this level: half of the answers were sooner.
  public record TimeToDecide(Level level, Duration median, long answers) {}

  /// That of the levels that were answered often enough, by people and not by the policy.
  public List<TimeToDecide> timesToDecide() {
    return jdbc.sql(
            """
            select level, count(*) as answers,
                   percentile_cont(0.5) within group
                     (order by extract(epoch from decided_at - created_at)) as median
              from (select * from access_request
                     where tenant_id = ? and created_at > ?
                     order by created_at desc limit ?) r
             where decided_at is not null and state <> 'withdrawn'
               and exists (select 1 from decision d
                            where d.tenant_id = r.tenant_id and d.request_id = r.id
                              and d.verdict <> 'revoke')
             group by level having count(*) >= ?
            """)
        .params(tenant.value(), at(now.minus(PAST)), MOST, FEWEST_ANSWERS)
        .query(
            (row, n) ->
                new TimeToDecide(
                    Level.parse(row.getString("level")),
                    seconds(row, "median"),
                    row.getLong("answers")))
        .list();
  }

  private static Duration seconds(ResultSet row, String column) throws SQLException {
    return Duration.ofSeconds(Math.round(row.getDouble(column)));
  }

  /// What was usually granted for a purpose: the level most often, and how long, how soon and with
  /// how many statements in the middle of all. How long is what was signed, however slowly.
  public record UsualGrant(
      Level level, Duration length, Duration answered, long statements, long grants) {
    private static final int MUCH = 2;

    /// Whether this is much longer than usual.
    public boolean isMuchLonger(Duration asked) {
      return asked.compareTo(length.multipliedBy(MUCH)) > 0;
    }

    public boolean isWider(Level asked) {
      return asked.isWiderThan(level);
    }
  }

  public Optional<UsualGrant> usual(Purpose purpose) {
    return jdbc.sql(
            """
            select mode() within group (order by grant_level) as level, count(*) as grants,
                   percentile_disc(0.5) within group
                     (order by coalesce(signed_ms / 1000.0,
                        extract(epoch from grant_not_after - grant_not_before))) as length,
                   percentile_disc(0.5) within group
                     (order by extract(epoch from decided_at - created_at)) as answered,
                   percentile_disc(0.5) within group (order by statements) as statements
              from (select * from access_request
                     where tenant_id = ? and created_at > ?
                     order by created_at desc limit ?) r
             cross join lateral
                   (select coalesce(sum(s.statements), 0) as statements from session s
                     where s.tenant_id = r.tenant_id and s.request_id = r.id) s
             cross join lateral
                   (select min(d.duration_ms) as signed_ms from decision d
                     where d.tenant_id = r.tenant_id and d.request_id = r.id) d
             where purpose = ? and grant_level is not null
            having count(*) >= ?
            """)
        .params(tenant.value(), at(now.minus(PAST)), MOST, purpose.word(), FEWEST_GRANTS)
        .query(
            (row, n) ->
                new UsualGrant(
                    Level.parse(row.getString("level")),
                    seconds(row, "length"),
                    seconds(row, "answered"),
                    row.getLong("statements"),
                    row.getLong("grants")))
        .optional();
  }

  /// What an engineer asked the tenant for before: when, and from which countries.
  public record EarlierRequests(List<Instant> asked, Set<String> countries) {
    private static final int FEWEST_HOURS = 5;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration NEAR = Duration.ofHours(3);

    public EarlierRequests {
      asked = List.copyOf(asked);
      countries = Set.copyOf(countries);
    }

    public boolean isNone() {
      return asked.isEmpty();
    }

    /// Whether they have asked before, but never from this country.
    public boolean isFromElsewhere(Optional<String> country) {
      return !isNone() && country.filter(one -> !countries.contains(one)).isPresent();
    }

    /// Whether they asked often enough to have hours, and this is far from all of them.
    public boolean isOutsideHours(Instant at) {
      return asked.size() >= FEWEST_HOURS
          && asked.stream().noneMatch(other -> apart(other, at).compareTo(NEAR) <= 0);
    }

    /// How far apart the times of the day are, whatever the days.
    private static Duration apart(Instant one, Instant other) {
      long seconds = Math.floorMod(Duration.between(one, other).toSeconds(), DAY.toSeconds());
      return Duration.ofSeconds(Math.min(seconds, DAY.toSeconds() - seconds));
    }
  }

  /// The newest requests of this engineer before this one.
  public EarlierRequests earlier(StoredRequest stored) {
    var asked = new ArrayList<Instant>();
    var countries = new HashSet<String>();
    jdbc.sql(
            """
            select created_at, engineer_country from access_request
             where tenant_id = ? and engineer_id = ? and id <> ? and created_at <= ?
             order by created_at desc limit 100
            """)
        .params(
            tenant.value(),
            stored.submission().engineer().id().value(),
            stored.id().value(),
            at(stored.createdAt()))
        .query(
            row -> {
              asked.add(instant(row, "created_at"));
              Optional.ofNullable(row.getString("engineer_country")).ifPresent(countries::add);
            });
    return new EarlierRequests(asked, countries);
  }
}
