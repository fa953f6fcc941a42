package org.openlockbox.gateway.session;

import java.time.Duration;

/// When what happened last in a session, as its [Deadlines] need it, by the clock that nobody can
/// set. Written by the session's loop, read by whoever looks after its time.
public final class Activity {
  /// Where the session stands.
  ///
  /// | from | by | to |
  /// |---|---|---|
  /// | `OPENING` | the client is let in | `IDLE` |
  /// | `IDLE`, `IN_TRANSACTION` | the client begins to send data | `COPYING_IN` |
  /// | any but `OPENING` | the service is ready | `IDLE`, or `IN_TRANSACTION` |
  private enum ActivityPhase {
    OPENING,
    IDLE,
    IN_TRANSACTION,

    /// Also when its data has ended, until the service is ready.
    COPYING_IN
  }

  private final OpenOperations work;
  private volatile ActivityPhase phase = ActivityPhase.OPENING;
  private volatile long began;
  private volatile long acted;
  private volatile long heard;
  private volatile long fetched;
  private volatile boolean unfetched;
  private volatile boolean owesRest;
  private volatile boolean leftAlone;
  private long leftAloneUntil;

  public Activity(OpenOperations work) {
    this.work = work;
  }

  /// The client is let in now; until then nobody can be idle.
  public void opened(long nanos) {
    acted = nanos;
    phase = ActivityPhase.IDLE;
  }

  /// Bytes came from the client.
  public void heard(long nanos) {
    heard = nanos;
  }

  /// Nothing is to be expected of this session until then unless it stirs. To be said before what
  /// [#mayBeLeftAlone] says of it, so that no stir is missed.
  public void leaveAlone(long until) {
    leftAloneUntil = until;
    leftAlone = true;
  }

  /// Something of the session may have changed: said at the end of each turn of its loop.
  public void stir() {
    leftAlone = false;
  }

  /// Whether the session is to be left alone still, and has not stirred since.
  public boolean isLeftAlone(long nanos) {
    return leftAlone && nanos - leftAloneUntil < 0;
  }

  /// Whether nothing runs, is open, or waits: without the client nothing begins.
  public boolean mayBeLeftAlone() {
    return phase != ActivityPhase.OPENING && !holdsTransaction() && !owesRest && !unfetched;
  }

  /// The client has taken something of what it asked for.
  public void fetched(long nanos) {
    fetched = nanos;
  }

  /// Whether something waits for the client to take it.
  public void unfetched(boolean now) {
    unfetched = now;
  }

  /// Whether the client still owes the rest of a message.
  public void owesRest(boolean now) {
    owesRest = now;
  }

  /// Something goes to the service that it will answer.
  public void asked(long nanos) {
    if (!work.isUnderWay()) {
      began = nanos;
    }
  }

  /// An operation was sent.
  public void acted(long nanos) {
    acted = nanos;
  }

  /// An operation has ended, so that the next one begins, if there is one.
  public void ended(long nanos) {
    began = nanos;
    acted = nanos;
  }

  /// The service is ready for what comes next.
  public void ready(boolean inTransaction) {
    phase = inTransaction ? ActivityPhase.IN_TRANSACTION : ActivityPhase.IDLE;
  }

  public void copyingIn() {
    phase = ActivityPhase.COPYING_IN;
  }

  boolean isRunning() {
    return work.isUnderWay();
  }

  /// Whether something runs that can come to its end although nothing more passes from the client.
  boolean runsByItself() {
    return phase != ActivityPhase.COPYING_IN && work.runsByItself();
  }

  /// For how long the operation that runs has run, or been kept open by a batch without its end;
  /// zero if there is none.
  Duration runningFor(long nanos) {
    return isRunning() ? Duration.ofNanos(nanos - began) : Duration.ZERO;
  }

  /// For how long there has been no operation, as far as that is the client's doing: also inside a
  /// batch without its end, and while data to be copied does not come. Zero while the service
  /// works.
  Duration idleFor(long nanos) {
    return switch (phase) {
      case OPENING -> Duration.ZERO;
      case COPYING_IN -> Duration.ofNanos(nanos - heard);
      case IDLE, IN_TRANSACTION ->
          work.awaitsClient() ? Duration.ofNanos(nanos - acted) : Duration.ZERO;
    };
  }

  /// For how long the client has taken nothing of what waits for it; an operation whose result
  /// nobody fetches does not end.
  Duration unfetchedFor(long nanos) {
    return unfetched ? Duration.ofNanos(nanos - fetched) : Duration.ZERO;
  }

  /// Whether the session may hold locks.
  boolean holdsTransaction() {
    return switch (phase) {
      case IN_TRANSACTION, COPYING_IN -> true;
      case OPENING, IDLE -> isRunning();
    };
  }

  /// For how long the client has sent nothing more of a message that it began.
  Duration restDueFor(long nanos) {
    return owesRest ? Duration.ofNanos(nanos - heard) : Duration.ZERO;
  }
}
