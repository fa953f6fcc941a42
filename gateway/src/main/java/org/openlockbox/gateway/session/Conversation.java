package org.openlockbox.gateway.session;

import java.util.concurrent.atomic.AtomicInteger;
import org.openlockbox.core.access.Level;

/// What the two directions of one session share: the gate, the record, the names of the extended
/// protocol, and whether the client is copying data in.
final class Conversation {
  private final Gate gate;
  private final SessionRecord record;
  private final Statements statements = new Statements();
  private final Level level;
  private volatile boolean copyingIn;
  private final AtomicInteger copiesIn = new AtomicInteger();
  private volatile long idleSince;
  private volatile long heard;
  private volatile boolean owesRest;

  Conversation(Gate gate, SessionRecord record, Level level) {
    this.gate = gate;
    this.record = record;
    this.level = level;
  }

  Gate gate() {
    return gate;
  }

  SessionRecord record() {
    return record;
  }

  Statements statements() {
    return statements;
  }

  Level level() {
    return level;
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

  /// The database waits for the client, in a transaction or not, since this moment.
  void waitsForClient(boolean inTransaction, long nanos) {
    idleSince = inTransaction ? nanos | 1 : 0;
  }

  /// For how long the database has waited for the client inside a transaction; 0 if it does not.
  long idleInTransaction(long nanos) {
    long since = idleSince;
    return since == 0 || statements.isUnderWay() ? 0 : nanos - since;
  }

  /// The client has sent something at this moment.
  void heardFromClient(long nanos) {
    heard = nanos;
  }

  /// Whether the client still owes the rest of a message.
  void waitsForRest(boolean now) {
    owesRest = now;
  }

  /// For how long the client has sent nothing more of a message that it began; 0 if it has not.
  long restDueFor(long nanos) {
    return owesRest ? nanos - heard : 0;
  }

  boolean copyingIn() {
    return copyingIn;
  }

  void copyInStarted() {
    copiesIn.incrementAndGet();
    copyingIn = true;
  }

  /// How many have started: the database may end one by an error while its data is under way.
  int copiesIn() {
    return copiesIn.get();
  }

  void copyInEnded() {
    copyingIn = false;
  }
}
