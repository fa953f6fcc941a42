package org.openlockbox.gateway.session;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.trace.TracedStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's session, from its permit to its last entry, whatever its protocol. It reads top to
/// bottom:
///
/// ```text
///   session-open durable ─▶ login made at the protected service ─▶ dialled ─▶ client let in
///     ─▶ end, once, for one reason: nothing more released ─▶ client told ─▶ login removed
///     ─▶ session-close
/// ```
///
/// A crash after `session-open` leaves an entry without a session (the server writes
/// `session-lost`); after the login is made, one that nobody can use and that the gateway's next
/// start removes.
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final Duration OPEN_WITHIN = Duration.ofSeconds(10);
  private static final Duration HUNG_UP_WITHIN = Duration.ofSeconds(2);
  private static final long LOOK_NANOS = 20_000_000L;

  private final Permit permit;
  private final Client client;
  private final Gate gate;
  private final SessionRecord record;
  private final Traffic traffic;
  private final Deadlines deadlines;
  private final Removal removal;
  private final SessionEnvironment setting;
  private final AtomicReference<@Nullable EndReason> ended = new AtomicReference<>();
  private volatile DeadlineAction.@Nullable EndSession owed;
  private final AtomicBoolean handedOver = new AtomicBoolean();
  private volatile @Nullable Meter meter;
  private final CountDownLatch dialled = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private volatile long lapsedSince;
  private boolean opened;

  Session(Permit permit, Client client, SessionEnvironment setting) {
    this.permit = permit;
    this.client = client;
    this.setting = setting;
    this.gate = setting.gate(permit);
    this.record =
        new SessionRecord(
            setting.queues().of(permit, () -> setting.recorder().access(permit.tenant())),
            setting.shares().of(permit),
            permit.session(),
            setting.random(),
            client::wake,
            setting.traces().session(permit.tenant(), permit.request(), permit.session()));
    this.deadlines =
        new Deadlines(
            permit.end(),
            permit.request(),
            permit.terms().limits(),
            setting.clock().instant(),
            setting.idleInTransaction());
    this.traffic =
        client.traffic(
            new SessionParts(permit, gate, record, setting.memory().of(permit), new TrafficEnd()));
    this.removal = new Removal(permit, record, setting, traffic);
  }

  Permit permit() {
    return permit;
  }

  /// Opens the session on the calling thread and leaves it to its protocol; ends it if that fails.
  void open() {
    traffic.adopt();
    try (TracedStep step = setting.traces().step("opening", permit.tenant(), permit.request())) {
      step.opens(permit.session());
      dial();
      Meter own = setting.budgets().enter(permit, client::wake);
      meter = own;
      traffic.activity().opened(setting.nanoTime().getAsLong());
      traffic.begin(own);
      setting.meters().sessionOpened();
    } catch (CannotOpen e) {
      LOG.warn("session {}: {}", permit.session(), e.getMessage());
      end(opened ? EndReason.REFUSED : EndReason.NOT_OPENED, e.words());
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

  /// The protocol found a reason to end.
  private final class TrafficEnd implements SessionParts.EndSignal {
    @Override
    public void end(EndReason reason, ClientNotice words) {
      Session.this.end(reason, words);
    }

    @Override
    public void failed(Throwable why) {
      Session.this.failed(why);
    }
  }

  /// Opens what [#finish] removes; it waits until this is over, one way or the other.
  private void dial() throws IOException, InterruptedException, CannotOpen {
    try {
      try (TracedStep _ = setting.traces().step("opening record")) {
        recordOpening();
      }
      try (TracedStep _ = setting.traces().step("dial")) {
        traffic.dial();
      }
    } finally {
      dialled.countDown();
    }
  }

  private void recordOpening() throws InterruptedException, CannotOpen {
    if (!record.mayOpen()) {
      throw notRecorded();
    }
    Thread opener = Thread.currentThread();
    PendingEntry open =
        record.open(
            new SessionEvent.Opened(
                permit.session(),
                permit.request(),
                permit.grant().engineer().id(),
                permit.protection().id(),
                permit.protection().protocol(),
                permit.level(),
                permit.envelope(),
                permit.certificate(),
                permit.protection().catalogue(),
                client.address().getHostAddress(),
                TextRules.visible(client.application()),
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

  private CannotOpen notRecorded() {
    return new CannotOpen(
        ClientNotice.of(
            "the opening of this session cannot be recorded, so it is not opened",
            "Try again in a moment" + manyOpen() + "."));
  }

  private String manyOpen() {
    var most = permit.terms().limits().sessions();
    return most.isUnlimited() ? "" : "; " + most + " sessions at once were approved";
  }

  /// Stops what the session runs, if it runs anything. Never waits.
  void cancel() {
    traffic.cancel();
  }

  boolean hasEnded() {
    return ended.get() != null;
  }

  /// Whether it has ended and an operation of it still runs, which its termination did not stop.
  boolean leftAnOperation() {
    return removal.stillRuns();
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
    return deadlines.next(traffic.activity(), now, nanos);
  }

  Traffic traffic() {
    return traffic;
  }

  Gate gate() {
    return gate;
  }

  /// Whether the granted time is over by then.
  boolean endsBy(Instant then) {
    return !then.isBefore(permit.end().at());
  }

  Activity activity() {
    return traffic.activity();
  }

  /// Lets the operation that runs come to its end after the granted time.
  void finish() {
    gate.finish();
    client.wake();
  }

  SessionRecord record() {
    return record;
  }

  void end(EndReason reason) {
    end(reason, reason.words());
  }

  /// Ends the session for the first reason given; later calls do nothing. Returns at once: from
  /// here on nothing is released or sent to the protected service; the rest happens beside.
  void end(EndReason reason, ClientNotice tell) {
    gate.shut(); // also where another thread has just begun to end it and was stopped
    DeadlineAction.EndSession why =
        reason == EndReason.LEASE_LAPSED ? lapsed() : new DeadlineAction.EndSession(reason, tell);
    if (ended.compareAndSet(null, why.reason())) {
      owed = why;
      try {
        traffic.cut();
      } finally {
        takeDown();
      }
    }
  }

  /// Hands the session over to be taken down, once it has ended. [SessionClock] asks again, in case
  /// memory was short at that moment: a role and its backend must not stay for that.
  void takeDown() {
    DeadlineAction.EndSession why = owed;
    if (why != null && handedOver.compareAndSet(false, true)) {
      boolean taken = false;
      try {
        setting.endings().add(() -> leave(why), () -> finish(why.reason()));
        taken = true;
      } finally {
        handedOver.set(taken);
      }
    }
  }

  /// A clock that jumps beyond the end of the granted time voids the lease as well: whoever sees
  /// that first, the time is why the session ends.
  private DeadlineAction.EndSession lapsed() {
    EndReason lapsed = EndReason.LEASE_LAPSED;
    return deadlines
        .over(traffic.activity(), setting.clock().instant())
        .orElseGet(() -> new DeadlineAction.EndSession(lapsed, lapsed.words()));
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
    if (!hungUp.await(HUNG_UP_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.error("the connection of a session is not closed yet");
    }
  }

  private void leave(DeadlineAction.EndSession why) {
    boolean gone = why.reason() == EndReason.CLIENT_LEFT;
    traffic.leave(
        why.reason(), gone ? Optional.empty() : Optional.of(why.tell()), hungUp::countDown);
  }

  /// A session may be ended while its login is being made, so this waits for the dialling, which
  /// has its own time limits: what is made must go. The close is recorded behind the last outcome.
  private void finish(EndReason reason) {
    await(dialled::await);
    try {
      boolean released = removal.remove();
      traffic.hangUp();
      await(traffic::awaitQuiet);
      if (opened) {
        record.close(reason.word(), released);
      }
    } finally {
      leaveRoom(reason);
    }
  }

  /// Others may open sessions in its place.
  private void leaveRoom(EndReason reason) {
    Optional.ofNullable(meter).ifPresent(Meter::leave);
    await(this::hungUp);
    setting.onEnd().accept(this);
    setting.meters().sessionEnded(reason);
    traffic.forgotten();
    LOG.info("session {} of {} ended: {}", permit.session(), permit.request(), reason.word());
  }
}
