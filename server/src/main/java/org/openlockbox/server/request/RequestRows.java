package org.openlockbox.server.request;

import static org.openlockbox.server.request.ColumnValues.instant;
import static org.openlockbox.server.request.ColumnValues.limits;
import static org.openlockbox.server.request.ColumnValues.optionalInstant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.operation.FactsJson;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.EngineerName;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads rows of `access_request` back into the machine's own types.
final class RequestRows {
  private RequestRows() {}

  /// What a query finds, in its order. Approvals are read before the requests.
  static List<StoredRequest> all(
      JdbcClient jdbc, String sql, Map<String, @Nullable Object> parameters) {
    var approvals = new HashMap<String, List<Approval>>();
    jdbc.sql(
            """
            select d.request_id, d.approver, d.key_id, d.at, d.level, d.not_before, d.not_after,
                   d.duration_ms, d.limits
              from (%s) r
              join decision d
                on d.tenant_id = r.tenant_id and d.request_id = r.id and d.verdict = 'approve'
             order by d.seq
            """
                .formatted(sql))
        .params(parameters)
        .query(
            row -> {
              approvals
                  .computeIfAbsent(row.getString("request_id"), _ -> new ArrayList<>())
                  .add(approval(row));
            });
    return jdbc.sql(sql)
        .params(parameters)
        .query((row, n) -> read(row, approvals.getOrDefault(row.getString("id"), List.of())))
        .list();
  }

  /// Throws a [Problem] if the row is not one that this server wrote.
  static StoredRequest read(ResultSet row, List<Approval> approvals) throws SQLException {
    try {
      return parsed(row, approvals);
    } catch (RuntimeException e) {
      throw damaged(row.getString("id"), e);
    }
  }

  /// One counted approval; throws a [Problem] as [#read] does.
  static Approval approval(ResultSet row) throws SQLException {
    try {
      return new Approval(
          new SubjectId(row.getString("approver")),
          KeyId.parse(row.getString("key_id")),
          new Allowance(
              Level.parse(row.getString("level")),
              new Window(instant(row, "not_before"), instant(row, "not_after")),
              Duration.ofMillis(row.getLong("duration_ms")),
              limits(row, "limits")),
          instant(row, "at"));
    } catch (RuntimeException e) {
      throw damaged(row.getString("request_id"), e);
    }
  }

  private static Problem damaged(String request, RuntimeException why) {
    return Problem.damaged(
        "what is stored of request %s was not written by this server: %s".formatted(request, why));
  }

  private static StoredRequest parsed(ResultSet row, List<Approval> approvals) throws SQLException {
    return new StoredRequest(
        request(row, approvals),
        Optional.ofNullable(row.getString("reason")).map(Reason::new),
        Optional.ofNullable(row.getString("engineer_name")).map(EngineerName::new),
        new RecordedRuling(
            row.getLong("rule_entry"),
            new RuleId(row.getString("rule_id")),
            row.getString("rule_says")),
        row.getLong("version"),
        instant(row, "created_at"),
        row.getLong("log_index"),
        Hash.ofHex(row.getString("entry_sha256")));
  }

  private static AccessRequest request(ResultSet row, List<Approval> approvals)
      throws SQLException {
    var submission = submission(row);
    return switch (RequestState.parse(row.getString("state"))) {
      case PENDING -> new AccessRequest.Pending(submission, review(row), approvals);
      case DENIED ->
          new AccessRequest.Denied(
              submission,
              new SubjectId(row.getString("decided_by")),
              AccessRequest.Party.valueOf(row.getString("decided_side").toUpperCase(Locale.ROOT)),
              Objects.requireNonNullElse(row.getString("comment"), ""),
              instant(row, "decided_at"));
      case WITHDRAWN ->
          new AccessRequest.Withdrawn(
              submission, new SubjectId(row.getString("decided_by")), instant(row, "decided_at"));
      case LAPSED -> new AccessRequest.Lapsed(submission);
      case APPROVED, COMPLETED, EXPIRED, REVOKED, REMOVAL_FAILED ->
          new AccessRequest.Approved(
              submission, review(row), approvals, instant(row, "decided_at"), grant(row));
    };
  }

  private static Submission submission(ResultSet row) throws SQLException {
    var terms =
        new Terms(
            new ResourceId(row.getString("resource")),
            Level.parse(row.getString("level")),
            optionalInstant(row, "not_before"),
            Duration.ofMillis(row.getLong("duration_ms")),
            limits(row, "limits"));
    return new Submission(
        new RequestId(row.getString("id")),
        new TenantId(row.getString("tenant_id")),
        engineer(row),
        Purpose.parse(row.getString("purpose")),
        row.getString("ticket"),
        terms,
        Optional.ofNullable(row.getString("extends")).map(RequestId::new),
        row.getBoolean("provider_review"),
        Assurance.parse(row.getString("assurance")),
        instant(row, "decide_by"),
        row.getInt("quorum"));
  }

  private static Engineer engineer(ResultSet row) throws SQLException {
    return new Engineer(
        new SubjectId(row.getString("engineer_id")),
        new EngineerFacts(
            Optional.ofNullable(row.getString("engineer_country")),
            Optional.ofNullable(row.getString("engineer_employer")),
            Optional.ofNullable(row.getString("engineer_kind")).map(Engineer.EngineerKind::parse),
            Optional.ofNullable(row.getString("engineer_responsible")).map(SubjectId::new),
            FactsJson.sources(
                Fields.of(
                    CanonicalJson.parse(Bytes.ofUtf8(row.getString("engineer_sources"))),
                    "sources of facts"))),
        VerifyingKey.parse(CanonicalJson.parse(Bytes.ofUtf8(row.getString("engineer_key")))));
  }

  private static Review review(ResultSet row) throws SQLException {
    if (!row.getBoolean("provider_review")) {
      return new Review.NotNeeded();
    }
    var by = row.getString("reviewed_by");
    return by == null
        ? new Review.Needed()
        : new Review.Passed(new SubjectId(by), instant(row, "reviewed_at"));
  }

  private static Grant grant(ResultSet row) throws SQLException {
    var terms =
        new GrantTerms(
            Level.parse(row.getString("grant_level")),
            new Window(instant(row, "grant_not_before"), instant(row, "grant_not_after")),
            limits(row, "grant_limits"));
    if (row.getString("ended_as") == null) {
      return new Grant.Active(terms);
    }
    var ended = ended(row, terms);
    var why = row.getString("removal_why");
    return why == null ? ended : ended.removalFailed(why, instant(row, "removal_since"));
  }

  private static Grant.Ended ended(ResultSet row, GrantTerms terms) throws SQLException {
    Instant at = instant(row, "ended_at");
    return switch (RequestState.parse(row.getString("ended_as"))) {
      case COMPLETED -> new Grant.Completed(terms, new SubjectId(row.getString("ended_by")), at);
      case EXPIRED -> new Grant.Expired(terms);
      case REVOKED ->
          new Grant.Revoked(
              terms, new SubjectId(row.getString("ended_by")), row.getBoolean("ended_signed"), at);
      case PENDING, APPROVED, DENIED, WITHDRAWN, LAPSED, REMOVAL_FAILED ->
          throw new IllegalStateException("not the end of a grant: " + row.getString("ended_as"));
    };
  }
}
