package org.openlockbox.server.access;

import static org.openlockbox.server.request.ColumnValues.at;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.history.History;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.history.ProvenGrant;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// Takes the statement that an engineer signed to connect, for the gateway to fetch. Checked here
/// as the gateway will check it, so that whoever cannot connect learns why before dialling; passing
/// here opens nothing.
public final class ConnectStatements {
  private static final int MOST_FETCHED = 200;

  private final Store store;
  private final Histories histories;
  private final Conditions conditions;
  private final InstantSource clock;

  public ConnectStatements(
      Store store, Histories histories, Conditions conditions, InstantSource clock) {
    this.store = store;
    this.histories = histories;
    this.conditions = conditions;
    this.clock = clock;
  }

  /// A statement that a gateway will accept now.
  ///
  /// @param level what was granted
  public record AcceptableStatement(
      StoredRequest stored, ConnectStatement statement, Level level) {}

  /// A statement as a gateway fetches it.
  public record FetchedStatement(TenantId tenant, RequestId request, Envelope envelope) {}

  public AcceptableStatement connect(StoredRequest stored, Envelope envelope) {
    var grant = grant(stored);
    return switch (ConnectCheck.verify(grant, envelope, clock.instant())) {
      case ConnectCheck.Invalid(var why) -> throw Problem.refused("connect_statement", why);
      case ConnectCheck.Valid valid -> {
        keep(stored, valid.statement(), envelope);
        yield new AcceptableStatement(stored, valid.statement(), grant.terms().level());
      }
    };
  }

  private ProvenGrant grant(StoredRequest stored) {
    var now = clock.instant();
    var state = EffectiveState.state(stored.request(), now);
    if (state != RequestState.APPROVED) {
      throw refused(stored, state);
    }
    var shown = histories.of(stored.tenant(), stored.id());
    var pin = store.tenants().find(stored.tenant()).orElseThrow(Problem::notFound).pin();
    var check =
        History.check(
            Optional.of(pin),
            stored.tenant(),
            stored.id(),
            shown.logged(),
            shown.checkpoint().note().format(),
            conditions);
    return switch (check) {
      case HistoryCheck.Invalid(var where, var why) ->
          throw Problem.conflict("unproven", where + ": " + why);
      case HistoryCheck.Valid checked -> {
        var grant = checked.grant().orElseThrow(() -> unproven(stored));
        if (!grant.isInForceAt(now)) {
          throw Problem.conflict(
              "not_yet", "the access begins at " + grant.terms().window().notBefore());
        }
        yield grant;
      }
    };
  }

  /// The row says approved, the log does not.
  private static Problem unproven(StoredRequest stored) {
    return Problem.conflict("unproven", "the log holds no grant for " + stored.id());
  }

  private static Problem refused(StoredRequest stored, RequestState state) {
    if (state == RequestState.PENDING) {
      return Problem.conflict("waiting", "waiting for " + stored.tenant())
          .withHint("lockbox request watch " + stored.id());
    }
    var code = state == RequestState.REMOVAL_FAILED ? RequestState.REVOKED : state;
    return RequestSteps.over(code);
  }

  private void keep(StoredRequest stored, ConnectStatement statement, Envelope envelope) {
    var bytes = CanonicalJson.bytes(envelope.toJson());
    store
        .jdbc()
        .sql(
            """
            insert into connect_statement
                   (tenant_id, user_name, request_id, envelope, not_after, received_at)
            values (?, ?, ?, ?, ?, ?)
            on conflict (user_name) do nothing
            """)
        .params(
            stored.tenant().value(),
            statement.user(),
            stored.id().toString(),
            bytes,
            at(statement.window().notAfter()),
            at(clock.instant()))
        .update();
    var kept = fetch(statement.user()).orElseThrow();
    if (!kept.envelope().equals(envelope)) {
      throw Problem.conflict("user_taken", "this user name belongs to another statement");
    }
  }

  /// The statement for this PostgreSQL user name, while it is in force.
  public Optional<FetchedStatement> fetch(String user) {
    return store
        .jdbc()
        .sql(
            """
            select tenant_id, request_id, envelope from connect_statement
             where user_name = ? and not_after > ?
            """)
        .params(user, at(clock.instant()))
        .query(ConnectStatements::fetched)
        .optional();
  }

  /// The statements in force for a tenant's part of a resource, the newest of each request, the
  /// newest first: not more than a gateway looks at. So who connects often hides nobody else.
  public List<FetchedStatement> fetchAll(TenantId tenant, ResourceId resource) {
    return store
        .jdbc()
        .sql(
            """
            select newest.tenant_id, newest.request_id, newest.envelope
              from (select distinct on (made.request_id)
                           made.tenant_id, made.request_id, made.envelope,
                           made.received_at, made.user_name
                      from connect_statement made
                      join access_request asked
                        on asked.tenant_id = made.tenant_id and asked.id = made.request_id
                     where made.tenant_id = ? and asked.resource = ? and made.not_after > ?
                     order by made.request_id, made.received_at desc, made.user_name) newest
             order by newest.received_at desc, newest.user_name
             limit ?
            """)
        .params(tenant.value(), resource.value(), at(clock.instant()), MOST_FETCHED)
        .query(ConnectStatements::fetched)
        .list();
  }

  private static FetchedStatement fetched(ResultSet row, int n) throws SQLException {
    return new FetchedStatement(
        new TenantId(row.getString("tenant_id")),
        new RequestId(row.getString("request_id")),
        Envelope.parse(CanonicalJson.parse(Bytes.of(row.getBytes("envelope")))));
  }
}
