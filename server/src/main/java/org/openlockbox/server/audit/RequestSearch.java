package org.openlockbox.server.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The requests of one tenant, the newest first, a page at a time. Where a page begins costs
/// nothing, and however few requests a filter finds, it reads one narrow index and no more.
///
/// It looks in what stands open in the tables: texts are sealed and nobody can search them.
public final class RequestSearch {
  /// So many are looked at for the people who ask.
  private static final int NEWEST = 1000;

  /// What a page is found by stands in the index `access_request_audit`, all of it. The approvers
  /// are found one after another in their index, of which each has very many entries.
  private static final String LOOK =
      """
      with recursive approvers as (
        (select approver from decision
          where tenant_id = :tenant and :person::text is not null order by approver limit 1)
        union all
        select (select d.approver from decision d
                 where d.tenant_id = :tenant and d.approver > a.approver
                 order by d.approver limit 1)
          from approvers a where a.approver is not null),
      who as (
        select subject from person
         where (tenant_id = :tenant or tenant_id is null)
           and (lower(subject) = :person or position(:person in lower(name)) > 0)
        union select approver from approvers where lower(approver) = :person),
      found as (
        select log_index from
      """;

  /// The rows that are looked at: all requests of the tenant, or those that its policy granted.
  private static final String ALL = "access_request";

  private static final String AUTOMATIC =
      "automatic_grant join access_request using (tenant_id, log_index)";

  private static final String MATCHING =
      """

         where tenant_id = :tenant and log_index < :before
           and (:person::text is null
                or :person in (lower(engineer_id), lower(engineer_responsible), lower(decided_by))
                or engineer_id in (select subject from who)
                or engineer_responsible in (select subject from who)
                or decided_by in (select subject from who)
                or position(:person in words) > 0
                or id in (select request_id from decision
                           where tenant_id = :tenant and approver in (select subject from who)))
           and (:employer::text is null or position(:employer in lower(engineer_employer)) > 0)
           and (:resource::text is null or resource = :resource)
           and (:purpose::text is null or purpose = :purpose)
           and (:level::text is null or level = :level)
           and (:from::timestamptz is null or created_at >= :from)
           and (:until::timestamptz is null or created_at < :until)
           and (:text::text is null or position(:text in words) > 0)
           and (cardinality(:tables::text[]) = 0
                or id in (select request_id from request_closing
                           where tenant_id = :tenant and tables && :tables::text[]))
           and (:outcome::text is null or :outcome = 'automatic'
                or :outcome = case when state = 'pending' and decide_by <= :now then 'lapsed'
                                   when state = 'approved' and grant_not_after <= :now then 'expired'
                                   else state end)
           and (not :blocked::boolean
                or id in (select request_id from request_closing
                           where tenant_id = :tenant and failed > 0))
         order by log_index desc limit :limit)
      """;

  /// A page of what was found.
  private static final String PAGE =
      """
      , page as (select log_index from found order by log_index desc limit :shown)
      select r.*, (select count(*) from found) as found, did.sessions, did.statements, did.rows, c.failed, said.deciders
        from page
        join access_request r on r.tenant_id = :tenant and r.log_index = page.log_index
       cross join lateral (
             select count(*) as sessions, coalesce(sum(s.statements), 0) as statements,
                    coalesce(sum(s.rows), 0) as rows
               from session s where s.tenant_id = r.tenant_id and s.request_id = r.id) did
       cross join lateral (
             select coalesce(array_agg(distinct approver), '{}') as deciders
               from decision d
              where d.tenant_id = r.tenant_id and d.request_id = r.id and d.verdict <> 'revoke') said
        left join request_closing c on c.tenant_id = r.tenant_id and c.request_id = r.id
       order by r.log_index desc
      """;

  private final JdbcClient jdbc;
  private final TenantId tenant;
  private final Instant now;

  /// @param now as of which requests have lapsed and grants have expired
  public RequestSearch(JdbcClient jdbc, TenantId tenant, Instant now) {
    this.jdbc = jdbc;
    this.tenant = tenant;
    this.now = now;
  }

  /// An engineer and an employer of theirs, as a request has them.
  public record AskingEngineer(SubjectId id, Optional<String> employer) {}

  /// Who sent the newest of them.
  public List<AskingEngineer> engineers() {
    return jdbc.sql(
            """
            select distinct engineer_id, engineer_employer
              from (select engineer_id, engineer_employer from access_request
                     where tenant_id = ? order by log_index desc limit ?) newest
             order by engineer_id, engineer_employer
            """)
        .params(tenant.value(), NEWEST)
        .query(
            (row, n) ->
                new AskingEngineer(
                    new SubjectId(row.getString("engineer_id")),
                    Optional.ofNullable(row.getString("engineer_employer"))))
        .list();
  }

  /// A request as the trail shows it.
  public record FoundRequest(
      RequestId id,
      long logIndex,
      Instant asked,
      Requester requester,
      RequestedAccess access,
      RequestAnswer answer,
      RequestUse use) {}

  /// Who asked, and for whom they work.
  public record Requester(SubjectId id, Optional<String> name, Optional<String> employer) {}

  /// What was asked for, and why.
  public record RequestedAccess(Purpose purpose, String ticket, ResourceId resource, Level level) {}

  /// What came of it: the word of its state when it was last written down, until when that holds,
  /// what was granted, and who said so.
  public record RequestAnswer(
      String state, Instant until, Optional<Level> granted, AnsweringPeople people) {}

  /// The approvers who signed, the one who denied or withdrew it, and who ended the access.
  public record AnsweringPeople(
      List<SubjectId> signed, Optional<SubjectId> decided, Optional<SubjectId> ended) {
    public AnsweringPeople {
      signed = List.copyOf(signed);
    }
  }

  /// What was done with it: statements and rows are those of sessions that have ended; how many
  /// were blocked or `failed` is known once access has.
  public record RequestUse(long sessions, long statements, long rows, Optional<Long> failed) {}

  /// What was done with this request.
  public RequestUse use(RequestId request) {
    return jdbc.sql(
            """
            select count(*) as sessions, coalesce(sum(statements), 0) as statements,
                   coalesce(sum(rows), 0) as rows,
                   (select failed from request_closing c
                     where c.tenant_id = :tenant and c.request_id = :request) as failed
              from session where tenant_id = :tenant and request_id = :request
            """)
        .param("tenant", tenant.value())
        .param("request", request.value())
        .query((row, n) -> use(row))
        .single();
  }

  /// The newest requests whose entry stands before this index of the log.
  public List<FoundRequest> before(long index, AuditFilter filter, int limit) {
    return matching(PAGE, index, filter, limit)
        .param("shown", limit)
        .query((row, n) -> found(row))
        .list();
  }

  /// Some requests, and how many there are with those that are not among them.
  public record CountedRequests(List<FoundRequest> requests, long count) {
    public CountedRequests {
      requests = List.copyOf(requests);
    }
  }

  /// The newest requests, and how many match, counted up to `most`: one look finds both.
  public CountedRequests newest(AuditFilter filter, int limit, int most) {
    var count = new AtomicLong();
    var requests =
        matching(PAGE, Long.MAX_VALUE, filter, most)
            .param("shown", limit)
            .query(
                (row, n) -> {
                  count.set(row.getLong("found"));
                  return found(row);
                })
            .list();
    return new CountedRequests(requests, count.get());
  }

  /// How many requests match, counted up to this many.
  public long count(AuditFilter filter, int most) {
    return matching("select count(*) from found", Long.MAX_VALUE, filter, most)
        .query(Long.class)
        .single();
  }

  /// @param what is read of those that were found
  private JdbcClient.StatementSpec matching(
      String what, long index, AuditFilter filter, int limit) {
    var rows =
        filter.outcome().filter(AuditOutcome.AUTOMATIC::equals).isPresent() ? AUTOMATIC : ALL;
    return jdbc.sql(LOOK + rows + MATCHING + what)
        .param("tenant", tenant.value())
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("before", index)
        .param("person", filter.person().orElse(null))
        .param("employer", filter.employer().orElse(null))
        .param("resource", filter.resource().map(ResourceId::value).orElse(null))
        .param("purpose", filter.purpose().map(Purpose::word).orElse(null))
        .param("level", filter.level().map(Level::word).orElse(null))
        .param("from", at(filter.from()))
        .param("until", at(filter.until()))
        .param("text", filter.text().orElse(null))
        .param("tables", filter.tables().toArray(String[]::new))
        .param("outcome", filter.outcome().map(AuditOutcome::word).orElse(null))
        .param("blocked", filter.blocked())
        .param("limit", limit);
  }

  private static @Nullable OffsetDateTime at(Optional<Instant> instant) {
    return instant.map(moment -> moment.atOffset(ZoneOffset.UTC)).orElse(null);
  }

  private static FoundRequest found(ResultSet row) throws SQLException {
    var ends = row.getObject("grant_not_after", OffsetDateTime.class);
    var until = ends == null ? row.getObject("decide_by", OffsetDateTime.class) : ends;
    return new FoundRequest(
        new RequestId(row.getString("id")),
        row.getLong("log_index"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        new Requester(
            new SubjectId(row.getString("engineer_id")),
            Optional.ofNullable(row.getString("engineer_name")),
            Optional.ofNullable(row.getString("engineer_employer"))),
        new RequestedAccess(
            Purpose.parse(row.getString("purpose")),
            row.getString("ticket"),
            new ResourceId(row.getString("resource")),
            Level.parse(row.getString("level"))),
        new RequestAnswer(
            row.getString("state"),
            until.toInstant(),
            Optional.ofNullable(row.getString("grant_level")).map(Level::parse),
            people(row)),
        use(row));
  }

  private static RequestUse use(ResultSet row) throws SQLException {
    return new RequestUse(
        row.getLong("sessions"),
        row.getLong("statements"),
        row.getLong("rows"),
        Optional.ofNullable(row.getObject("failed", Long.class)));
  }

  private static AnsweringPeople people(ResultSet row) throws SQLException {
    return new AnsweringPeople(
        Arrays.stream((String[]) row.getArray("deciders").getArray()).map(SubjectId::new).toList(),
        Optional.ofNullable(row.getString("decided_by")).map(SubjectId::new),
        Optional.ofNullable(row.getString("ended_by")).map(SubjectId::new));
  }
}
