package org.openlockbox.http.session;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.budget.MemoryLimitExceeded;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.session.Activity;
import org.openlockbox.gateway.session.CallTraffic;
import org.openlockbox.gateway.session.SessionParts;

/// HTTP's half of a session: the client's connections, and the requests that are under way on them.
///
/// | from | by | to |
/// |---|---|---|
/// | `OPENING` | [#begin] | `OPEN` |
/// | `OPENING`, `OPEN` | [#cut] | `OVER` |
///
/// What is under way when it is over is aborted, and its connections are reset: no client takes an
/// answer that was cut for a whole one.
public final class HttpTraffic implements CallTraffic {
  /// How many connections a session has at most, and how many requests under way: one may go on at
  /// a service after its connection has gone.
  public static final int CONNECTIONS = 64;

  private static final long LOOK_MILLIS = 20;

  /// What becomes of a request that wants to begin.
  public enum RequestStart {
    BEGUN,
    OVER,
    NO_ROOM
  }

  private enum TrafficPhase {
    OPENING,
    OPEN,
    OVER
  }

  private final SessionParts parts;
  private final LongSupplier nanoTime;
  private final RequestWaits.SessionWaits waits;
  private final Activity activity = new Activity(this);
  private final Set<EngineerConnection> connections = new HashSet<>();
  private final Set<UnderWay> underWay = new HashSet<>();
  private final Map<UnderWay, Long> offered = new HashMap<>();
  private long held;
  private volatile TrafficPhase phase = TrafficPhase.OPENING;
  private volatile @Nullable Meter meter;
  private @Nullable ClientNotice words;
  private long lastAsked;

  HttpTraffic(SessionParts parts, LongSupplier nanoTime, RequestWaits waits) {
    this.parts = parts;
    this.nanoTime = nanoTime;
    this.waits = waits.session();
    this.lastAsked = nanoTime.getAsLong();
  }

  @Override
  public SessionParts parts() {
    return parts;
  }

  /// What is released costs.
  public Meter meter() {
    Meter own = meter;
    if (own == null) {
      throw new IllegalStateException("the session is not open");
    }
    return own;
  }

  @Override
  public boolean isOpen() {
    return phase == TrafficPhase.OPEN;
  }

  @Override
  public synchronized Optional<ClientNotice> words() {
    return Optional.ofNullable(words);
  }

  /// A request begins on this connection, unless the session is over or has too many of them.
  public synchronized RequestStart enter(UnderWay request, EngineerConnection over) {
    if (phase != TrafficPhase.OPEN) {
      return RequestStart.OVER;
    }
    forgetClosed();
    boolean full = !connections.contains(over) && connections.size() >= CONNECTIONS;
    if (full || underWay.size() >= CONNECTIONS) {
      return RequestStart.NO_ROOM;
    }
    connections.add(over);
    activity.asked(nanoTime.getAsLong());
    underWay.add(request);
    return RequestStart.BEGUN;
  }

  private void forgetClosed() {
    connections.removeIf(each -> !each.isOpen());
  }

  /// A request was answered, or given up.
  public synchronized void leave(UnderWay request) {
    underWay.remove(request);
    lastAsked = nanoTime.getAsLong();
    if (underWay.isEmpty()) {
      activity.ended(lastAsked);
      activity.stir();
    }
    notifyAll();
  }

  /// A piece of this request's answer waits for the client from now on.
  public synchronized void offers(UnderWay request) {
    offered.put(request, nanoTime.getAsLong());
    tellUnfetched();
  }

  /// The client has taken it, or never will.
  public synchronized void fetched(UnderWay request) {
    if (offered.remove(request) != null) {
      tellUnfetched();
    }
  }

  /// Of several answers the one counts that has waited longest.
  private void tellUnfetched() {
    activity.fetched(
        offered.values().stream().min(Comparator.naturalOrder()).orElseGet(nanoTime::getAsLong));
    activity.unfetched(!offered.isEmpty());
  }

  /// Its answers fill so much more of the gateway's memory, or less.
  ///
  /// @throws MemoryLimitExceeded if that is more than the access may; then nothing changes
  public synchronized void holds(long more) {
    try {
      parts.memory().fills(held + more);
      held += more;
    } catch (MemoryLimitExceeded e) {
      parts.memory().fills(held);
      throw e;
    }
  }

  @Override
  public synchronized boolean isIdleFor(Duration time) {
    return phase == TrafficPhase.OPEN
        && underWay.isEmpty()
        && nanoTime.getAsLong() - lastAsked > time.toNanos();
  }

  /// Waits until this holds; false if the session is over before that.
  public boolean await(BooleanSupplier condition) throws InterruptedException {
    return condition.getAsBoolean() || waits.await(condition, this::isOver);
  }

  private boolean isOver() {
    return phase == TrafficPhase.OVER || parts.gate().isShut();
  }

  @Override
  public void wake() {
    waits.wake();
  }

  @Override
  public synchronized void begin(Meter meter) {
    this.meter = meter;
    if (phase == TrafficPhase.OPENING) {
      phase = TrafficPhase.OPEN;
    }
  }

  @Override
  public Activity activity() {
    return activity;
  }

  @Override
  public synchronized void cancel() {
    underWay.forEach(UnderWay::abort);
  }

  @Override
  public synchronized void cut() {
    phase = TrafficPhase.OVER;
    underWay.forEach(UnderWay::abort);
    wake();
  }

  @Override
  public void leave(EndReason reason, Optional<ClientNotice> why, Runnable hungUp) {
    synchronized (this) {
      words = why.orElseGet(reason::words);
    }
    discard();
    hungUp.run();
  }

  @Override
  public synchronized void awaitQuiet() throws InterruptedException {
    while (!underWay.isEmpty()) {
      wait(LOOK_MILLIS);
    }
  }

  @Override
  public void hangUp() {
    cancel();
  }

  @Override
  public synchronized void discard() {
    connections.forEach(EngineerConnection::reset);
    forgetClosed();
  }

  @Override
  public synchronized boolean isUnderWay() {
    return !underWay.isEmpty();
  }

  /// A session with a request at the upstream is not settled: that may have an effect yet.
  @Override
  public synchronized boolean isSettled(SocketStates states) {
    return underWay.isEmpty() && connections.stream().allMatch(each -> each.isSettled(states));
  }
}
