package org.openlockbox.server.request;

import static org.openlockbox.server.request.ColumnValues.at;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.request.AccessRequests.RequestCounts;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What waits and what is open in this moment, and how many changes of the keyring wait for
/// signatures. `people` are those who have access now, by themselves or their agents. `mark` is
/// another one once a request was made, changed, ended or asked about, a session began or ended, or
/// a change was proposed, signed or ended; it says nothing else.
public record RequestPulse(RequestCounts counts, long people, long proposals, String mark) {
  public static final RequestPulse NONE = new RequestPulse(RequestCounts.NONE, 0, 0, "");

  private static final String PULSE =
      """
      select count(*) filter (where state = 'pending') as pending,
             count(*) filter (where state = 'approved') as active,
             count(distinct coalesce(engineer_responsible, engineer_id))
               filter (where state = 'approved') as people,
             coalesce(sum(version), 0) as versions,
             %s as comments, %s as sessions,
             (select count(*) from proposal p
               where p.tenant_id = :tenant and p.ended is null) as proposals,
             (select count(*) + count(ended) from proposal p where p.tenant_id = :tenant)
               + (select count(*) from proposal_signature s where s.tenant_id = :tenant)
               as changes
        from access_request r
       where (state = 'pending' and decide_by > :now
              or state = 'approved' and grant_not_after > :now)
         and state in ('pending', 'approved') and %s
      """;

  private static final String COMMENTS =
      """
      coalesce(sum((select count(*) from request_comment c
                     where c.tenant_id = r.tenant_id and c.request_id = r.id)), 0)
      """;

  private static final String SESSIONS =
      """
      coalesce(sum((select count(*) from session s
                     where s.tenant_id = r.tenant_id and s.request_id = r.id and s.state = 'open')), 0)
      """;

  /// Of all tenants each is counted at once: there may be very many requests.
  private static final String ALL =
      PULSE.formatted(
          """
          (select count(*) from access_request p
             join request_comment c on c.tenant_id = p.tenant_id and c.request_id = p.id
            where p.state = 'pending')::numeric
          """,
          "(select count(*) from session where state = 'open')::numeric",
          "true");

  private static final String OF_TENANT =
      PULSE.formatted(COMMENTS, SESSIONS, "tenant_id = :tenant");

  private static final String OF_ENGINEER =
      PULSE.formatted(
          COMMENTS, SESSIONS, "(engineer_id = :engineer or engineer_responsible = :engineer)");

  /// Of one tenant, of one engineer with their agents, or of all where both are empty.
  public static RequestPulse of(
      JdbcClient jdbc, Optional<TenantId> tenant, Optional<SubjectId> engineer, Instant now) {
    return jdbc.sql(tenant.isPresent() ? OF_TENANT : engineer.isPresent() ? OF_ENGINEER : ALL)
        .param("tenant", tenant.map(TenantId::value).orElse(null))
        .param("engineer", engineer.map(SubjectId::value).orElse(null))
        .param("now", at(now))
        .query((row, n) -> read(row))
        .single();
  }

  private static RequestPulse read(ResultSet row) throws SQLException {
    var counts = new RequestCounts(row.getLong("pending"), row.getLong("active"));
    return new RequestPulse(
        counts,
        row.getLong("people"),
        row.getLong("proposals"),
        "%d.%d.%s.%s.%s.%d"
            .formatted(
                counts.pending(),
                counts.active(),
                row.getBigDecimal("versions").toPlainString(),
                row.getBigDecimal("comments").toPlainString(),
                row.getBigDecimal("sessions").toPlainString(),
                row.getLong("changes")));
  }
}
