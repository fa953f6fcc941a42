package org.openlockbox.server.gateway;

import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestNotices;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.tenant.Store;

/// What a gateway's entry changes in the rows: sessions open and close, and a role that could not
/// be removed is told and shows on its request until it is gone. Statements change nothing.
public final class EntryEffects {
  private final Store store;
  private final SessionRows sessions;
  private final GatewayBoots boots;
  private final RequestNotices requestNotices;
  private final SessionNotices notices;

  public EntryEffects(
      Store store,
      SessionRows sessions,
      GatewayBoots boots,
      RequestNotices requestNotices,
      SessionNotices notices) {
    this.store = store;
    this.sessions = sessions;
    this.boots = boots;
    this.requestNotices = requestNotices;
    this.notices = notices;
  }

  void apply(SubmittedEntry sent, LogBatch log, long seq) {
    var tenant = sent.tenant();
    switch (sent.body()) {
      case SessionEvent.Opened opened -> opened(sent, opened, log, seq);
      case SessionEvent.Closed closed -> closed(sent, closed, log, seq);
      case SessionEvent.RemovalFailed failed -> {
        var before = leftover(tenant, failed.about());
        sessions.removalFailed(tenant, failed);
        settle(tenant, failed.about(), before, log, seq);
      }
      case SessionEvent.Operation _, StreamPart _, SessionEvent.Outcome _ -> {}
      case SessionEvent.Lost _,
          RequestEvent _,
          KeyringEvent _,
          TicketEvent _,
          RecoveryEvent _,
          ErasedEvent _ ->
          throw new IllegalStateException("not a gateway's entry: " + sent.body().type().word());
    }
  }

  private void opened(SubmittedEntry sent, SessionEvent.Opened opened, LogBatch log, long seq) {
    var tenant = sent.tenant();
    var key = GatewayCertificate.parse(opened.certificate()).key().keyId();
    if (!boots.isCurrent(sent.stamp(), key)) {
      throw Problem.conflict(
          "superseded", "only the gateway's current boot, with a lease, opens sessions");
    }
    requireCertified(sent, opened, log);
    requireInForce(tenant, opened, log);
    if (sessions.find(tenant, opened.of()).isPresent()) {
      throw Problem.conflict("session_exists", "there is a session " + opened.of());
    }
    sessions.open(tenant, opened, sent.stamp(), seq, log.now());
    notices.tell(tenant, opened.of());
  }

  private void closed(SubmittedEntry sent, SessionEvent.Closed closed, LogBatch log, long seq) {
    var tenant = sent.tenant();
    sessions.certificate(tenant, closed.of()).ifPresent(opened -> requireSameKey(sent, opened));
    var request = sessions.find(tenant, closed.of()).map(SessionRows.SessionRow::request);
    var before = request.flatMap(id -> leftover(tenant, id));
    sessions.close(tenant, closed, log.now());
    notices.tell(tenant, closed.of());
    request.ifPresent(id -> settle(tenant, id, before, log, seq));
  }

  /// The key of the session's opening closes it, unless this log says that it was revoked.
  private void requireSameKey(SubmittedEntry sent, Envelope certificate) {
    var key = GatewayCertificate.parse(certificate).key();
    SignedByGateway.require(sent, key);
    var gateways = store.tenants().keyring(sent.tenant()).gateways();
    if (gateways.revoked().contains(key.keyId())) {
      throw Problem.conflict("revoked", "the gateway's key was revoked");
    }
  }

  /// What every verifier would refuse of the opening at the time that its entry bears.
  private void requireCertified(SubmittedEntry sent, SessionEvent.Opened opened, LogBatch log) {
    var keyring = store.tenants().keyring(sent.tenant());
    keyring
        .misfit(opened.certificate(), sent.stamp().id(), opened.resource(), log.now())
        .ifPresent(
            why -> {
              throw Problem.refused("certificate", why);
            });
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

  private Optional<String> leftover(TenantId tenant, RequestId id) {
    return RequestSteps.leftover(store.jdbc(), tenant, id);
  }

  /// Tells when the first role of a request's sessions is left over and when the last of them is
  /// gone, whether access goes on or not. An ended request moves into "removal failed" and out of
  /// it with that.
  private void settle(
      TenantId tenant, RequestId id, Optional<String> before, LogBatch log, long seq) {
    var after = leftover(tenant, id);
    var requests = AccessRequests.of(store.jdbc(), tenant);
    var stored = requests.find(id).orElseThrow();
    if (before.isPresent() == after.isPresent()
        || !(stored.request() instanceof AccessRequest.Approved approved)) {
      return;
    }
    switch (approved.grant()) {
      case Grant.Active _ -> {}
      case Grant.Ended ended ->
          after.ifPresent(
              why -> requests.move(stored, approved.with(ended.removalFailed(why, log.now()))));
      case Grant.RemovalFailed failed -> requests.move(stored, approved.with(failed.removed()));
    }
    var settled = requests.find(id).orElseThrow();
    after.ifPresentOrElse(
        why -> requestNotices.tellLeftover(settled, seq, why),
        () -> requestNotices.tellRemoved(settled, seq));
  }
}
