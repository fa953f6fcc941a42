package org.openlockbox.server.access;

import static org.openlockbox.server.request.ColumnValues.at;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestNotices.Reminder;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.ColumnValues;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reminds of requests that nobody has answered: after a quarter of the time the approvers, after
/// half of it the backup group, after three quarters the administrators and, for the last time, the
/// approvers. Then the request lapses; silence never approves.
///
/// Any server takes a reminder that is due; whoever moves its row on tells it.
public final class Reminders {
  private static final Logger LOG = LoggerFactory.getLogger(Reminders.class);
  private static final int STEPS = 3;
  private static final int AT_ONCE = 100;

  private final Store store;
  private final RequestNotices notices;
  private final InstantSource clock;

  public Reminders(Store store, RequestNotices notices, InstantSource clock) {
    this.store = store;
    this.notices = notices;
    this.clock = clock;
  }

  /// From now on this request, which its approvers have just been told of, is reminded of; inside
  /// the caller's transaction.
  static void begin(Store store, StoredRequest stored, Instant told) {
    store
        .jdbc()
        .sql(
            """
            insert into reminder (tenant_id, request_id, told_at, step, due_at)
            values (?, ?, ?, 1, ?)
            on conflict do nothing
            """)
        .params(
            stored.tenant().value(),
            stored.id().value(),
            at(told),
            at(due(told, stored.submission().decideBy(), 1)))
        .update();
  }

  private static Instant due(Instant told, Instant decideBy, int step) {
    return told.plus(Duration.between(told, decideBy).multipliedBy(step).dividedBy(STEPS + 1));
  }

  private record ReminderDue(TenantId tenant, RequestId request, Instant told, int step) {}

  public void round() {
    for (var due : due()) {
      try {
        store.transaction().executeWithoutResult(_ -> take(due));
      } catch (RuntimeException broken) {
        LOG.warn("the reminder of {} {} is left", due.tenant, due.request, broken);
      }
    }
  }

  private List<ReminderDue> due() {
    return store
        .jdbc()
        .sql(
            """
            select tenant_id, request_id, told_at, step from reminder
             where due_at <= ? order by due_at limit ?
            """)
        .params(at(clock.instant()), AT_ONCE)
        .query(
            (row, n) ->
                new ReminderDue(
                    new TenantId(row.getString("tenant_id")),
                    new RequestId(row.getString("request_id")),
                    ColumnValues.instant(row, "told_at"),
                    row.getInt("step")))
        .list();
  }

  private void take(ReminderDue due) {
    var stored = AccessRequests.of(store.jdbc(), due.tenant).find(due.request).orElseThrow();
    var next = next(due, stored);
    if (moveOn(due, next) && waits(stored)) {
      tell(stored, due.step);
    }
  }

  /// When the step after this one is due; empty if there is none.
  private Optional<Instant> next(ReminderDue due, StoredRequest stored) {
    return waits(stored) && due.step < STEPS
        ? Optional.of(due(due.told, stored.submission().decideBy(), due.step + 1))
        : Optional.empty();
  }

  private boolean waits(StoredRequest stored) {
    return EffectiveState.state(stored.request(), clock.instant()) == RequestState.PENDING;
  }

  private boolean moveOn(ReminderDue due, Optional<Instant> next) {
    var where = "where tenant_id = ? and request_id = ? and step = ?";
    var statement =
        next.isPresent()
            ? store
                .jdbc()
                .sql("update reminder set step = step + 1, due_at = ? " + where)
                .param(at(next.get()))
            : store.jdbc().sql("delete from reminder " + where);
    return statement.param(due.tenant.value()).param(due.request.value()).param(due.step).update()
        == 1;
  }

  private void tell(StoredRequest stored, int step) {
    switch (step) {
      case 1 -> notices.remind(stored, Audience.APPROVERS, Reminder.FIRST);
      case 2 -> notices.remind(stored, Audience.BACKUP, Reminder.BACKUP);
      default -> {
        notices.remind(stored, Audience.ADMINS, Reminder.ADMINS);
        notices.remind(stored, Audience.APPROVERS, Reminder.LAST);
      }
    }
  }
}
