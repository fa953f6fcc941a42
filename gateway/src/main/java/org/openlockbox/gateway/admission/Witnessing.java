package org.openlockbox.gateway.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.openlockbox.core.epoch.WitnessCheck;
import org.openlockbox.core.epoch.WitnessView;
import org.openlockbox.core.history.ProvenGrant;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.thread.LastingRounds;
import org.openlockbox.tlog.Checkpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds sessions to the witnesses that their tenant's signed settings demand: none opens before
/// enough of them have cosigned the decision, and none goes on when the last epoch that they
/// cosigned is older than the tenant allows.
///
/// Asks only about tenants that demand it, every two seconds while they have sessions here. What
/// was witnessed must continue what was known; an answer that cannot be checked, or none, changes
/// nothing, so that time runs out. Once one tenant's log has said that the epoch log of its host
/// goes on under another name, the old one is believed for no tenant any more. Kept in memory:
/// after a start the first answer is believed as far as its signatures and proofs go.
public final class Witnessing implements AutoCloseable {
  /// How long a login waits for the next epoch and its witnesses.
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(Witnessing.class);

  private final ControlPlane controlPlane;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Thread thread;
  private final Map<TenantId, WitnessCheck.Valid> newest = new HashMap<>();
  private final Map<EpochLog, Checkpoint> epochs = new HashMap<>();
  private final Map<String, EpochLog> latest = new HashMap<>();
  private Supplier<Map<TenantId, ProvenGrant>> live = Map::of;
  private volatile boolean closed;

  public Witnessing(ControlPlane controlPlane, InstantSource clock, LongSupplier nanoTime) {
    this.controlPlane = controlPlane;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.thread = Thread.ofPlatform().name("witnessed").daemon().unstarted(this::keep);
  }

  /// Goes on asking about the tenants that have sessions.
  public Witnessing start(Supplier<Map<TenantId, ProvenGrant>> tenants) {
    live = tenants;
    thread.start();
    return this;
  }

  /// Why no session may open under this grant; empty if one may. Waits for the next epoch.
  Optional<Deny> fault(ProvenGrant grant) {
    Settings settings = grant.keyring().settings();
    if (!settings.witness().demands() && !settings.ownWitness().demands()) {
      return Optional.empty();
    }
    long deadline = nanoTime.getAsLong() + PATIENCE.toNanos();
    while (true) {
      if (!(ask(grant, WitnessCheck.LogTip.of(grant.checkpoint()), grant.covered())
          instanceof WitnessCheck.Invalid(String why))) {
        return Optional.empty();
      }
      if (isOver() || nanoTime.getAsLong() - deadline > 0) {
        LOG.warn("{} of {}: {}", grant.request().id(), grant.tenant(), why);
        return Optional.of(Deny.notWitnessed(why));
      }
      LockSupport.parkNanos(RETRY.toNanos());
    }
  }

  /// Whether a session under this grant may go on now.
  public boolean holds(ProvenGrant grant) {
    return !grant.keyring().settings().witness().demands()
        || until(grant.tenant()).isAfter(clock.instant());
  }

  private synchronized Instant until(TenantId tenant) {
    WitnessCheck.Valid known = newest.get(tenant);
    return known == null ? Instant.MIN : known.until();
  }

  private WitnessCheck ask(ProvenGrant grant, WitnessCheck.LogTip tip, long covers) {
    EpochLog log = grant.epochs();
    if (isFormer(log)) {
      return new WitnessCheck.Invalid(
          "the log shown names %s, after which the epoch log went on under another name"
              .formatted(log));
    }
    Optional<Checkpoint> seen = seen(log);
    WitnessView view =
        controlPlane.witnessed(grant.tenant(), tip.size(), seen.map(Checkpoint::size).orElse(0L));
    var known = new WitnessCheck.ReaderState(grant.keyring(), log, tip, seen, covers);
    WitnessCheck check = WitnessCheck.of(known, view, clock.instant());
    if (check instanceof WitnessCheck.Valid holds) {
      take(grant.tenant(), log, holds);
    }
    return check;
  }

  /// Takes note of a later generation.
  private synchronized boolean isFormer(EpochLog log) {
    EpochLog known =
        latest.merge(log.logHost(), log, (a, b) -> a.generation() >= b.generation() ? a : b);
    return !known.equals(log);
  }

  private synchronized Optional<Checkpoint> seen(EpochLog log) {
    return Optional.ofNullable(epochs.get(log));
  }

  /// Several ask at once, and the older answer may come last: the larger log stays.
  private synchronized void take(TenantId tenant, EpochLog log, WitnessCheck.Valid holds) {
    newest.merge(
        tenant, holds, (before, now) -> now.tip().size() >= before.tip().size() ? now : before);
    holds
        .epochs()
        .ifPresent(
            checkpoint -> epochs.merge(log, checkpoint, (a, b) -> a.size() >= b.size() ? a : b));
  }

  /// To be interrupted is to be closed: whoever goes on then no longer pauses.
  private boolean isOver() {
    return closed || Thread.currentThread().isInterrupted();
  }

  private void keep() {
    LastingRounds rounds = new LastingRounds(LOG, "asking what witnesses saw");
    try {
      while (!isOver()) {
        LockSupport.parkNanos(EVERY.toNanos());
        rounds.run(() -> live.get().values().forEach(this::renew));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew(ProvenGrant grant) {
    if (!grant.keyring().settings().witness().demands()) {
      return;
    }
    try {
      if (ask(grant, tip(grant), 0) instanceof WitnessCheck.Invalid(String why)) {
        LOG.warn("sessions of {} go on until {}: {}", grant.tenant(), until(grant.tenant()), why);
      }
    } catch (RuntimeException | Error e) {
      LOG.warn("what witnesses saw of {} is not known: {}", grant.tenant(), e.toString());
    }
  }

  private synchronized WitnessCheck.LogTip tip(ProvenGrant grant) {
    return Optional.ofNullable(newest.get(grant.tenant()))
        .map(WitnessCheck.Valid::tip)
        .orElseGet(() -> WitnessCheck.LogTip.of(grant.checkpoint()));
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
