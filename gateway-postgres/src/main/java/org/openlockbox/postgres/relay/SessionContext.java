package org.openlockbox.postgres.relay;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.budget.MemoryShares;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.session.Activity;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.batch.AsyncFilter;
import org.openlockbox.postgres.batch.PreparedStatements;
import org.openlockbox.postgres.fence.WriteHints;

/// What the two directions of one session share: the gate, the record, the names of the extended
/// protocol, and which way data is copied.
public final class SessionContext {
  private final Gate gate;
  private final SessionRecord record;
  private final PreparedStatements statements = new PreparedStatements();
  private final Level level;
  private final WriteHints hints;
  private final Activity activity = new Activity(statements);
  private final AsyncFilter judging;
  private final MemoryShares.MemoryShare memory;
  private CopyPhase copying = CopyPhase.NONE;
  private boolean answersWait;
  private final AtomicBoolean cancelling = new AtomicBoolean();

  public SessionContext(
      Gate gate,
      SessionRecord record,
      Level level,
      WriteHints hints,
      AsyncFilter judging,
      MemoryShares.MemoryShare memory) {
    this.gate = gate;
    this.record = record;
    this.level = level;
    this.hints = hints;
    this.judging = judging;
    this.memory = memory;
  }

  public Gate gate() {
    return gate;
  }

  SessionRecord record() {
    return record;
  }

  public PreparedStatements statements() {
    return statements;
  }

  AsyncFilter judging() {
    return judging;
  }

  MemoryShares.MemoryShare memory() {
    return memory;
  }

  Level level() {
    return level;
  }

  /// The next step after the database has refused a write.
  WriteHints hints() {
    return hints;
  }

  boolean mayWrite() {
    return level == Level.WRITE;
  }

  /// Whoever can write must not do so before it is recorded.
  boolean holdsBeforeForward() {
    return mayWrite();
  }

  /// The database's error texts are withheld where the level masks values.
  boolean withholdsErrorTexts() {
    return level == Level.MASKED || level == Level.METADATA;
  }

  public Activity activity() {
    return activity;
  }

  /// A cancel goes to the database; false if one is on its way already. Until it has arrived
  /// nothing more is forwarded, because it would stop whatever it finds.
  public boolean beginCancel() {
    return cancelling.compareAndSet(false, true);
  }

  public void endCancel() {
    cancelling.set(false);
  }

  boolean isCancelling() {
    return cancelling.get();
  }

  /// Whether anything that the database has said has still to go out, as the loop has left it.
  boolean answersWait() {
    return answersWait;
  }

  void answersWait(boolean now) {
    answersWait = now;
  }

  CopyPhase copying() {
    return copying;
  }

  void copyOutStarted() {
    copying = copying.beginOut();
  }

  void copyInStarted() {
    copying = copying.beginIn();
    activity.copyingIn();
  }

  void copyOutEnded() {
    copying = copying.endOut();
  }

  void copyEnded() {
    copying = CopyPhase.NONE;
  }
}
