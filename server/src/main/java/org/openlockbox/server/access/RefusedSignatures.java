package org.openlockbox.server.access;

import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Signed statements that were not taken, so that a tenant sees who tries what: forged, replayed,
/// outdated, sent twice. This server's own note and no entry of the log: nothing follows from it,
/// and a crash between a refusal and its note loses the note. The newest [#KEPT] of each tenant are
/// kept, whatever comes, and of one person the newest [#OF_ONE]: nobody pushes out alone what
/// others sent.
public final class RefusedSignatures {
  static final int KEPT = 200;
  static final int OF_ONE = 50;

  private static final Logger LOG = LoggerFactory.getLogger(RefusedSignatures.class);
  private static final int LONGEST = 300;

  private final JdbcClient jdbc;
  private final InstantSource clock;

  public RefusedSignatures(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// One that was refused: when, sent by whom, about what, and why.
  ///
  /// @param code why, in the word of the [Problem]; empty where it is older than the column
  public record RefusedSignature(Instant at, SubjectId by, String about, String code, String why) {}

  /// Takes what this person sent about something of the tenant's. If it is refused, that is noted,
  /// after whatever was begun has been rolled back.
  public <T> T noting(TenantId tenant, SubjectId by, String about, Supplier<T> taking) {
    try {
      return taking.get();
    } catch (Problem refusal) {
      if (refusal.status() < 500) {
        note(tenant, by, about, refusal);
      }
      throw refusal;
    } catch (MalformedJson unreadable) {
      note(tenant, by, about, "malformed", String.valueOf(unreadable.getMessage()));
      throw unreadable;
    }
  }

  /// Notes that this was refused.
  public void note(TenantId tenant, SubjectId by, String about, Problem refusal) {
    note(tenant, by, about, refusal.code(), refusal.detail());
  }

  private void note(TenantId tenant, SubjectId by, String about, String code, String detail) {
    var why = TextRules.shown(detail);
    LOG.warn("refused: what {} of {} signed about {}: {}", by, tenant, about, why);
    jdbc.sql(
            """
            insert into refused_signature (tenant_id, at, by_subject, about, code, why)
            values (?, ?, ?, ?, ?, ?)
            """)
        .param(tenant.value())
        .param(OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
        .param(by.value())
        .param(about)
        .param(code)
        .param(why.substring(0, Math.min(why.length(), LONGEST)))
        .update();
    jdbc.sql(
            """
            delete from refused_signature
             where tenant_id = :tenant and (
               n <= (select n from refused_signature
                      where tenant_id = :tenant order by n desc offset :kept limit 1)
               or by_subject = :by and n <= (
                 select n from refused_signature
                  where tenant_id = :tenant and by_subject = :by
                  order by n desc offset :ofOne limit 1))
            """)
        .param("tenant", tenant.value())
        .param("by", by.value())
        .param("kept", KEPT)
        .param("ofOne", OF_ONE)
        .update();
  }

  /// The newest of a tenant.
  public List<RefusedSignature> newest(TenantId tenant, int most) {
    return jdbc.sql(
            """
            select at, by_subject, about, code, why from refused_signature
             where tenant_id = ? order by n desc limit ?
            """)
        .params(tenant.value(), most)
        .query(
            (row, n) ->
                new RefusedSignature(
                    row.getObject("at", OffsetDateTime.class).toInstant(),
                    new SubjectId(row.getString("by_subject")),
                    row.getString("about"),
                    row.getString("code"),
                    row.getString("why")))
        .list();
  }
}
