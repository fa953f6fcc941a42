package org.openlockbox.server.gateway;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.DatabaseOutage;
import org.openlockbox.server.log.entry.SessionTotals;
import org.openlockbox.server.problem.Outage;
import org.openlockbox.server.problem.RepeatedFailure;
import org.openlockbox.server.tenant.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Marks open sessions lost whose gateway's boot is gone, and puts on record that they are.
final class LostSessions {
  private static final Logger LOG = LoggerFactory.getLogger(LostSessions.class);

  private final RepeatedFailure failure = new RepeatedFailure(LOG);
  private final Store store;
  private final SessionRows sessions;
  private final SessionNotices notices;

  LostSessions(Store store, SessionRows sessions, SessionNotices notices) {
    this.store = store;
    this.sessions = sessions;
    this.notices = notices;
  }

  private record Orphan(
      TenantId tenant, SessionId session, RequestId request, String gateway, long opened) {}

  /// Writes down what became of all of them, as far as their logs can be written.
  void loseSessionsOfGoneBoots() {
    var orphans =
        store
            .jdbc()
            .sql(
                """
                select s.tenant_id, s.id, s.request_id, s.gateway, s.log_index
                  from session s
                  join gateway_boot b on b.gateway = s.gateway and b.boot = s.boot
                 where s.state = 'open' and b.gone_at is not null
                 order by s.opened_at limit 1000
                """)
            .query(
                (row, n) ->
                    new Orphan(
                        new TenantId(row.getString("tenant_id")),
                        new SessionId(row.getString("id")),
                        new RequestId(row.getString("request_id")),
                        row.getString("gateway"),
                        row.getLong("log_index")))
            .list();
    loseEach(orphans);
  }

  /// One that cannot be marked lost keeps none of another tenant from it, while the database
  /// answers.
  private void loseEach(List<Orphan> orphans) {
    var failed = new HashSet<TenantId>();
    for (var orphan : orphans) {
      if (failed.contains(orphan.tenant)) {
        continue;
      }
      try {
        lose(orphan);
      } catch (RuntimeException e) {
        if (Outage.isOne(e)) {
          if (!DatabaseOutage.isOver(store.jdbc())) {
            throw e;
          }
          failed.add(orphan.tenant); // each more of it may take as long
        }
        failure.tell(
            "session %s of %s cannot be marked lost".formatted(orphan.session, orphan.tenant), e);
      }
    }
  }

  /// Reads what there is of the session before it locks the log, and then only what came since.
  private void lose(Orphan orphan) {
    var reason = "gateway %s is gone".formatted(orphan.gateway);
    var totals =
        new SessionTotals(
            store.reader(), orphan.tenant, orphan.request, orphan.session, orphan.opened);
    totals.readOn();
    store.within(
        () -> {
          var batch = store.logs().lock(orphan.tenant);
          totals.readOn();
          if (sessions.lose(orphan.tenant, orphan.session, reason, totals, batch.now())) {
            batch.append(
                orphan.tenant,
                new SessionEvent.Lost(orphan.session, reason),
                Optional.empty(),
                Optional.of(orphan.request));
            store.logs().writeSigned(batch);
            notices.tell(orphan.tenant, orphan.session);
          }
          return orphan;
        });
  }
}
