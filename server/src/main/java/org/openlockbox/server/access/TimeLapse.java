package org.openlockbox.server.access;

import static org.openlockbox.server.request.ColumnValues.at;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes down what time has already done: requests that lapsed, grants that expired. Nothing waits
/// for it, because every check compares the time itself. Two servers sweeping at once do no harm:
/// whoever locks a tenant's head second finds the step taken. A request that cannot be moved holds
/// up no other.
public final class TimeLapse {
  private static final Logger LOG = LoggerFactory.getLogger(TimeLapse.class);
  private static final SubjectId CLOCK = new SubjectId("clock");
  private static final int AT_ONCE = 100;

  private final Store store;
  private final RequestSteps steps;
  private final InstantSource clock;

  public TimeLapse(Store store, RequestSteps steps, InstantSource clock) {
    this.store = store;
    this.steps = steps;
    this.clock = clock;
  }

  private record LapseDue(TenantId tenant, RequestId request) {}

  public void round() {
    for (var due : due("state = 'pending' and decide_by <= ? order by decide_by")) {
      take(due, new RequestEvent.Lapsed(due.request));
    }
    for (var due : due("state = 'approved' and grant_not_after <= ? order by grant_not_after")) {
      take(due, new RequestEvent.Ended(due.request, RequestEvent.EndCause.EXPIRED, CLOCK, ""));
    }
  }

  private List<LapseDue> due(String condition) {
    return store
        .jdbc()
        .sql(
            "select tenant_id, id from access_request where %s limit %d"
                .formatted(condition, AT_ONCE))
        .param(at(clock.instant()))
        .query(
            (row, n) ->
                new LapseDue(
                    new TenantId(row.getString("tenant_id")), new RequestId(row.getString("id"))))
        .list();
  }

  private void take(LapseDue due, RequestEvent event) {
    try {
      steps.take(due.tenant, event, Optional.empty());
    } catch (Problem taken) {
      LOG.debug("{} {}: {}", due.tenant, due.request, taken.code());
    } catch (RuntimeException broken) {
      LOG.warn("{} {} is left to the next round", due.tenant, due.request, broken);
    }
  }
}
