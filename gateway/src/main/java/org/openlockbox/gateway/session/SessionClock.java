package org.openlockbox.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.gateway.clock.ClockReading;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.LeaseTerm;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The clock over the live sessions: ends those whose time is over or that break another limit of
/// time ([Deadlines]), that may not go on for another reason ([LiveSessions.SessionConditions]),
/// and those that have been held for longer than the hold time because the lease lapsed or the
/// record could not be written.
///
/// The [Gate] of each session checks time and conditions by itself before each release; this clock
/// only makes sure that a held session ends. It looks at a session every 50 milliseconds. One that
/// does nothing ([Activity#isLeftAlone]) may be told of its end, be idle, or have spent its record
/// up to a second before that is seen, so that a thousand which do nothing take little from those
/// that work.
final class SessionClock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionClock.class);

  /// How long a client may pause inside a message.
  private static final Duration REST_WITHIN = Duration.ofSeconds(30);

  /// For how long a session that does nothing is not looked at in full.
  private static final Duration ALONE = Duration.ofSeconds(1);

  private static final long TICK_NANOS = 50_000_000L;

  private final Collection<Session> live;
  private final LiveSessions.SessionConditions conditions;
  private final Duration hold;
  private final Clocks clocks;
  private final SocketStates states;
  private final Thread thread;
  private volatile boolean closed;
  private boolean lapsed;

  /// @param live seen as they come and go
  /// @param hold how long a session may wait for the lease or the log
  /// @param states what the kernel holds for slow clients
  SessionClock(
      Collection<Session> live,
      LiveSessions.SessionConditions conditions,
      Duration hold,
      Clocks clocks,
      SocketStates states) {
    this.live = live;
    this.conditions = conditions;
    this.hold = hold;
    this.clocks = clocks;
    this.states = states;
    this.thread = Thread.ofPlatform().name("session-clock").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      try {
        look();
      } catch (RuntimeException | Error e) {
        said(e);
      }
    }
  }

  private void look() {
    ClockReading reading = clocks.read();
    lapsed = !conditions.lease().get().mayRelease(reading);
    Instant now = clocks.instant(reading);
    try {
      live.forEach(session -> lookAlone(session, now, reading.monotonic()));
    } finally {
      discard();
    }
  }

  private static void said(Throwable why) {
    try {
      LOG.error("the look at the sessions failed and is repeated", why);
    } catch (RuntimeException | Error e) {
      // there is no memory even for that, and held sessions must end all the same
    }
  }

  /// What goes wrong with one session is no other's.
  private void lookAlone(Session session, Instant now, long nanos) {
    try {
      session.takeDown();
      lookUnlessLeftAlone(session, now, nanos);
    } catch (RuntimeException | Error e) {
      said(session, e);
    }
  }

  private static void said(Session session, Throwable why) {
    try {
      LOG.error("the look at session {} failed and is repeated", session.permit().session(), why);
    } catch (RuntimeException | Error e) {
      // there is no memory even for that, and the other sessions are looked at all the same
    }
  }

  /// Throws away what was released to sessions whose time is over, and not fetched, or is under way
  /// to the protected service to write; whoever has nothing under way goes on being held, or is
  /// told why the session ended. By now nothing more is released, and a write that is still under
  /// way resets by itself. If the lease was renewed meanwhile, what is under way may be by the new
  /// one, and the session goes on.
  private void discard() {
    for (Session each : live) {
      try {
        each.gate().overdue(clocks.read()).ifPresent(term -> discard(each, term));
      } catch (RuntimeException | Error e) {
        said(each, e); // and no other's
      }
    }
  }

  private void discard(Session session, LeaseTerm term) {
    Gate gate = session.gate();
    gate.over(term);
    if (isSettled(session)) {
      gate.fetched(term);
    } else if (gate.overdue(clocks.read()).filter(term::equals).isPresent()) {
      boolean ended = gate.isShut();
      reset(session);
      gate.fetched(term);
      LOG.info(
          "session {}: {} before its client was known to have fetched everything: its connection is"
              + " reset",
          session.permit().session(),
          ended ? "it had ended" : "its lease lapsed");
    }
  }

  private static void reset(Session session) {
    try {
      session.end(EndReason.LEASE_LAPSED);
    } finally {
      session.traffic().discard();
    }
  }

  /// Who cannot be asked is not.
  private boolean isSettled(Session session) {
    try {
      return session.traffic().isSettled(states);
    } catch (RuntimeException | Error e) {
      said(session, e);
      return false;
    }
  }

  /// Also of a session that is left alone it is seen each time whether its time is over, by a clock
  /// that may have been set, and whether it may go on: whatever breaks ends it, also where it is
  /// mended before the next look.
  private void lookUnlessLeftAlone(Session session, Instant now, long nanos) {
    if (!session.activity().isLeftAlone(nanos)
        || session.endsBy(now)
        || lapsed
        || !conditions.hold(session.permit())) {
      lookAndLeaveAlone(session, now, nanos);
    }
  }

  /// Whatever happens in the session from the start of this look on calls for another.
  private void lookAndLeaveAlone(Session session, Instant now, long nanos) {
    session.activity().leaveAlone(nanos + ALONE.toNanos());
    boolean still = false;
    try {
      still = !session.hasEnded() && look(session, now, nanos);
    } finally {
      if (!still) {
        session.activity().stir();
      }
    }
  }

  /// Whether there was nothing to do, and can be nothing as long as the client does nothing.
  private boolean look(Session session, Instant now, long nanos) {
    switch (session.due(now, nanos)) {
      case DeadlineAction.GoOn() -> {
        return lookAtConditions(session, nanos) && session.activity().mayBeLeftAlone();
      }
      case DeadlineAction.LetFinish() -> {
        session.finish();
        lookAtConditions(session, nanos);
      }
      case DeadlineAction.NotifyClient(String message, String hint) ->
          session.traffic().tell(message, hint);
      case DeadlineAction.CancelOperation(String message, String hint) -> {
        session.traffic().tell(message, hint);
        session.cancel();
      }
      case DeadlineAction.EndSession(EndReason reason, ClientNotice tell) ->
          session.end(reason, tell);
    }
    return false;
  }

  /// Whether the session may go on and is not held.
  private boolean lookAtConditions(Session session, long nanos) {
    if (!conditions.witnessed().test(session.permit().grant())) {
      session.end(EndReason.UNWITNESSED);
    } else if (!conditions.fenceHolds().test(session.permit().protection())) {
      session.end(EndReason.FENCE_DRIFTED);
    } else if (session.record().isSpent()) {
      session.end(EndReason.RECORD_SPENT);
    } else if (session.record().isRefused()) {
      session.end(EndReason.LOG_UNAVAILABLE);
    } else if (session.activity().restDueFor(nanos).compareTo(REST_WITHIN) > 0) {
      session.end(EndReason.CLIENT_LEFT);
    } else if (!lapsed && !session.record().isAwaited()) {
      session.lapsedSince(0);
      return true;
    } else if (session.lapsedSince() == 0) {
      session.lapsedSince(nanos | 1);
    } else if (nanos - session.lapsedSince() > hold.toNanos()) {
      session.end(lapsed ? EndReason.LEASE_LAPSED : EndReason.LOG_UNAVAILABLE);
    }
    return false;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    states.close();
  }
}
