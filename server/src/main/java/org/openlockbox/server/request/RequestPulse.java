package org.openlockbox.server.request;

import static org.openlockbox.server.request.ColumnValues.at;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.request.AccessRequests.RequestCounts;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What waits and what is open in this moment. `mark` is another one once a request was made,
/// changed, ended or asked about; it says nothing else.
public record RequestPulse(RequestCounts counts, String mark) {

  /// Of one tenant, of one engineer with their agents, or of all where both are empty.
  public static RequestPulse of(
      JdbcClient jdbc, Optional<TenantId> tenant, Optional<SubjectId> engineer, Instant now) {
    return jdbc.sql(
            """
            select count(*) filter (where state = 'pending') as pending,
                   count(*) filter (where state = 'approved') as active,
                   coalesce(sum(version), 0) as versions,
                   coalesce(sum((select count(*) from request_comment c
                                  where c.tenant_id = r.tenant_id and c.request_id = r.id)), 0)
                     as comments
              from access_request r
             where (state = 'pending' and decide_by > :now
                    or state = 'approved' and grant_not_after > :now)
               and state in ('pending', 'approved')
               and (:tenant::text is null or tenant_id = :tenant)
               and (:engineer::text is null or engineer_id = :engineer
                    or engineer_responsible = :engineer)
            """)
        .param("tenant", tenant.map(TenantId::value).orElse(null))
        .param("engineer", engineer.map(SubjectId::value).orElse(null))
        .param("now", at(now))
        .query(
            (row, n) -> {
              var counts = new RequestCounts(row.getLong("pending"), row.getLong("active"));
              return new RequestPulse(
                  counts,
                  "%d.%d.%s.%s"
                      .formatted(
                          counts.pending(),
                          counts.active(),
                          row.getBigDecimal("versions").toPlainString(),
                          row.getBigDecimal("comments").toPlainString()));
            })
        .single();
  }
}
