package org.openlockbox.gateway.session;

import java.security.MessageDigest;
import java.util.Optional;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.postgres.CommandTag;
import org.openlockbox.gateway.postgres.PgError;
import org.openlockbox.gateway.postgres.WireViolation;
import org.openlockbox.tlog.Hash;

/// Counts what each statement returns, commits to it, and records both as the statement's outcome.
/// Outcomes trail: the result does not wait for them.
final class Results {
  private static final String DONE = OutcomeStatus.SQL_DONE.word();

  /// What of a result was passed on at some moment.
  private record Passed(long rows, long bytes, Optional<MessageDigest> digest) {
    static final Passed NOTHING = new Passed(0, 0, Optional.empty());

    boolean isNothing() {
      return rows == 0 && bytes == 0;
    }
  }

  private final SessionContext talk;
  private long changed;
  private long rowsBefore;
  private long rows;
  private long bytes;
  private long passedRows;
  private long passedBytes;
  private final MessageDigest sha256 = Hash.begun();
  private Optional<MessageDigest> passedOn = Optional.empty();
  private Passed left = Passed.NOTHING;
  private boolean committing;
  private boolean grown;
  private boolean failed;
  private boolean answered;
  private boolean spent;

  Results(SessionContext talk) {
    this.talk = talk;
  }

  /// Rows may only come while a statement runs: after its error none do.
  void mustBeRunning() {
    boolean running = talk.statements().current().filter(Step::runs).isPresent();
    if (failed || !running) {
      throw new WireViolation("the database sends rows that nobody asked for");
    }
  }

  boolean isSimpleQuery() {
    return talk.statements().current().filter(step -> step.kind == Step.Kind.QUERY).isPresent();
  }

  void row(long size) {
    rows++;
    bytes += size;
  }

  /// Takes in the rows that are passed on, one after the other, as they are on the wire without
  /// their heads. Together with the salt before them they are what the outcome commits to.
  MessageDigest commitment() {
    if (!committing) {
      committing = true;
      talk.statements()
          .current()
          .flatMap(Step::recorded)
          .ifPresent(statement -> sha256.update(statement.salt().toArray()));
    }
    grown = true;
    return sha256;
  }

  /// An error or a notice is passed on while a statement runs.
  void text(int size) {
    if (talk.statements().current().isPresent()) {
      bytes += size;
    }
  }

  /// All that was counted has been passed on to the client.
  void passed() {
    passedRows = rows;
    passedBytes = bytes;
    if (grown) {
      passedOn = committing ? Optional.of(copy(sha256)) : Optional.empty();
      grown = false;
    }
  }

  /// The client's socket has taken all that was passed on so far.
  void allLeft() {
    left = new Passed(passedRows, passedBytes, passedOn);
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The session ends in the middle of a result: what had been passed on is on record. Where
  /// nothing had, the statement stays without an outcome.
  ///
  /// @param newest whether something of the newest write may have left; else it counts as nothing
  void cutOff(String sqlState, boolean newest) {
    Passed passed = newest ? new Passed(passedRows, passedBytes, passedOn) : left;
    if (failed || (!spent && passed.isNothing())) {
      return;
    }
    talk.statements()
        .current()
        .flatMap(Step::recorded)
        .ifPresent(
            statement ->
                talk.record()
                    .cutOff(
                        statement.number(),
                        new SessionRecord.Answered(
                            spent ? PgError.LIMIT : sqlState,
                            passed.rows(),
                            passed.bytes(),
                            changed,
                            passed.digest().map(Results::commitment))));
  }

  /// One command of a simple query, or one Execute, is done.
  void completed(String tag) {
    if (failed) {
      return;
    }
    changed += CommandTag.changed(tag, rows > rowsBefore);
    rowsBefore = rows;
    if (isSimpleQuery()) {
      answered = true;
      if (tag.isEmpty()) {
        talk.statements().queryWasEmpty();
      }
      return;
    }
    Step step = talk.statements().answered(Step.Kind.EXECUTE);
    outcome(step.recorded(), DONE);
  }

  /// The gateway passes on no more of what the statement that runs returns, and says that it has
  /// failed. The database may go on with it: its outcome has that code, and what it changed if it
  /// was completed. So may what is behind it in the same batch, of which no row is passed on.
  void spent() {
    spent = true;
    talk.statements().toldAnError();
  }

  void failed(String sqlState) {
    if (failed) {
      return;
    }
    failed = talk.statements().isUnderWay();
    Optional<Step> statement = talk.statements().failed();
    outcome(statement.flatMap(Step::recorded), sqlState);
    talk.statements().skipped().forEach(this::skipped);
  }

  /// ReadyForQuery.
  void ready(boolean idle) {
    if (!failed && isSimpleQuery()) {
      if (!answered) {
        throw new WireViolation("the database is ready before it has answered the query");
      }
      talk.statements().current().ifPresent(step -> outcome(step.recorded(), DONE));
    }
    talk.statements().ready(idle).forEach(this::skipped);
    failed = false;
    answered = false;
  }

  private void skipped(Step step) {
    outcome(step.recorded(), SessionRecord.Answered.SKIPPED.sqlState());
  }

  /// Nothing that was counted for it is carried over to what comes next, even if it has no record.
  private void outcome(Optional<Step.Recorded> recorded, String sqlState) {
    String code = spent ? PgError.LIMIT : sqlState;
    Optional<Commitment> result = committing ? Optional.of(commitment(sha256)) : Optional.empty();
    recorded.ifPresent(
        statement ->
            talk.record()
                .outcome(
                    statement.number(),
                    new SessionRecord.Answered(code, rows, bytes, changed, result)));
    spent = false;
    committing = false;
    grown = true;
    changed = 0;
    rowsBefore = 0;
    rows = 0;
    bytes = 0;
    passed();
    left = Passed.NOTHING;
  }

  private static Commitment commitment(MessageDigest digest) {
    return new Commitment(Hash.of(digest.digest()));
  }
}
