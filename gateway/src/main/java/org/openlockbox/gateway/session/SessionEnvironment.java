package org.openlockbox.gateway.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.budget.Budgets;
import org.openlockbox.gateway.budget.MemoryShares;
import org.openlockbox.gateway.budget.PerGrant;
import org.openlockbox.gateway.budget.RecordShares;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.metrics.GatewayMeters;
import org.openlockbox.gateway.recorder.AccessQueue;
import org.openlockbox.gateway.recorder.Recorder;
import org.openlockbox.gateway.trace.GatewayTraces;

/// What every session of this gateway is given.
///
/// @param queues where each access has its entries wait
/// @param endings makes the thread that ends a session
/// @param idleInTransaction how long a transaction may be open without an operation
/// @param stopping whether the gateway is shutting down
record SessionEnvironment(
    Recorder recorder,
    PerGrant<AccessQueue> queues,
    Budgets budgets,
    RecordShares shares,
    MemoryShares memory,
    LiveSessions.SessionConditions conditions,
    Clocks clocks,
    SecureRandom random,
    SessionTeardowns endings,
    Duration idleInTransaction,
    Consumer<Session> onEnd,
    BooleanSupplier stopping,
    GatewayMeters meters,
    GatewayTraces traces) {
  InstantSource clock() {
    return clocks;
  }

  LongSupplier nanoTime() {
    return clocks::nanoTime;
  }

  Gate gate(Permit permit) {
    return new Gate(conditions.lease(), () -> conditions.hold(permit), clocks, permit.end());
  }

  boolean isStopping() {
    return stopping.getAsBoolean();
  }
}
