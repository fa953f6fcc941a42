package org.openlockbox.server.access;

import static org.openlockbox.server.request.ColumnValues.at;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.ColumnValues;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tells the requests that [RequestRateLimit] held, one letter for all of one engineer. Whoever
/// deletes the notes writes the letter.
public final class GroupedRequestMails {
  private static final Logger LOG = LoggerFactory.getLogger(GroupedRequestMails.class);

  private final Store store;
  private final RequestNotices notices;
  private final InstantSource clock;

  public GroupedRequestMails(Store store, RequestNotices notices, InstantSource clock) {
    this.store = store;
    this.notices = notices;
    this.clock = clock;
  }

  /// When this request is told with others; empty where it was told already.
  public static Optional<Instant> due(JdbcClient jdbc, TenantId tenant, RequestId request) {
    return jdbc.sql("select due_at from grouped_request where tenant_id = ? and request_id = ?")
        .params(tenant.value(), request.value())
        .query((row, n) -> ColumnValues.instant(row, "due_at"))
        .optional();
  }

  private record GroupDue(TenantId tenant, SubjectId engineer) {}

  public void round() {
    for (var due : due()) {
      try {
        store.transaction().executeWithoutResult(_ -> take(due));
      } catch (RuntimeException broken) {
        LOG.warn("the requests of {} to {} are left", due.engineer, due.tenant, broken);
      }
    }
  }

  private List<GroupDue> due() {
    return store
        .jdbc()
        .sql(
            """
            select distinct tenant_id, engineer_id from grouped_request
             where due_at <= ? limit 100
            """)
        .params(at(clock.instant()))
        .query(
            (row, n) ->
                new GroupDue(
                    new TenantId(row.getString("tenant_id")),
                    new SubjectId(row.getString("engineer_id"))))
        .list();
  }

  private void take(GroupDue due) {
    var ids =
        store
            .jdbc()
            .sql(
                """
                delete from grouped_request where tenant_id = ? and engineer_id = ?
                returning request_id
                """)
            .params(due.tenant.value(), due.engineer.value())
            .query((row, n) -> new RequestId(row.getString("request_id")))
            .list();
    var requests = AccessRequests.of(store.jdbc(), due.tenant);
    var held = new ArrayList<StoredRequest>();
    ids.stream().sorted().forEach(id -> held.add(requests.find(id).orElseThrow()));
    if (held.isEmpty()) {
      return;
    }
    notices.tellTogether(held);
    held.stream()
        .filter(stored -> stored.request() instanceof AccessRequest.Pending)
        .forEach(stored -> Reminders.begin(store, stored, clock.instant()));
  }
}
