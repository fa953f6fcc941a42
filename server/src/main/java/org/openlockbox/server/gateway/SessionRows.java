package org.openlockbox.server.gateway;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Rows;
import org.openlockbox.server.log.entry.SessionTotals;
import org.openlockbox.server.request.StoredRequest;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the gateways' entries say about sessions, as rows to list and to stop. Written only in the
/// transaction that appends the entry.
public final class SessionRows {
  private final JdbcClient jdbc;

  public SessionRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A session as its row has it.
  public record SessionRow(
      TenantId tenant,
      SessionId id,
      RequestId request,
      SubjectId engineer,
      SessionTarget target,
      SessionOrigin origin,
      SessionCourse course,
      SessionWork work) {}

  /// What it reaches.
  public record SessionTarget(String resource, String level) {}

  /// Through which gateway it came, from which address, and by which program.
  public record SessionOrigin(String gateway, String address, String application) {}

  /// Where it stands, since when and why; `leftover` says why its role still stands though it is
  /// over.
  public record SessionCourse(
      String state,
      Instant opened,
      Instant expires,
      Optional<Instant> ended,
      String reason,
      Optional<String> leftover) {}

  /// What it did, known once it has ended.
  public record SessionWork(long statements, long rows) {}

  void open(
      TenantId tenant, SessionEvent.Opened opened, GatewayStamp gateway, long seq, Instant now) {
    jdbc.sql(
            """
            insert into session (tenant_id, id, request_id, engineer_id, resource, level, gateway,
                                 boot, certificate, address, application, opened_at, expires_at,
                                 log_index, state)
            values (:tenant, :id, :request, :engineer, :resource, :level, :gateway, :boot,
                    :certificate, :address, :application, :opened, :expires, :index, 'open')
            """)
        .param("tenant", tenant.value())
        .param("id", opened.of().value())
        .param("request", opened.about().value())
        .param("engineer", opened.engineer().value())
        .param("resource", opened.resource().value())
        .param("level", opened.level().word())
        .param("gateway", gateway.id().value())
        .param("boot", gateway.boot())
        .param("certificate", CanonicalJson.text(opened.certificate().toJson()))
        .param("address", opened.clientAddress())
        .param("application", opened.clientApplication())
        .param("opened", at(now))
        .param("expires", at(opened.expires()))
        .param("index", seq)
        .update();
  }

  /// The certificate with which the session was opened.
  Optional<Envelope> certificate(TenantId tenant, SessionId id) {
    return jdbc.sql("select certificate from session where tenant_id = ? and id = ?")
        .params(tenant.value(), id.value())
        .query((row, n) -> row.getString("certificate"))
        .optional()
        .map(text -> Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(text))));
  }

  void close(TenantId tenant, SessionEvent.Closed closed, Instant now) {
    Rows.one(
        jdbc.sql(
                """
            update session
               set state = 'closed', ended_at = ?, reason = ?, statements = ?, rows = ?, bytes = ?,
                   removal_why = case when ? then null
                                      else coalesce(removal_why, 'its role may still exist') end
             where tenant_id = ? and id = ?
            """)
            .params(
                at(now),
                closed.reason(),
                closed.operations(),
                closed.units(),
                closed.bytes(),
                closed.released(),
                tenant.value(),
                closed.of().value())
            .update());
  }

  void removalFailed(TenantId tenant, SessionEvent.RemovalFailed failed) {
    Rows.one(
        jdbc.sql("update session set removal_why = ? where tenant_id = ? and id = ?")
            .params(failed.why(), tenant.value(), failed.of().value())
            .update());
  }

  /// Marks a session lost, with what the log holds of it; false if it is no longer open.
  boolean lose(TenantId tenant, SessionId id, String reason, SessionTotals totals, Instant now) {
    return jdbc.sql(
                """
                update session
                   set state = 'lost', ended_at = ?, reason = ?, statements = ?, rows = ?, bytes = ?
                 where tenant_id = ? and id = ? and state = 'open'
                """)
            .params(
                at(now),
                reason,
                totals.operations(),
                totals.units(),
                totals.bytes(),
                tenant.value(),
                id.value())
            .update()
        == 1;
  }

  /// Asks the gateway to end a session; false if there is no such open session, which is durable
  /// then: the same statement waits for the standbys where it changes nothing.
  public boolean stop(TenantId tenant, SessionId id, SubjectId by) {
    return jdbc.sql(
                """
                with asked as (
                  update session set stop_by = coalesce(stop_by, ?)
                   where tenant_id = ? and id = ? and state = 'open'
                  returning id
                )
                select n, case when n = 0 then pg_logical_emit_message(true, 'lockbox', '')::text end
                  from (select count(*) as n from asked) as counted
                """)
            .params(by.value(), tenant.value(), id.value())
            .query((row, n) -> row.getInt("n"))
            .single()
        == 1;
  }

  public Optional<SessionRow> find(TenantId tenant, SessionId id) {
    return jdbc.sql("select * from session where tenant_id = ? and id = ?")
        .params(tenant.value(), id.value())
        .query((row, n) -> session(row))
        .optional();
  }

  /// The newest sessions of a tenant, open ones first.
  public List<SessionRow> ofTenant(TenantId tenant, int limit) {
    return jdbc.sql(
            """
            select * from session where tenant_id = ?
             order by state = 'open' desc, opened_at desc limit ?
            """)
        .params(tenant.value(), limit)
        .query((row, n) -> session(row))
        .list();
  }

  /// The first sessions of a request, in the order in which they were opened.
  public List<SessionRow> ofRequest(TenantId tenant, RequestId request, int limit) {
    return jdbc.sql(
            """
            select * from session where tenant_id = ? and request_id = ?
             order by opened_at, id limit ?
            """)
        .params(tenant.value(), request.value(), limit)
        .query((row, n) -> session(row))
        .list();
  }

  /// The newest sessions of an engineer, or of everybody, open ones first.
  public List<SessionRow> ofProvider(Optional<SubjectId> engineer, int limit) {
    return jdbc.sql(
            """
            select * from session where ?::text is null or engineer_id = ?
             order by state = 'open' desc, opened_at desc limit ?
            """)
        .param(engineer.map(SubjectId::value).orElse(null))
        .param(engineer.map(SubjectId::value).orElse(null))
        .param(limit)
        .query((row, n) -> session(row))
        .list();
  }

  /// The open sessions of a gateway, the newest first.
  public List<SessionRow> ofGateway(GatewayId gateway, int limit) {
    return jdbc.sql(
            """
            select * from session where gateway = ? and state = 'open'
             order by opened_at desc, id limit ?
            """)
        .params(gateway.value(), limit)
        .query((row, n) -> session(row))
        .list();
  }

  /// The sessions of all tenants whose roles still stand though they are over, oldest first.
  public List<SessionRow> leftovers(int limit) {
    return jdbc.sql(
            """
            select * from session where removal_why is not null order by opened_at, id limit ?
            """)
        .params(limit)
        .query((row, n) -> session(row))
        .list();
  }

  public int open(TenantId tenant, RequestId request) {
    return jdbc.sql(
            """
            select count(*) as n from session
             where tenant_id = ? and request_id = ? and state = 'open'
            """)
        .params(tenant.value(), request.value())
        .query((row, n) -> row.getInt("n"))
        .single();
  }

  /// How many sessions each of these requests has open; one without any is not among them.
  public Map<RequestId, Integer> open(Collection<StoredRequest> requests) {
    var counts = new HashMap<RequestId, Integer>();
    jdbc.sql(
            """
            select s.request_id, count(*) as n
              from unnest(:tenants::text[], :requests::text[]) as r (tenant_id, id)
              join session s on s.tenant_id = r.tenant_id and s.request_id = r.id and s.state = 'open'
             group by s.request_id
            """)
        .param("tenants", requests.stream().map(one -> one.tenant().value()).toArray(String[]::new))
        .param("requests", requests.stream().map(one -> one.id().value()).toArray(String[]::new))
        .query(
            row -> {
              counts.put(new RequestId(row.getString("request_id")), row.getInt("n"));
            });
    return counts;
  }

  private static SessionRow session(ResultSet row) throws SQLException {
    return new SessionRow(
        new TenantId(row.getString("tenant_id")),
        new SessionId(row.getString("id")),
        new RequestId(row.getString("request_id")),
        new SubjectId(row.getString("engineer_id")),
        new SessionTarget(row.getString("resource"), row.getString("level")),
        new SessionOrigin(
            row.getString("gateway"), row.getString("address"), row.getString("application")),
        course(row),
        new SessionWork(row.getLong("statements"), row.getLong("rows")));
  }

  private static SessionCourse course(ResultSet row) throws SQLException {
    return new SessionCourse(
        row.getString("state"),
        row.getObject("opened_at", OffsetDateTime.class).toInstant(),
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getString("reason")).orElse(""),
        Optional.ofNullable(row.getString("removal_why")));
  }

  static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
