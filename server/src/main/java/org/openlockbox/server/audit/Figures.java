package org.openlockbox.server.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.audit.MonthFigures.FigureSubject;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A tenant's figures by month. A month that is over, and of which nothing is pending or open any
/// more, is counted once and kept; the others are counted when somebody looks. So a look costs what
/// the newest requests cost, and not what all of them would.
public final class Figures {
  /// All that is counted comes from the rows of requests: what the log says stands in them.
  private static final String COUNT =
      """
      select case when grouping(engineer_id) = 0 then 'engineer'
                  when grouping(resource) = 0 then 'resource' else 'all' end as dimension,
             coalesce(engineer_id, resource, '') as about,
             count(*) as requests,
             count(*) filter (where granted) as approved,
             count(*) filter (where granted and not by_people) as automatic,
             count(*) filter (where granted and by_people
               and (grant_level <> level or grant_limits <> limits
                    or signed_ms < duration_ms)) as narrowed,
             count(*) filter (where state = 'denied') as denied,
             round(percentile_cont(0.5) within group (
               order by extract(epoch from decided_at - created_at))
               filter (where by_people))::bigint as answered_s,
             coalesce(round(sum(extract(epoch from
               greatest(least(coalesce(ended_at, :now), grant_not_after), grant_not_before) - grant_not_before))
               filter (where granted)), 0)::bigint as access_s
        from (select r.*, grant_level is not null as granted,
                     (select min(d.duration_ms) from decision d
                       where d.tenant_id = r.tenant_id and d.request_id = r.id) as signed_ms,
                     exists (select from decision d
                              where d.tenant_id = r.tenant_id and d.request_id = r.id
                                and d.verdict <> 'revoke') as by_people
                from access_request r
               where tenant_id = :tenant and created_at >= :from and created_at < :until) r
       group by grouping sets ((), (engineer_id), (resource))
      """;

  private static final String KEEP =
      """
      insert into month_figures (tenant_id, month, dimension, about, requests, approved, automatic,
                                 narrowed, denied, answered_s, access_s)
      select :tenant, :month, counted.* from (
      """;

  private final JdbcClient jdbc;
  private final TenantId tenant;
  private final Instant now;

  public Figures(JdbcClient jdbc, TenantId tenant, Instant now) {
    this.jdbc = jdbc;
    this.tenant = tenant;
    this.now = now;
  }

  /// The figures of so many months up to this one, all dimensions; a month in which nothing was
  /// asked has those of all only.
  public List<MonthFigures> newest(int months) {
    var last = YearMonth.from(now.atOffset(ZoneOffset.UTC));
    var first = last.minusMonths(months - 1L);
    var kept = kept(first);
    var figures = new ArrayList<MonthFigures>();
    for (var month = first; !month.isAfter(last); month = month.plusMonths(1)) {
      var wanted = month;
      var known = kept.stream().filter(one -> one.month().equals(wanted)).toList();
      figures.addAll(known.isEmpty() ? counted(month) : known);
    }
    return figures;
  }

  /// All requests of one month together.
  MonthFigures of(YearMonth month) {
    return counted(month).stream()
        .filter(one -> one.dimension() == FigureSubject.ALL)
        .findFirst()
        .orElseGet(() -> MonthFigures.none(month));
  }

  private List<MonthFigures> kept(YearMonth first) {
    return jdbc.sql("select * from month_figures where tenant_id = ? and month >= ?")
        .params(tenant.value(), first.atDay(1))
        .query((row, n) -> figures(YearMonth.from(row.getObject("month", LocalDate.class)), row))
        .list();
  }

  private List<MonthFigures> counted(YearMonth month) {
    if (isFinal(month)) {
      count(KEEP + COUNT + ") counted on conflict do nothing", month).update();
      return kept(month).stream().filter(one -> one.month().equals(month)).toList();
    }
    return count(COUNT, month).query((row, n) -> figures(month, row)).list();
  }

  private JdbcClient.StatementSpec count(String sql, YearMonth month) {
    return jdbc.sql(sql)
        .param("tenant", tenant.value())
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("month", month.atDay(1))
        .param("from", begin(month))
        .param("until", begin(month.plusMonths(1)));
  }

  private static OffsetDateTime begin(YearMonth month) {
    return month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  private boolean isFinal(YearMonth month) {
    var end = begin(month.plusMonths(1));
    return !now.isBefore(end.toInstant())
        && !jdbc.sql(
                """
                select exists (select from access_request
                                where tenant_id = ? and created_at >= ? and created_at < ?
                                  and state in ('pending', 'approved'))
                """)
            .params(tenant.value(), begin(month), end)
            .query(Boolean.class)
            .single();
  }

  private static MonthFigures figures(YearMonth month, ResultSet row) throws SQLException {
    return new MonthFigures(
        month,
        FigureSubject.valueOf(row.getString("dimension").toUpperCase(Locale.ROOT)),
        row.getString("about"),
        new MonthFigures.OutcomeCounts(
            row.getLong("requests"),
            row.getLong("approved"),
            row.getLong("automatic"),
            row.getLong("narrowed"),
            row.getLong("denied")),
        Optional.ofNullable(row.getObject("answered_s", Long.class)).map(Duration::ofSeconds),
        Duration.ofSeconds(row.getLong("access_s")));
  }
}
