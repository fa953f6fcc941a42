package org.openlockbox.gateway.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.history.ProvenGrant;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.budget.Budgets;
import org.openlockbox.gateway.budget.MemoryShares;
import org.openlockbox.gateway.budget.PerGrant;
import org.openlockbox.gateway.budget.RecordShares;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.controlplane.LeaseTerm;
import org.openlockbox.gateway.controlplane.WatchedLog;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.metrics.GatewayMeters;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.recorder.Recorder;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.trace.GatewayTraces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The live sessions of this gateway, of which [SessionClock] looks after the time. Ends those
/// whose request or session the control plane reports as ended.
public final class LiveSessions implements AutoCloseable {
  /// What a gateway allows in number and time.
  ///
  /// @param hold how long a session may wait for the lease or the log: longer than the control
  ///   plane's database usually takes to fail over, and shorter than the server waits until it
  ///   takes a silent gateway for gone
  /// @param idle how long a transaction may be open without an operation, or without that anything
  ///   of its result is fetched: it holds locks
  /// @param record how many bytes one access may write into the log
  public record SessionLimits(
      int sessions, int perRequest, Duration hold, Duration idle, long record) {
    public static final SessionLimits STANDARD =
        new SessionLimits(
            2_000, 500, Duration.ofSeconds(60), Duration.ofMinutes(10), 10_000_000_000L);

    public SessionLimits withHold(Duration time) {
      return new SessionLimits(sessions, perRequest, time, idle, record);
    }

    public SessionLimits withRecord(long bytes) {
      return new SessionLimits(sessions, perRequest, hold, idle, bytes);
    }
  }

  /// What must hold while a session goes on: the lease, what its tenant demands of witnesses, and
  /// that the protected service still refuses what was not granted.
  public record SessionConditions(
      Supplier<LeaseTerm> lease,
      Predicate<ProvenGrant> witnessed,
      Predicate<Protection> fenceHolds) {
    /// Whether what was permitted so holds apart from the lease.
    boolean hold(Permit permit) {
      return fenceHolds.test(permit.protection()) && witnessed.test(permit.grant());
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);

  /// How long the stopping gateway waits for the next session to go.
  private static final Duration LAST_WITHIN = Duration.ofSeconds(8);

  private static final long LOOK_NANOS = 10_000_000L;

  /// How many operations of an access may run on after their sessions have ended.
  private static final int MOST_LEFT = 4;

  private static final Deny DRAINED =
      new Deny(
          Deny.DenyReason.DRAINING,
          "this gateway takes no new sessions, because it is about to stop",
          "Connect again: another gateway, or this one in a few minutes, lets you in.");

  private static final Deny OPERATIONS_LEFT =
      new Deny(
          Deny.DenyReason.NO_ROOM,
          "%d statements of this access still run in the database after their sessions have ended"
              .formatted(MOST_LEFT),
          "Connect again when they are over, or ask your platform team to stop them.");

  private final SessionLimits limits;
  private final InstantSource clock;
  private final Map<SessionId, Session> live = new ConcurrentHashMap<>();
  private final SessionEnvironment setting;
  private final SessionTeardowns endings = new SessionTeardowns();
  private final SessionClock sessionClock;
  private volatile boolean stopping;
  private volatile boolean leaving;
  private volatile boolean draining;

  /// @param states closed with these sessions
  public LiveSessions(
      ControlPlane controlPlane,
      Recorder recorder,
      SessionConditions conditions,
      SessionLimits limits,
      Clocks clocks,
      SocketStates states,
      SecureRandom random,
      GatewayMeters meters,
      GatewayTraces traces) {
    this.limits = limits;
    this.clock = clocks;
    this.setting =
        new SessionEnvironment(
            recorder,
            new PerGrant<>(clock),
            new Budgets(controlPlane, limits.hold(), clock),
            new RecordShares(limits.record(), clock),
            new MemoryShares(clock),
            conditions,
            clocks,
            random,
            endings,
            limits.idle(),
            this::forget,
            () -> stopping,
            meters,
            traces);
    this.sessionClock = new SessionClock(live.values(), conditions, limits.hold(), clocks, states);
  }

  public LiveSessions start() {
    endings.start();
    sessionClock.start();
    return this;
  }

  /// Opens a session on the calling thread, which must not use the client's connection any more
  /// once this has begun; or tells why there is no room for it.
  public Optional<Deny> open(Permit permit, Client client) {
    if (draining) {
      return Optional.of(DRAINED);
    }
    if (setting.shares().of(permit).isSpent()) {
      ClientNotice spent = EndReason.RECORD_SPENT.words();
      return Optional.of(new Deny(Deny.DenyReason.LIMIT, spent.message(), spent.hint()));
    }
    if (operationsLeft(permit.request()) >= MOST_LEFT) {
      LOG.warn(
          "{}: no session opens while {} statements of ended ones run",
          permit.request(),
          MOST_LEFT);
      return Optional.of(OPERATIONS_LEFT);
    }
    Session session = new Session(permit, client, setting);
    if (!enter(session)) {
      return Optional.of(
          new Deny(Deny.DenyReason.NO_ROOM, "too many sessions", "Close one and connect again."));
    }
    session.open();
    return Optional.empty();
  }

  /// How many sessions of the access have ended and left an operation that does not stop.
  private long operationsLeft(RequestId request) {
    return live.values().stream()
        .filter(each -> each.leftAnOperation() && each.permit().request().equals(request))
        .count();
  }

  /// Counts and adds in one step, so that no number of simultaneous logins gets past a limit.
  private synchronized boolean enter(Session session) {
    RequestId request = session.permit().request();
    long ofRequest =
        live.values().stream().filter(s -> s.permit().request().equals(request)).count();
    long most =
        Math.min(limits.perRequest(), session.permit().terms().limits().sessions().sessions());
    if (stopping || draining || live.size() >= limits.sessions() || ofRequest >= most) {
      return false;
    }
    live.put(session.permit().session(), session);
    return true;
  }

  /// The tenants with live sessions, each with the smallest log size that admitted one.
  public List<WatchedLog> watched() {
    Map<TenantId, Long> sizes = new HashMap<>();
    for (Session session : live.values()) {
      long size = session.permit().grant().checkpoint().size();
      sizes.merge(session.permit().tenant(), size, Math::min);
    }
    return sizes.entrySet().stream().map(e -> new WatchedLog(e.getKey(), e.getValue())).toList();
  }

  /// The tenants with live sessions, each with the grant of one.
  public Map<TenantId, ProvenGrant> grants() {
    Map<TenantId, ProvenGrant> grants = new HashMap<>();
    live.values()
        .forEach(s -> grants.merge(s.permit().tenant(), s.permit().grant(), LiveSessions::newer));
    return grants;
  }

  private static ProvenGrant newer(ProvenGrant one, ProvenGrant other) {
    return one.checkpoint().size() >= other.checkpoint().size() ? one : other;
  }

  /// The permits of the sessions that are open.
  public List<Permit> permits() {
    return live.values().stream().map(Session::permit).toList();
  }

  /// Ends what has ended, before anything else is asked or fetched. A request that has ended by its
  /// time is left to the look at its sessions; a session that was stopped, or whose access was
  /// revoked, ends also then, where an operation still may come to its end.
  public void heed(LeaseAnswer answer) {
    if (answer.ended().isEmpty() && answer.stopped().isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    for (Session session : live.values()) {
      RequestId request = session.permit().request();
      boolean before = now.isBefore(session.permit().terms().window().notAfter());
      if (before && answer.ended().contains(request)) {
        session.end(EndReason.REQUEST_ENDED);
      } else if (answer.stopped().contains(session.permit().session())) {
        session.end(EndReason.STOPPED);
      }
    }
  }

  /// Lets load balancers know that it soon opens none; until [#drain] it still does.
  public void leave() {
    leaving = true;
  }

  /// Opens none from now on, and tells the clients of those that are open; they go on.
  public void drain(ClientNotice notice) {
    synchronized (this) {
      draining = true;
    }
    live.values().forEach(session -> session.traffic().tell(notice.message(), notice.hint()));
  }

  /// Whether none is opened any more although the gateway runs.
  public boolean isDraining() {
    return leaving || draining;
  }

  /// Ends every session that there is now.
  public void endAll(EndReason reason) {
    live.values().forEach(session -> session.end(reason));
  }

  private void forget(Session session) {
    live.remove(session.permit().session());
  }

  public int count() {
    return live.size();
  }

  /// Ends all sessions and waits until they are gone, however many there are: as long as one of
  /// them goes within eight seconds of the one before. What a database that does not answer keeps
  /// is removed by the next start.
  @Override
  public void close() {
    stop();
    endAll(EndReason.GATEWAY_STOPPED);
    int left = live.size();
    long since = System.nanoTime();
    while (left > 0 && System.nanoTime() - since < LAST_WITHIN.toNanos()) {
      LockSupport.parkNanos(LOOK_NANOS);
      if (live.size() < left) {
        left = live.size();
        since = System.nanoTime();
      }
    }
    sessionClock.close();
    endings.close();
  }

  private synchronized void stop() {
    stopping = true;
  }
}
