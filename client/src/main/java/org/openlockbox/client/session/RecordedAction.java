package org.openlockbox.client.session;

import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.budget.Budgets.ChargeResult;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.gateway.session.SessionRecord.RecordedOperation;
import org.openlockbox.tlog.tree.Hash;

/// Proof that an action is in the customer's log, durable, and may go on. Only [AccessSession]
/// makes one, and no answer is released without one: what reads or changes the customer's data
/// takes it as an argument. Safe for many threads.
///
/// | from | by | to |
/// |---|---|---|
/// | `RECORDED` | [#release], the end of [#releaseTo], [#close] | `OVER` |
/// | `RECORDED` | the end of the session, a piece that may not pass | `STOPPED` |
/// | `STOPPED` | [#close], the session's last entry | `OVER` |
///
/// A crash before `OVER` leaves an operation whose outcome nobody knows.
public final class RecordedAction implements RecordResult, AutoCloseable {
  /// Longer than any session may be held.
  private static final Duration HELD = Duration.ofHours(1);

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final OutcomeStatus DONE = new OutcomeStatus("200");
  private static final OutcomeStatus FAILED = new OutcomeStatus("500");
  private static final OutcomeStatus CUT_OFF = new OutcomeStatus("503");
  private static final OutcomeStatus SPENT = new OutcomeStatus("429");

  private enum ActionPhase {
    RECORDED,
    STOPPED,
    OVER
  }

  private final ApplicationTraffic traffic;
  private final RecordedOperation operation;
  private final MessageDigest digest = Hash.begun();
  private final List<Runnable> whenStopped = new ArrayList<>();
  private ActionPhase phase = ActionPhase.RECORDED;
  private OutcomeStatus status = DONE;
  private long shown;
  private long rows;
  private long bytes;

  RecordedAction(ApplicationTraffic traffic, RecordedOperation operation) {
    this.traffic = traffic;
    this.operation = operation;
    digest.update(operation.salt().toArray());
  }

  /// Its number within the session, as in the customer's log.
  public long number() {
    return operation.number();
  }

  /// How it went, as a status of HTTP; 200 unless this is called before the answer is released.
  /// What was cut off or refused meanwhile stays that.
  ///
  /// @throws org.openlockbox.core.canonical.MalformedJson if it is none
  public synchronized void went(int httpStatus) {
    OutcomeStatus said = new OutcomeStatus(Integer.toString(httpStatus));
    if (phase == ActionPhase.RECORDED) {
      status = said;
    }
  }

  /// How many rows or objects the answer shows, where whoever releases it does not know. To be said
  /// before anything of it leaves: later it changes nothing.
  public synchronized void shows(long count) {
    shown = count;
  }

  /// Whether the action may go on now: the access has not ended, and that is known. To be asked
  /// right before a change is made for good, such as the commit of a transaction. Never waits.
  public boolean mayGoOn() {
    return !isStopped() && traffic.parts().gate().in().isOpen();
  }

  /// Releases a whole answer, and ends the action. It is paid for, and waits while the lease is
  /// late. What was released must leave the application at once: nobody looks at it any more. An
  /// answer of more than some kilobytes leaves by [#releaseTo].
  ///
  /// @param count how many rows or objects it shows; an answer that is not empty counts as one
  public ReleaseResult release(Bytes answer, long count) {
    byte[] all = answer.toArray();
    Optional<AccessRefusal> refusal = pass(all, all.length, units(all.length, most(count)));
    refusal.ifPresentOrElse(this::refused, this::end);
    return refusal
        .<ReleaseResult>map(ReleaseResult.WithheldAnswer::new)
        .orElseGet(() -> new ReleaseResult.ReleasedAnswer(answer));
  }

  /// Releases an answer piece by piece. Each piece is paid for and passes the gate by itself,
  /// before it is written and again after that. Closing the stream ends the action.
  ///
  /// @param to where it leaves the application
  /// @param count how many rows or objects it shows; an answer that is not empty counts as one
  public ReleasedStream releaseTo(OutputStream to, long count) {
    return new ReleasedStream(this, to, count);
  }

  /// Calls this when the action must stop, once; at once if it must already. Here the application
  /// stops what it does for the action and closes the engineer's connection. Its thread is one of
  /// its own.
  public void whenStopped(Runnable told) {
    synchronized (this) {
      if (phase == ActionPhase.RECORDED) {
        whenStopped.add(told);
        return;
      }
      if (phase == ActionPhase.OVER) {
        return;
      }
    }
    Thread.startVirtualThread(told);
  }

  /// The larger of this and what was said of the answer.
  synchronized long most(long count) {
    return Math.max(count, shown);
  }

  /// As what an answer of which so much leaves first is counted.
  static long units(int length, long count) {
    return length == 0 ? 0 : Math.max(1, count);
  }

  /// Lets so much pass, or says why not.
  Optional<AccessRefusal> pass(byte[] piece, int length, long count) {
    Optional<AccessRefusal> unpaid = pay(count, length);
    if (unpaid.isPresent()) {
      return unpaid;
    }
    Gate.GatePassage way = traffic.parts().gate().out();
    if (!traffic.await(way::isOpen, HELD) || !taken(way, piece, length, count)) {
      return Optional.of(traffic.over());
    }
    return Optional.empty();
  }

  /// What passes is counted before it leaves: the record never says less than was shown.
  private synchronized boolean taken(Gate.GatePassage way, byte[] piece, int length, long count) {
    if (phase != ActionPhase.RECORDED || !way.isOpen()) {
      return false;
    }
    digest.update(piece, 0, length);
    bytes += length;
    rows += count;
    return true;
  }

  private Optional<AccessRefusal> pay(long count, long length) {
    try {
      ChargeResult charged = traffic.meter().take(count, length);
      while (charged == ChargeResult.ASKED) {
        if (!traffic.isOpen() || isStopped()) {
          return Optional.of(traffic.over());
        }
        traffic.await(() -> false, PAUSE);
        charged = traffic.meter().take(count, length);
      }
      return charged == ChargeResult.TAKEN
          ? Optional.empty()
          : Optional.of(AccessRefusal.spent(traffic.meter().budget()));
    } catch (ControlPlane.NoReply e) {
      return Optional.of(AccessRefusal.unavailable(e.words()));
    }
  }

  /// Whether nothing of its answer is released any more.
  public synchronized boolean isStopped() {
    return phase != ActionPhase.RECORDED;
  }

  /// Whether what has just left may have left too late.
  boolean isLate() {
    return traffic.parts().gate().isOver();
  }

  AccessRefusal over() {
    return traffic.over();
  }

  /// Its session is over: nothing more of its answer passes. Never waits.
  void stop() {
    stop(CUT_OFF);
  }

  /// A piece of its answer may not pass, so no later one does.
  void refused(AccessRefusal why) {
    stop(why.kind() == AccessRefusal.RefusalKind.SPENT ? SPENT : CUT_OFF);
    close();
  }

  private synchronized void stop(OutcomeStatus why) {
    if (phase == ActionPhase.RECORDED) {
      phase = ActionPhase.STOPPED;
      status = why;
      whenStopped.forEach(Thread::startVirtualThread);
      whenStopped.clear();
    }
  }

  /// Its session writes its last entries.
  void cutOff() {
    stop();
    close();
  }

  /// Ends the action. One of which no answer was released in full has failed.
  @Override
  public void close() {
    stop(FAILED);
    end();
  }

  /// Its answer has left in full, or will not any more.
  void end() {
    synchronized (this) {
      if (phase == ActionPhase.OVER) {
        return;
      }
      phase = ActionPhase.OVER;
      var result = new SessionRecord.OperationResult(status.word(), rows, bytes, 0, result());
      traffic.parts().record().cutOff(operation.number(), result);
    }
    traffic.finished(this);
  }

  private Optional<Commitment> result() {
    return bytes == 0 ? Optional.empty() : Optional.of(new Commitment(Hash.of(digest.digest())));
  }
}
