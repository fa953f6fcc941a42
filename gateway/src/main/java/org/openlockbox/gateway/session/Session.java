package org.openlockbox.gateway.session;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.fence.ResourceSpec;
import org.openlockbox.gateway.fence.SessionRole;
import org.openlockbox.gateway.fence.SessionRoles;
import org.openlockbox.gateway.postgres.CancelKey;
import org.openlockbox.gateway.postgres.ClientLink;
import org.openlockbox.gateway.postgres.PgError;
import org.openlockbox.gateway.postgres.Refused;
import org.openlockbox.gateway.postgres.ServerLink;
import org.openlockbox.gateway.postgres.StartupMessage;
import org.openlockbox.gateway.postgres.WireViolation;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.Budgets.Meter;
import org.openlockbox.gateway.statement.StatementFilters;
import org.openlockbox.tlog.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's session, from its permit to its last entry. It reads top to bottom:
///
/// ```text
///   session-open durable ─▶ role made ─▶ dialled ─▶ client let in, banner ─▶ relay on a loop
///     ─▶ end, once, for one reason: nothing more released ─▶ client told ─▶ backend and role removed
///     ─▶ session-close
/// ```
///
/// A crash after `session-open` leaves an entry without a session (the server writes
/// `session-lost`); after the role is made, a role that nobody can use and that the gateway's next
/// start drops.
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final Duration OPEN_WITHIN = Duration.ofSeconds(10);
  private static final Duration LOOP_WITHIN = Duration.ofSeconds(2);
  private static final long LOOK_NANOS = 20_000_000L;

  private final Permit permit;
  private final StartupMessage startup;
  private final InetAddress address;
  private final SessionContext talk;
  private final Loop loop;
  private final Relay relay;
  private final Deadlines deadlines;
  private final Removal removal;
  private final SessionSetting setting;
  private final CancelKey cancelKey;
  private final AtomicReference<@Nullable EndReason> ended = new AtomicReference<>();
  private volatile @Nullable SessionRole role;
  private volatile @Nullable ServerLink database;
  private volatile @Nullable Meter meter;
  private final CountDownLatch dialled = new CountDownLatch(1);
  private final CountDownLatch quiet = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private volatile long lapsedSince;
  private boolean opened;

  Session(Permit permit, ClientLink link, StartupMessage startup, SessionSetting setting) {
    this.permit = permit;
    this.startup = startup;
    this.address = link.address();
    this.setting = setting;
    this.loop = setting.loops().next();
    Gate gate = setting.gate(permit);
    SessionRecord record =
        new SessionRecord(
            setting.queues().of(permit, () -> setting.recorder().access(permit.tenant())),
            setting.shares().of(permit),
            permit.session(),
            setting.random(),
            loop::wake);
    this.talk =
        new SessionContext(gate, record, permit.level(), judging(), setting.memory().of(permit));
    this.deadlines =
        new Deadlines(
            permit.end(),
            permit.request(),
            permit.terms().limits(),
            setting.clock().instant(),
            setting.idleInTransaction());
    this.removal = new Removal(permit, record, setting);
    this.relay = new Relay(loop, talk, link.line(), setting.nanoTime(), new RelayEnding());
    this.cancelKey = setting.upstream().freshKey(startup.spoken());
  }

  private Filtering judging() {
    StatementFilters judges = setting.judges();
    Level level = permit.level();
    ResourceSpec resource = permit.resource();
    return new Filtering(
        permit.texts(),
        judges.of(
            permit.terms().limits().profile(),
            level,
            resource.relations(level),
            resource.catalogs()),
        judges.longTexts(permit.tenant(), permit.request()),
        loop::wake);
  }

  Permit permit() {
    return permit;
  }

  CancelKey cancelKey() {
    return cancelKey;
  }

  /// Where its client is.
  InetAddress address() {
    return address;
  }

  /// Opens the session on the calling thread and leaves it to its loop; ends it if that fails.
  void open() {
    relay.adopt();
    try {
      ServerLink upstream = dialled();
      Meter own = setting.budgets().enter(permit, loop::wake);
      meter = own;
      talk.activity().opened(setting.nanoTime().getAsLong());
      relay.begin(upstream, own, this::cancelNow, LoginReply.of(permit, cancelKey, upstream));
    } catch (Refused e) {
      end(opened ? EndReason.REFUSED : EndReason.NOT_OPENED, e.error());
    } catch (WireViolation e) {
      end(EndReason.VIOLATION, e.error());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(EndReason.GATEWAY_STOPPED);
    } catch (IOException | RuntimeException | Error e) {
      failed(e);
    }
  }

  private void failed(Throwable why) {
    LOG.error("session {} failed", permit.session(), why);
    end(EndReason.FAILED);
  }

  /// The relay found a reason to end.
  private final class RelayEnding implements Relay.Ending {
    @Override
    public void end(EndReason reason, PgError tell) {
      Session.this.end(reason, tell);
    }

    @Override
    public void failed(Throwable why) {
      Session.this.failed(why);
    }
  }

  /// Opens what [#finish] removes; it waits until this is over, one way or the other.
  private ServerLink dialled() throws IOException, InterruptedException {
    try {
      recordOpening();
      return dial();
    } finally {
      dialled.countDown();
    }
  }

  private void recordOpening() throws InterruptedException {
    if (!talk.record().mayOpen()) {
      throw notRecorded();
    }
    Thread opener = Thread.currentThread();
    PendingEntry open =
        talk.record()
            .open(
                new SessionEvent.Opened(
                    permit.session(),
                    permit.request(),
                    permit.grant().engineer().id(),
                    permit.resource().id(),
                    permit.level(),
                    permit.envelope(),
                    Hash.ofHex(permit.resource().digest()),
                    address.getHostAddress(),
                    startup.settings().getOrDefault("application_name", ""),
                    permit.end().at()),
                () -> LockSupport.unpark(opener));
    opened = true;
    Instant deadline = setting.clock().instant().plus(OPEN_WITHIN);
    while (!open.isDurable()) {
      if (open.isRefused() || hasEnded() || setting.clock().instant().isAfter(deadline)) {
        throw notRecorded();
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  private Refused notRecorded() {
    return new Refused(
        PgError.fatal(
            PgError.CANNOT_CONNECT_NOW,
            "the opening of this session cannot be recorded, so it is not opened",
            "Try again in a moment" + manyOpen() + "."));
  }

  private String manyOpen() {
    var most = permit.terms().limits().sessions();
    return most.isUnlimited() ? "" : "; " + most + " sessions at once were approved";
  }

  private ServerLink dial() throws IOException {
    SessionRole made =
        switch (permit
            .roles()
            .open(
                permit.tenant(),
                permit.level(),
                permit.terms().limits().tables(),
                permit.end().latest(),
                permit.session())) {
          case SessionRoles.Opened.Ready(SessionRole ready) -> ready;
          case SessionRoles.Opened.Failed(String why, var leftover) -> {
            LOG.warn("session {}: {}", permit.session(), why);
            role = leftover.orElse(null);
            throw Upstream.notReachable();
          }
        };
    role = made;
    try {
      ServerLink upstream = setting.upstream().dial(permit, made, startup.settings());
      database = upstream;
      return upstream;
    } catch (Refused e) {
      LOG.warn("session {}: {}", permit.session(), e.getMessage());
      throw e;
    } catch (IOException | RuntimeException e) {
      LOG.warn("session {}: the database let nobody in: {}", permit.session(), e.getMessage());
      throw Upstream.notReachable();
    }
  }

  /// Stops what the session runs, if it runs anything. Never waits; while one cancel is on its way
  /// others are nothing.
  void cancelStatement() {
    loop.execute(this::cancelNow);
  }

  /// On the loop, so that nothing is forwarded between the look at what runs and the hold.
  private void cancelNow() {
    ServerLink upstream = database;
    if (upstream == null || !talk.statements().isUnderWay() || !talk.beginCancel()) {
      return;
    }
    Thread.startVirtualThread(
        () -> {
          try {
            setting.upstream().cancel(permit, upstream.key());
          } catch (IOException | RuntimeException e) {
            LOG.warn("session {}: cancel failed: {}", permit.session(), e.getMessage());
          } finally {
            talk.endCancel();
            loop.wake();
          }
        });
  }

  boolean hasEnded() {
    return ended.get() != null;
  }

  /// Whether it has ended and a statement of it still runs, which its termination did not stop.
  boolean leftAStatement() {
    return removal.awaitsBackend();
  }

  /// How long ago the lease lapsed or a record began to wait, as [SessionClock] keeps it; 0 if
  /// neither.
  long lapsedSince() {
    return lapsedSince;
  }

  void lapsedSince(long nanos) {
    lapsedSince = nanos;
  }

  /// What the time asks of the session now.
  DeadlineAction due(Instant now, long nanos) {
    return deadlines.next(talk.activity(), now, nanos);
  }

  Relay relay() {
    return relay;
  }

  /// Whether the granted time is over by then.
  boolean endsBy(Instant then) {
    return !then.isBefore(permit.end().at());
  }

  Activity activity() {
    return talk.activity();
  }

  /// Lets the statement that runs come to its end after the granted time.
  void finish() {
    talk.gate().finish();
    loop.wake();
  }

  SessionRecord record() {
    return talk.record();
  }

  void end(EndReason reason) {
    end(reason, reason.error());
  }

  /// Ends the session for the first reason given; later calls do nothing. Returns at once: from
  /// here on nothing is released or sent to the database; the rest happens beside.
  void end(EndReason reason, PgError tell) {
    talk.gate().shut(); // also where another thread has just begun to end it and was stopped
    DeadlineAction.Ending why =
        reason == EndReason.LEASE_LAPSED ? lapsed() : new DeadlineAction.Ending(reason, tell);
    if (ended.compareAndSet(null, why.reason())) {
      relay.cutDatabase();
      setting.endings().add(() -> leave(why), () -> finish(why.reason()));
    }
  }

  /// A clock that jumps beyond the end of the granted time voids the lease as well: whoever sees
  /// that first, the time is why the session ends.
  private DeadlineAction.Ending lapsed() {
    EndReason lapsed = EndReason.LEASE_LAPSED;
    return deadlines
        .over(talk.activity(), setting.clock().instant())
        .orElseGet(() -> new DeadlineAction.Ending(lapsed, lapsed.error()));
  }

  private interface Wait {
    void begin() throws InterruptedException;
  }

  private static void await(Wait wait) {
    try {
      wait.begin();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The client has time for its last words.
  private void hungUp() throws InterruptedException {
    if (!hungUp.await(LOOP_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.error("a session's loop is late");
    }
  }

  private void hangUp() {
    ServerLink upstream = database;
    if (upstream != null) {
      relay.closeLater(upstream);
    }
  }

  private void leave(DeadlineAction.Ending why) {
    boolean gone = why.reason() == EndReason.CLIENT_LEFT;
    relay.leave(
        gone ? Optional.empty() : Optional.of(why.tell()), quiet::countDown, hungUp::countDown);
  }

  /// A session may be ended while its role is being made, so this waits for the dialling, which has
  /// its own time limits: what is made must go. The backend is terminated, its statement not
  /// cancelled before: it would go on with the next one of a pipeline. That it has lost its peer it
  /// sees at its next answer alone, and during a statement every two seconds. The close is recorded
  /// behind the last outcome: a loop that stands still keeps its sessions from closing.
  private void finish(EndReason reason) {
    await(dialled::await);
    boolean released = removal.remove(role, this::hangUp);
    hangUp();
    await(() -> loop.await(quiet, LOOP_WITHIN));
    if (opened) {
      talk.record().close(reason.word(), released);
    }
    Optional.ofNullable(meter).ifPresent(Meter::leave);
    await(this::hungUp);
    setting.onEnd().accept(this);
    LOG.info("session {} of {} ended: {}", permit.session(), permit.request(), reason.word());
  }
}
