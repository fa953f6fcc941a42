package org.openlockbox.gateway.admission;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.evidence.HistoryCheck;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.ConsistencyProof;
import org.openlockbox.tlog.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this gateway remembers of each tenant's log since it started: its pin, from the
/// configuration or from the first genesis that it saw, the newest checkpoint, the newest keyring,
/// and which requests were over. A log may only grow from there; a keyring change or an end that
/// was seen once cannot be held back again.
final class SeenLogs {
  private static final Logger LOG = LoggerFactory.getLogger(SeenLogs.class);

  private final Map<TenantId, Hash> pins;
  private final Map<TenantId, Checkpoint> newest = new HashMap<>();
  private final Map<TenantId, Keyring> keyrings = new HashMap<>();
  private final Map<TenantId, Set<RequestId>> over = new HashMap<>();

  SeenLogs(Map<TenantId, Hash> configured) {
    this.pins = new HashMap<>(configured);
  }

  synchronized Optional<Hash> pin(TenantId tenant) {
    return Optional.ofNullable(pins.get(tenant));
  }

  synchronized OptionalLong size(TenantId tenant) {
    Checkpoint seen = newest.get(tenant);
    return seen == null ? OptionalLong.empty() : OptionalLong.of(seen.size());
  }

  /// How a history stands to what was seen before.
  enum Continuation {
    /// It continues it.
    CONTINUES,
    /// It does not: the log was rolled back or forked, or something was left out that has been
    /// shown already.
    CONTRADICTS,
    /// Another admission has seen more since this was asked for, and the proof leads from what was
    /// seen then: nothing can be said before it is asked for again.
    OVERTAKEN
  }

  /// Takes note of a checked history that continues what was seen before.
  ///
  /// @param from the size from which the consistency proof leads, if one was asked for
  synchronized Continuation take(
      TenantId tenant,
      HistoryCheck.Checked history,
      OptionalLong from,
      Optional<List<Hash>> proof) {
    Keyring keyring = history.keyring();
    trustOnFirstUse(tenant, keyring.pin());
    Checkpoint seen = newest.get(tenant);
    if (seen != null) {
      Continuation log = continuation(seen, history.checkpoint(), from, proof);
      if (log != Continuation.CONTINUES) {
        return log;
      }
    }
    if (!continues(keyrings.getOrDefault(tenant, keyring), keyring) || isRevived(tenant, history)) {
      return Continuation.CONTRADICTS;
    }
    if (seen == null || seen.size() < history.checkpoint().size()) {
      newest.put(tenant, history.checkpoint());
    }
    keyrings.put(tenant, keyring);
    if (isOver(history.request())) {
      over.computeIfAbsent(tenant, t -> new HashSet<>()).add(history.submission().id());
    }
    return Continuation.CONTINUES;
  }

  private void trustOnFirstUse(TenantId tenant, Hash pin) {
    if (pins.putIfAbsent(tenant, pin) == null) {
      LOG.warn(
          "no pin is configured for tenant {}; trusting its log on first use, pin {}",
          tenant,
          pin.hex());
    }
  }

  /// Each keyring entry names the one before it, so a keyring that reaches as far as the one seen
  /// before, and had the same newest entry there, has everything in between.
  private static boolean continues(Keyring seen, Keyring now) {
    return now.since() >= seen.since() && now.at(seen.since()).last().equals(seen.last());
  }

  private boolean isRevived(TenantId tenant, HistoryCheck.Checked history) {
    return over.getOrDefault(tenant, Set.of()).contains(history.submission().id())
        && !isOver(history.request());
  }

  private static boolean isOver(AccessRequest request) {
    return switch (request) {
      case AccessRequest.Pending ignored -> false;
      case AccessRequest.Approved approved -> !(approved.grant() instanceof Grant.Active);
      case AccessRequest.Denied ignored -> true;
      case AccessRequest.Withdrawn ignored -> true;
      case AccessRequest.Lapsed ignored -> true;
    };
  }

  private static Continuation continuation(
      Checkpoint seen, Checkpoint now, OptionalLong from, Optional<List<Hash>> proof) {
    if (now.size() == seen.size()) {
      return now.root().equals(seen.root()) ? Continuation.CONTINUES : Continuation.CONTRADICTS;
    }
    if (from.isEmpty() || from.getAsLong() != seen.size()) {
      return Continuation.OVERTAKEN;
    }
    return proof
            .map(hashes -> new ConsistencyProof(seen.size(), now.size(), hashes))
            .filter(consistency -> consistency.proves(seen.root(), now.root()))
            .isPresent()
        ? Continuation.CONTINUES
        : Continuation.CONTRADICTS;
  }
}
