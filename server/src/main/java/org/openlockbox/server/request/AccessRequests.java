package org.openlockbox.server.request;

import static org.openlockbox.server.request.ColumnValues.at;
import static org.openlockbox.server.request.ColumnValues.instant;
import static org.openlockbox.server.request.ColumnValues.text;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.operation.FactsJson;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerName;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The requests of one tenant. There is no way to a request but through its tenant, so no call can
/// reach another tenant's by an id.
public final class AccessRequests {
  private static final String INSERT =
      """
      insert into access_request (
        tenant_id, id, version, state, engineer_id, engineer_name, engineer_country, engineer_employer,
        engineer_kind, engineer_responsible, engineer_sources, engineer_key, purpose, reason, ticket,
        resource, level, not_before, duration_ms, limits, extends, provider_review, assurance,
        decide_by, quorum, created_at, log_index, entry_sha256, rule_entry, rule_id, rule_says)
      values (:tenant_id, :id, 1, 'pending', :engineer_id, :engineer_name, :engineer_country,
              :engineer_employer, :engineer_kind, :engineer_responsible, :engineer_sources,
              :engineer_key, :purpose, :reason, :ticket, :resource, :level, :not_before,
              :duration_ms, :limits, :extends, :provider_review, :assurance, :decide_by, :quorum,
              :created_at, :log_index, :entry_sha256, :rule_entry, :rule_id, :rule_says)
      """;

  /// Of so many of an engineer's newest requests one is found whose access ended last.
  private static final int NEWEST_OF_ENGINEER = 200;

  private final JdbcClient jdbc;
  private final TenantId tenant;

  private AccessRequests(JdbcClient jdbc, TenantId tenant) {
    this.jdbc = jdbc;
    this.tenant = tenant;
  }

  public static AccessRequests of(JdbcClient jdbc, TenantId tenant) {
    return new AccessRequests(jdbc, tenant);
  }

  public Optional<StoredRequest> find(RequestId id) {
    var approvals = approvals(id);
    return jdbc.sql("select * from access_request where tenant_id = ? and id = ?")
        .params(tenant.value(), id.toString())
        .query((row, n) -> RequestRows.read(row, approvals))
        .optional();
  }

  /// The newest requests that extend this one, the newest first.
  public List<RequestId> extending(RequestId id) {
    return jdbc.sql(
            """
            select id from access_request
             where tenant_id = ? and extends = ?
             order by created_at desc, id desc
             limit 10
            """)
        .params(tenant.value(), id.toString())
        .query((row, n) -> new RequestId(row.getString("id")))
        .list();
  }

  List<Approval> approvals(RequestId id) {
    return jdbc.sql(
            """
            select request_id, approver, key_id, at, level, not_before, not_after, duration_ms, limits
              from decision
             where tenant_id = ? and request_id = ? and verdict = 'approve'
             order by seq
            """)
        .params(tenant.value(), id.toString())
        .query((row, n) -> RequestRows.approval(row))
        .list();
  }

  /// Each decision, in order.
  public List<CountedDecision> decisions(RequestId id) {
    return jdbc.sql(
            """
            select seq, verdict, approver, at from decision
             where tenant_id = ? and request_id = ?
             order by seq
            """)
        .params(tenant.value(), id.toString())
        .query(
            (row, n) ->
                new CountedDecision(
                    row.getLong("seq"),
                    row.getString("verdict"),
                    new SubjectId(row.getString("approver")),
                    instant(row, "at")))
        .list();
  }

  /// A decision that was counted.
  public record CountedDecision(long index, String verdict, SubjectId approver, Instant at) {}

  /// Stores a new request at version 1.
  public void add(StoredRequest stored) {
    var asked = stored.submission();
    var terms = asked.terms();
    var engineer = asked.engineer();
    jdbc.sql(INSERT)
        .param("tenant_id", tenant.value())
        .param("id", asked.id().toString())
        .param("engineer_id", engineer.id().value())
        .param("engineer_name", stored.name().map(EngineerName::text).orElse(null))
        .param("engineer_country", engineer.country().orElse(null))
        .param("engineer_employer", engineer.employer().orElse(null))
        .param("engineer_kind", engineer.kind().map(Engineer.EngineerKind::word).orElse(null))
        .param("engineer_responsible", engineer.responsible().map(SubjectId::value).orElse(null))
        .param("engineer_sources", CanonicalJson.text(FactsJson.sources(engineer.facts())))
        .param("engineer_key", CanonicalJson.text(engineer.key().toJson()))
        .param("purpose", asked.purpose().word())
        .param("reason", stored.reason().map(Reason::text).orElse(null))
        .param("ticket", asked.ticket())
        .param("resource", terms.resource().value())
        .param("level", terms.level().word())
        .param("not_before", terms.notBefore().map(ColumnValues::at).orElse(null))
        .param("duration_ms", terms.duration().toMillis())
        .param("limits", text(terms.limits()))
        .param("extends", asked.extended().map(Object::toString).orElse(null))
        .param("provider_review", asked.providerReview())
        .param("assurance", asked.assurance().word())
        .param("decide_by", at(asked.decideBy()))
        .param("quorum", asked.quorum())
        .param("created_at", at(stored.createdAt()))
        .param("log_index", stored.logIndex())
        .param("entry_sha256", stored.entrySha256().hex())
        .param("rule_entry", stored.ruled().entry())
        .param("rule_id", stored.ruled().rule().value())
        .param("rule_says", stored.ruled().says())
        .update();
  }

  /// Stores where the machine went, by the same rule as before.
  public void move(StoredRequest from, AccessRequest to) {
    move(from, to, from.ruled());
  }

  /// Stores where the machine went, if nobody else moved it since it was read, and by which rule.
  public void move(StoredRequest from, AccessRequest to, RecordedRuling ruled) {
    int changed =
        jdbc.sql(RequestUpdate.UPDATE).params(RequestUpdate.of(from, to, ruled).columns()).update();
    if (changed != 1) {
      throw Problem.stale();
    }
  }

  /// The requests that are pending or in force.
  public List<RequestId> undone() {
    return jdbc.sql(
            """
            select id from access_request
             where tenant_id = ? and state in ('pending', 'approved') order by id
            """)
        .params(tenant.value())
        .query((row, n) -> new RequestId(row.getString("id")))
        .list();
  }

  /// Takes reason and name of these requests away, if they have any.
  public void erase(Collection<RequestId> ids, boolean reason, boolean name) {
    jdbc.sql(
            """
            update access_request
               set reason = case when :reason then null else reason end,
                   engineer_name = case when :name then null else engineer_name end
             where tenant_id = :tenant and id = any (:ids)
               and (reason is not null or engineer_name is not null)
            """)
        .param("tenant", tenant.value())
        .param("ids", ids.stream().map(RequestId::value).toArray(String[]::new))
        .param("reason", reason)
        .param("name", name)
        .update();
  }

  /// The requests of which reason, name or exact statements are still there.
  public List<RequestId> named() {
    return jdbc.sql(
            """
            select id from access_request
             where tenant_id = ?
               and (reason is not null or engineer_name is not null
                    or position('"statements"' in limits) > 0)
            """)
        .params(tenant.value())
        .query((row, n) -> new RequestId(row.getString("id")))
        .list();
  }

  /// Keeps a counted approval and what it allows.
  public void approved(RequestId id, long seq, KeyId key, Approval approval) {
    var allowance = approval.allowance();
    jdbc.sql(
            """
            insert into decision (tenant_id, request_id, seq, verdict, approver, key_id, at, level,
                                  not_before, not_after, duration_ms, limits)
            values (?, ?, ?, 'approve', ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .param(tenant.value())
        .param(id.toString())
        .param(seq)
        .param(approval.approver().value())
        .param(key.hex())
        .param(at(approval.at()))
        .param(allowance.level().word())
        .param(at(allowance.window().notBefore()))
        .param(at(allowance.window().notAfter()))
        .param(allowance.duration().toMillis())
        .param(text(allowance.limits()))
        .update();
  }

  /// Keeps a signed denial or revocation.
  public void ruled(
      RequestId id, long seq, String verdict, SubjectId approver, KeyId key, Instant now) {
    jdbc.sql(
            """
            insert into decision (tenant_id, request_id, seq, verdict, approver, key_id, at)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        .params(tenant.value(), id.toString(), seq, verdict, approver.value(), key.hex(), at(now))
        .update();
  }

  /// Which requests a list shows; what is empty does not narrow it. `before` is where the last page
  /// ended.
  public record RequestFilter(
      Optional<TenantId> tenant,
      Optional<SubjectId> engineer,
      Optional<String> state,
      Optional<PageStart> before,
      int limit) {}

  /// The last request of a page.
  public record PageStart(Instant createdAt, String id) {}

  /// Requests, the newest first. The filter is the caller's right to see.
  public static List<StoredRequest> list(JdbcClient jdbc, RequestFilter filter, Instant now) {
    return RequestRows.all(jdbc, page(filter), parameters(filter, now));
  }

  /// An engineer's own and those of their agents, each by an index of its own.
  private static String page(RequestFilter filter) {
    var also = new StringBuilder();
    filter.tenant().ifPresent(_ -> also.append(" and tenant_id = :tenant"));
    filter.state().ifPresent(word -> also.append(" and ").append(StateCondition.condition(word)));
    filter.before().ifPresent(_ -> also.append(" and (created_at, id) < (:beforeTime, :beforeId)"));
    var newest = "order by created_at desc, id desc limit :limit";
    var whose =
        filter.engineer().isEmpty()
            ? List.of("true")
            : List.of(
                "engineer_id = :engineer",
                "engineer_responsible = :engineer and engineer_id <> :engineer");
    return whose.stream()
        .map(own -> "(select * from access_request where " + own + also + " " + newest + ")")
        .collect(Collectors.joining(" union all ", "select * from (", ") r " + newest));
  }

  private static Map<String, @Nullable Object> parameters(RequestFilter filter, Instant now) {
    var parameters = new HashMap<String, @Nullable Object>();
    parameters.put("tenant", filter.tenant().map(TenantId::value).orElse(null));
    parameters.put("engineer", filter.engineer().map(SubjectId::value).orElse(null));
    parameters.put("now", at(now));
    parameters.put("beforeId", filter.before().map(PageStart::id).orElse(null));
    parameters.put(
        "beforeTime", filter.before().map(PageStart::createdAt).map(ColumnValues::at).orElse(null));
    parameters.put("limit", filter.limit());
    return parameters;
  }

  /// The request whose access ended last: of one tenant, of the newest requests of an engineer and
  /// their agents, or of all where both are empty.
  public static Optional<StoredRequest> lastEnded(
      JdbcClient jdbc, Optional<TenantId> tenant, Optional<SubjectId> engineer, Instant now) {
    var filter =
        new RequestFilter(tenant, engineer, Optional.empty(), Optional.empty(), NEWEST_OF_ENGINEER);
    var whose =
        tenant.isPresent()
            ? "access_request where tenant_id = :tenant and"
            : engineer.isPresent() ? "(" + page(filter) + ") own where" : "access_request where";
    var sql =
        """
        select * from %s grant_level is not null and coalesce(ended_at, grant_not_after) <= :now
         order by coalesce(ended_at, grant_not_after) desc limit 1
        """
            .formatted(whose);
    return jdbc.sql(sql)
        .params(parameters(filter, now))
        .query((row, n) -> RequestRows.read(row, List.of()))
        .optional();
  }

  /// Of all tenants, what was denied last.
  public static List<StoredRequest> denied(JdbcClient jdbc, int most) {
    return jdbc.sql(
            """
            select * from access_request
             where state = 'denied' order by decided_at desc, id limit ?
            """)
        .params(most)
        .query((row, n) -> RequestRows.read(row, List.of()))
        .list();
  }

  /// What this person has denied of the tenant's requests since then, the newest first.
  public List<StoredRequest> denied(SubjectId by, Instant since, int most) {
    return jdbc.sql(
            """
            select * from access_request
             where state = 'denied' and decided_at > ? and tenant_id = ? and decided_by = ?
             order by decided_at desc, id limit ?
            """)
        .params(at(since), tenant.value(), by.value(), most)
        .query((row, n) -> RequestRows.read(row, List.of()))
        .list();
  }

  /// How many requests wait for an answer, and how many are in force.
  public record RequestCounts(long pending, long active) {
    public static final RequestCounts NONE = new RequestCounts(0, 0);
  }

  /// The tenant of a request id. Whoever asks still has to pass the check of what they may see.
  public static Optional<TenantId> tenantOf(JdbcClient jdbc, RequestId id) {
    return jdbc.sql("select tenant_id from access_request where id = ?")
        .params(id.value())
        .query((row, n) -> new TenantId(row.getString("tenant_id")))
        .optional();
  }
}
