package org.openlockbox.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;

/// The time limits of one session: when it ends, what its operations may take, how long it may be
/// idle, and what its client is told before. Decides, and does nothing; asked every few
/// milliseconds by one thread.
public final class Deadlines {
  private static final List<Duration> WARNINGS =
      List.of(Duration.ofMinutes(5), Duration.ofMinutes(1));

  /// How long a cancelled operation may take to stop before its session is ended.
  static final Duration STOPS_WITHIN = Duration.ofSeconds(5);

  private final Permit.Expiry end;
  private final RequestId request;
  private final Timeout statement;
  private final Timeout idle;
  private final Duration idleInTransaction;
  private final Deque<Duration> warnings = new ArrayDeque<>();
  private boolean cancelled;

  /// @param idleInTransaction how long any session may keep a transaction open without an
  ///   operation, or a result waiting of which it takes nothing
  public Deadlines(
      Permit.Expiry end,
      RequestId request,
      Limits limits,
      Instant now,
      Duration idleInTransaction) {
    this.end = end;
    this.request = request;
    this.statement = limits.statementTimeout();
    this.idle = limits.idleTimeout();
    this.idleInTransaction = idleInTransaction;
    WARNINGS.stream().filter(before -> now.isBefore(end.at().minus(before))).forEach(warnings::add);
  }

  public DeadlineAction next(Activity activity, Instant now, long nanos) {
    if (!now.isBefore(end.at())) {
      return mayFinish(activity, now) ? new DeadlineAction.LetFinish() : over();
    }
    var idleFor = activity.idleFor(nanos);
    if (exceeds(idleFor, idle)) {
      return ended(EndReason.IDLE);
    }
    if (activity.holdsTransaction() && idleFor.compareTo(idleInTransaction) > 0) {
      return ended(EndReason.IDLE_IN_TRANSACTION);
    }
    if (activity.holdsTransaction()
        && activity.unfetchedFor(nanos).compareTo(idleInTransaction) > 0) {
      return ended(EndReason.UNFETCHED);
    }
    var running = statementTimeout(activity.runningFor(nanos));
    return running instanceof DeadlineAction.GoOn ? warning(now) : running;
  }

  /// How the session ends if its time is over, with that of an operation that may finish; whatever
  /// else goes wrong then is no reason of its own.
  public Optional<DeadlineAction.EndSession> over(Activity activity, Instant now) {
    return now.isBefore(end.at()) || mayFinish(activity, now)
        ? Optional.empty()
        : Optional.of(over());
  }

  private boolean mayFinish(Activity activity, Instant now) {
    return activity.runsByItself() && now.isBefore(end.latest());
  }

  private DeadlineAction.EndSession over() {
    if (!end.isOfHours()) {
      return ended(EndReason.EXPIRED);
    }
    return new DeadlineAction.EndSession(
        EndReason.HOURS_OVER,
        ClientNotice.of(EndReason.HOURS_OVER.words().message(), opensAgain()));
  }

  private static DeadlineAction.EndSession ended(EndReason reason) {
    return new DeadlineAction.EndSession(reason, reason.words());
  }

  private static boolean exceeds(Duration length, Timeout timeout) {
    return timeout.after().filter(most -> length.compareTo(most) > 0).isPresent();
  }

  private DeadlineAction statementTimeout(Duration runningFor) {
    if (!exceeds(runningFor, statement)) {
      cancelled = false;
      return new DeadlineAction.GoOn();
    }
    Duration most = statement.after().orElseThrow();
    if (runningFor.compareTo(most.plus(STOPS_WITHIN)) > 0) {
      return ended(EndReason.STATEMENT_TIMEOUT);
    }
    if (cancelled) {
      return new DeadlineAction.GoOn();
    }
    cancelled = true;
    return new DeadlineAction.CancelOperation(
        "the statement is cancelled: it took longer than the %s that were approved".formatted(most),
        "Narrow the statement; more time for each needs an access request with a longer"
            + " --statement-timeout.");
  }

  private DeadlineAction warning(Instant now) {
    Duration before = warnings.peek();
    if (before == null || now.isBefore(end.at().minus(before))) {
      return new DeadlineAction.GoOn();
    }
    warnings.remove();
    return new DeadlineAction.NotifyClient(
        "OpenLockbox: this session ends in %d min, at %s".formatted(before.toMinutes(), end.at()),
        end.isOfHours()
            ? opensAgain()
            : "`lockbox request extend %s --for 30m` asks for more time.".formatted(request));
  }

  private String opensAgain() {
    return end.opensAgain()
        .map(again -> "It is open again at " + again + ".")
        .orElse("It does not open again within a week.");
  }
}
