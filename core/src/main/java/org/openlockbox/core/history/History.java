package org.openlockbox.core.history;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.ProvenLog;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.tree.Hash;

/// The one check of who may do what: the server makes it before it stores, the gateway before it
/// opens a session, the offline verifier when the customer runs it. Pure.
///
/// In this order: entry 0 is the pinned genesis, signed by every founding key → the checkpoint is
/// signed by both log keys that genesis names, for exactly this origin → each entry is in that tree
/// at exactly its index → each keyring change is signed by the quorum of its time → the request
/// asks for the quorum in force → each decision is bound to the bytes of the request's entry,
/// signed by a key in force at its index, not wider than asked, by nobody on the requester's side,
/// in time, by those whom the policy in force asks → what was approved without asking is what that
/// policy gives, evaluated again → the end, if there is one.
///
/// What it cannot see: entries that were withheld. A caller who keeps the last checkpoint demands a
/// consistency proof from there.
public final class History {
  private History() {}

  /// Checks the authority for one request. `entries`: genesis, every keyring entry, those about the
  /// request's ticket, the request, and each review, ruling, decision, revocation, withdrawal,
  /// lapse and end of it, in log order; nothing else. Without a pin the genesis is trusted because
  /// it is there, which the caller must say aloud.
  public static HistoryCheck check(
      Optional<Hash> pin,
      TenantId tenant,
      RequestId request,
      List<LoggedEntry> entries,
      String checkpoint,
      Conditions conditions) {
    try {
      var log = ProvenLog.open(pin, tenant, entries, checkpoint);
      var tickets = new Tickets();
      var replay = new Replay(request, conditions, tickets);
      for (var proven : log.entries()) {
        switch (proven.entry().body()) {
          case KeyringEvent _ -> replay.take(proven);
          case TicketEvent _ -> tickets.take(proven);
          case RecoveryEvent _ -> {}
          case RequestEvent event -> replay.take(proven, event);
          case SessionEvent _, ErasedEvent _ ->
              throw Unproven.at(
                  proven.seq(), proven.entry().type().word() + " is no part of a history");
        }
      }
      return replay
          .standing()
          .<HistoryCheck>map(standing -> new HistoryCheck.Valid(log, standing))
          .orElseGet(() -> new HistoryCheck.Invalid("request", "there is no entry of " + request));
    } catch (Unproven e) {
      return new HistoryCheck.Invalid(e.where(), e.why());
    }
  }

  /// As [#check(Optional, TenantId, RequestId, List, String, Conditions)], where no condition of a
  /// rule can be evaluated: a history that depends on one does not hold.
  public static HistoryCheck check(
      Optional<Hash> pin,
      TenantId tenant,
      RequestId request,
      List<LoggedEntry> entries,
      String checkpoint) {
    return check(pin, tenant, request, entries, checkpoint, Conditions.NONE);
  }
}
