package org.openlockbox.server.access;

import java.util.List;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.core.session.ClosingRecord.Objects.TableUse;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.RequestClosing;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.tenant.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Mails the tenant the closing record of each request that has ended, once none of its sessions is
/// open. Noted in the transaction that ended it; taken up by any server, by one at a time, and the
/// note goes in the transaction that puts the letter into the outbox.
public final class ClosingRecordMails {
  private static final Logger LOG = LoggerFactory.getLogger(ClosingRecordMails.class);

  private static final String DUE =
      """
      select d.tenant_id, d.request_id from closing_due d
       where not exists (
             select 1 from session s
              where s.tenant_id = d.tenant_id and s.request_id = d.request_id and s.state = 'open')
       limit 500
      """;

  private final Store store;
  private final RequestNotices notices;

  public ClosingRecordMails(Store store, RequestNotices notices) {
    this.store = store;
    this.notices = notices;
  }

  private record ClosingRecordDue(TenantId tenant, RequestId request) {}

  /// Notes that this request has ended; in the transaction that ends it.
  static void due(JdbcClient jdbc, TenantId tenant, RequestId request) {
    jdbc.sql("insert into closing_due (tenant_id, request_id) values (?, ?)")
        .params(tenant.value(), request.value())
        .update();
  }

  /// Puts the letters that are due into the outbox. One that cannot be written holds up no other.
  public void round() {
    for (var due : due()) {
      try {
        store.transaction().executeWithoutResult(_ -> take(due));
      } catch (RuntimeException broken) {
        LOG.warn("the closing record of {} {} is left", due.tenant, due.request, broken);
      }
    }
  }

  private List<ClosingRecordDue> due() {
    return store
        .jdbc()
        .sql(DUE)
        .query(
            (row, n) ->
                new ClosingRecordDue(
                    new TenantId(row.getString("tenant_id")),
                    new RequestId(row.getString("request_id"))))
        .list();
  }

  /// Whoever deletes the note writes the letter.
  private void take(ClosingRecordDue due) {
    int taken =
        store
            .jdbc()
            .sql("delete from closing_due where tenant_id = ? and request_id = ?")
            .params(due.tenant.value(), due.request.value())
            .update();
    if (taken == 1) {
      tell(due);
    }
  }

  private void tell(ClosingRecordDue due) {
    var stored = AccessRequests.of(store.jdbc(), due.tenant).find(due.request).orElseThrow();
    var closing = new RequestClosing(store.reader(), store.texts(), due.tenant, due.request);
    closing.upTo(store.reader().size(due.tenant) - 1);
    closing
        .record()
        .ifPresent(
            record -> {
              keep(record);
              notices.tell(stored, record);
            });
  }

  /// Keeps what requests are searched by.
  private void keep(ClosingRecord record) {
    store
        .jdbc()
        .sql(
            """
            insert into request_closing (tenant_id, request_id, tables, refused, failed)
            values (?, ?, ?, ?, ?)
            on conflict (tenant_id, request_id)
              do update set tables = excluded.tables, refused = excluded.refused,
                            failed = excluded.failed
            """)
        .param(record.submission().tenant().value())
        .param(record.request().value())
        .param(record.objects().tables().stream().map(TableUse::name).toArray(String[]::new))
        .param(record.totals().refused())
        .param(Math.max(record.totals().failed(), record.totals().refused()))
        .update();
  }
}
