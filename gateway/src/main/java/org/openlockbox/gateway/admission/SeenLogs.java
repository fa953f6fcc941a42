package org.openlockbox.gateway.admission;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.ConsistencyProof;
import org.openlockbox.tlog.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this gateway knows of each tenant's log: its pin, from the configuration or from the first
/// genesis that it saw, and the newest checkpoint. A log may only grow from there.
final class SeenLogs {
  private static final Logger LOG = LoggerFactory.getLogger(SeenLogs.class);

  private final Map<TenantId, Hash> pins;
  private final Map<TenantId, Checkpoint> newest = new HashMap<>();

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

  /// Takes note of a checkpoint whose signature has been checked. False if it does not continue the
  /// log that was seen before: then the log was rolled back or forked.
  synchronized boolean grows(
      TenantId tenant,
      Hash genesis,
      Checkpoint now,
      OptionalLong from,
      Optional<List<Hash>> proof) {
    if (!pins.containsKey(tenant)) {
      LOG.warn(
          "no pin is configured for tenant {}; trusting its log on first use, pin {}",
          tenant,
          genesis.hex());
      pins.put(tenant, genesis);
    }
    Checkpoint seen = newest.get(tenant);
    if (seen != null && !continues(seen, now, from, proof)) {
      return false;
    }
    if (seen == null || seen.size() < now.size()) {
      newest.put(tenant, now);
    }
    return true;
  }

  /// `from` is the size that the proof was asked for. Another admission may have moved `seen` on
  /// since; then the proof starts at an older checkpoint of the same, already accepted log, and
  /// only what is not larger than `seen` can be judged: it is asked for again.
  private static boolean continues(
      Checkpoint seen, Checkpoint now, OptionalLong from, Optional<List<Hash>> proof) {
    if (now.size() == seen.size()) {
      return now.root().equals(seen.root());
    }
    if (now.size() < seen.size() || from.isEmpty() || from.getAsLong() != seen.size()) {
      return false;
    }
    return proof
        .map(hashes -> new ConsistencyProof(seen.size(), now.size(), hashes))
        .filter(consistency -> consistency.proves(seen.root(), now.root()))
        .isPresent();
  }
}
