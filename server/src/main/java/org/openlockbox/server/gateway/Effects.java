package org.openlockbox.server.gateway;

import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.evidence.ErasedEvent;
import org.openlockbox.core.evidence.KeyringEvent;
import org.openlockbox.core.evidence.RecoveryEvent;
import org.openlockbox.core.evidence.RequestEvent;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.core.evidence.TicketEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.AccessRequests;
import org.openlockbox.server.access.Steps;
import org.openlockbox.server.log.LogBatch;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// What a gateway's entry changes in the rows: sessions open and close, and a role that could not
/// be removed shows on its request until it is gone. Statements change nothing.
public final class Effects {
  private final Store store;
  private final Sessions sessions;
  private final Leases leases;
  private final Steps steps;
  private final SessionNotices notices;

  public Effects(
      Store store, Sessions sessions, Leases leases, Steps steps, SessionNotices notices) {
    this.store = store;
    this.sessions = sessions;
    this.leases = leases;
    this.steps = steps;
    this.notices = notices;
  }

  void apply(Sent sent, LogBatch log, long seq) {
    var tenant = sent.tenant();
    switch (sent.body()) {
      case SessionEvent.Opened opened -> {
        if (!leases.isCurrent(sent.stamp())) {
          throw Problem.conflict(
              "superseded", "only the gateway's current boot, with a lease, opens sessions");
        }
        requireInForce(tenant, opened, log);
        if (sessions.find(tenant, opened.of()).isPresent()) {
          throw Problem.conflict("session_exists", "there is a session " + opened.of());
        }
        sessions.open(tenant, opened, sent.stamp(), seq, log.now());
        notices.tell(tenant, opened.of());
      }
      case SessionEvent.Closed closed -> {
        sessions.close(tenant, closed, log.now());
        notices.tell(tenant, closed.of());
        sessions
            .find(tenant, closed.of())
            .ifPresent(session -> settle(tenant, session.request(), log));
      }
      case SessionEvent.RemovalFailed failed -> {
        sessions.removalFailed(tenant, failed);
        settle(tenant, failed.about(), log);
      }
      case SessionEvent.Statement _, SessionEvent.Outcome _ -> {}
      case SessionEvent.Lost _,
          RequestEvent _,
          KeyringEvent _,
          TicketEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          throw new IllegalStateException("not a gateway's entry: " + sent.body().type().word());
    }
  }

  private void requireInForce(TenantId tenant, SessionEvent.Opened opened, LogBatch log) {
    var stored =
        AccessRequests.of(store.jdbc(), tenant)
            .find(opened.about())
            .orElseThrow(() -> Problem.refused("request", "there is no request " + opened.about()));
    OpeningCheck.fault(stored.request(), opened, sessions.open(tenant, opened.about()), log.now())
        .ifPresent(
            why -> {
              throw Problem.refused("not_in_force", why);
            });
  }

  /// Moves an ended request into or out of "removal failed", as its sessions say.
  private void settle(TenantId tenant, RequestId id, LogBatch log) {
    var requests = AccessRequests.of(store.jdbc(), tenant);
    var stored = requests.find(id).orElseThrow();
    if (!(stored.request() instanceof AccessRequest.Approved approved)) {
      return;
    }
    var leftover = Steps.leftover(store.jdbc(), tenant, id);
    switch (approved.grant()) {
      case Grant.Active _ -> {}
      case Grant.Ended ended when leftover.isPresent() -> {
        requests.move(stored, approved.with(ended.removalFailed(leftover.get(), log.now())));
        steps.tell(requests.find(id).orElseThrow());
      }
      case Grant.Ended _ -> {}
      case Grant.RemovalFailed failed when leftover.isEmpty() -> {
        requests.move(stored, approved.with(failed.removed()));
        steps.tell(requests.find(id).orElseThrow());
      }
      case Grant.RemovalFailed _ -> {}
    }
  }
}
