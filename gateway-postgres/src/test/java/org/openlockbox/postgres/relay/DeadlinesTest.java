package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.session.Activity;
import org.openlockbox.gateway.session.DeadlineAction;
import org.openlockbox.gateway.session.Deadlines;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.batch.AsyncFilter;
import org.openlockbox.postgres.batch.BatchStep;
import org.openlockbox.postgres.batch.PreparedStatements;
import org.openlockbox.postgres.batch.PreparedStatementsTest;
import org.openlockbox.postgres.batch.QueryBatch.QueryPosition;

/// What the time asks of a session, without one.
class DeadlinesTest {
  private static final Instant NINE = Instant.parse("2026-01-05T09:00:00Z");
  private static final Instant TEN = Instant.parse("2026-01-05T10:00:00Z");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final RequestId REQUEST = new RequestId("R-7K3F92QX4M");

  private final PreparedStatements statements = new PreparedStatements();
  private final Activity activity = new Activity(statements);

  private static Permit.Expiry at(Instant end, Duration grace) {
    return new Permit.Expiry(end, end.plus(grace), false, Optional.empty());
  }

  private static Deadlines deadlines(Permit.Expiry end, Limits limits) {
    return new Deadlines(end, REQUEST, limits, NINE, LONG);
  }

  private void run(String sql) {
    activity.asked(0);
    activity.acted(0);
    statements.query(
        QueryPosition.ALONE,
        AsyncFilter.renames(Bytes.ofUtf8(sql)),
        new SessionRecord.RecordedOperation(0, Bytes.empty()));
    statements.sent();
  }

  private static long nanos(Duration length) {
    return length.toNanos();
  }

  @Test
  void aSessionIsWarnedOnceFiveMinutesAndOnceAMinuteBeforeItsEnd() {
    var deadlines = deadlines(at(TEN, Duration.ZERO), Limits.UNWRITTEN);
    assertThat(deadlines.next(activity, NINE, 0)).isInstanceOf(DeadlineAction.GoOn.class);
    var five = deadlines.next(activity, TEN.minusSeconds(300), 0);
    assertThat(five)
        .isEqualTo(
            new DeadlineAction.NotifyClient(
                "OpenLockbox: this session ends in 5 min, at 2026-01-05T10:00:00Z",
                "`lockbox request extend R-7K3F92QX4M --for 30m` asks for more time."));
    assertThat(deadlines.next(activity, TEN.minusSeconds(299), 0))
        .isInstanceOf(DeadlineAction.GoOn.class);
    assertThat(deadlines.next(activity, TEN.minusSeconds(60), 0))
        .isInstanceOf(DeadlineAction.NotifyClient.class);
    assertThat(deadlines.next(activity, TEN.minusSeconds(59), 0))
        .isInstanceOf(DeadlineAction.GoOn.class);
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.EndSession.class);
  }

  @Test
  void whoeverOpensAShortSessionIsNotWarnedAtOnce() {
    var deadlines = deadlines(at(NINE.plusSeconds(30), Duration.ZERO), Limits.UNWRITTEN);
    assertThat(deadlines.next(activity, NINE, 0)).isInstanceOf(DeadlineAction.GoOn.class);
  }

  @Test
  void theEndOfTheHoursSaysWhenTheyBeginAgain() {
    var again = Optional.of(TEN.plus(Duration.ofHours(22)));
    var deadlines = deadlines(new Permit.Expiry(TEN, TEN, true, again), Limits.UNWRITTEN);
    assertThat(deadlines.next(activity, TEN, 0))
        .isInstanceOfSatisfying(
            DeadlineAction.EndSession.class,
            ending -> {
              assertThat(ending.reason()).isEqualTo(EndReason.HOURS_OVER);
              assertThat(ending.tell().hint()).contains("2026-01-06T08:00:00Z");
            });
  }

  @Test
  void aSoftEndLetsAStatementFinishAndIsOverWhenItHasOrWhenItsTimeIs() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    run("select 1");
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.LetFinish.class);
    assertThat(deadlines.next(activity, TEN.plusSeconds(29), 0))
        .isInstanceOf(DeadlineAction.LetFinish.class);
    assertThat(deadlines.next(activity, TEN.plusSeconds(30), 0))
        .isInstanceOf(DeadlineAction.EndSession.class);
    assertThat(deadlines.next(new Activity(new PreparedStatements()), TEN, 0))
        .isInstanceOf(DeadlineAction.EndSession.class);
  }

  @Test
  void theTimeOfAStatementThatMayFinishIsOverWhenItsGraceIs() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    run("select 1");
    assertThat(deadlines.over(activity, TEN.plusSeconds(29))).isEmpty();
    assertThat(deadlines.over(activity, TEN.plusSeconds(30))).isPresent();
    var idle = new Activity(new PreparedStatements());
    assertThat(deadlines.over(idle, TEN.minusNanos(1))).isEmpty();
    assertThat(deadlines.over(idle, TEN)).isPresent();
  }

  @Test
  void whatWasHeldAtTheEndIsNotWaitedFor() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    run("select 1");
    statements.query(
        QueryPosition.ALONE, false, new SessionRecord.RecordedOperation(1, Bytes.empty()));
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.LetFinish.class);
    statements.ready(true);
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.EndSession.class);
  }

  @Test
  void aBatchWhoseEndCannotComeAnyMoreIsNotWaitedFor() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    statements.parse("", PreparedStatementsTest.meaning("select 1"));
    statements.sent();
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.EndSession.class);
  }

  @Test
  void aCopyWhoseDataCannotComeAnyMoreIsNotWaitedFor() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    run("copy customers from stdin");
    activity.copyingIn();
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.EndSession.class);
  }

  @Test
  void aStatementIsCancelledOnceAndItsSessionEndedIfItGoesOn() {
    var limits = Limits.UNWRITTEN.withStatementTimeout(Timeout.of(Duration.ofSeconds(30)));
    var deadlines = deadlines(at(TEN, Duration.ZERO), limits);
    run("select 1");
    assertThat(deadlines.next(activity, NINE, nanos(Duration.ofSeconds(30))))
        .isInstanceOf(DeadlineAction.GoOn.class);
    assertThat(deadlines.next(activity, NINE, nanos(Duration.ofSeconds(31))))
        .isInstanceOf(DeadlineAction.CancelOperation.class);
    assertThat(deadlines.next(activity, NINE, nanos(Duration.ofSeconds(32))))
        .isInstanceOf(DeadlineAction.GoOn.class);
    assertThat(deadlines.next(activity, NINE, nanos(Duration.ofSeconds(36))))
        .isInstanceOfSatisfying(
            DeadlineAction.EndSession.class,
            ending -> assertThat(ending.reason()).isEqualTo(EndReason.STATEMENT_TIMEOUT));
  }

  @Test
  void whoeverHasBeenAnsweredBeforeTheEndOfABatchIsIdleAndWhoeverWaitsForAnAnswerIsNot() {
    var limits = Limits.UNWRITTEN.withIdleTimeout(Timeout.of(Duration.ofSeconds(10)));
    var deadlines = deadlines(at(TEN, Duration.ZERO), limits);
    activity.opened(0);
    activity.asked(0);
    activity.acted(0);
    statements.parse("", PreparedStatementsTest.meaning("select 1"));
    statements.flush();
    long later = nanos(Duration.ofSeconds(11));
    assertThat(deadlines.next(activity, NINE, later)).isInstanceOf(DeadlineAction.GoOn.class);
    statements.answered(BatchStep.StepKind.PARSE);
    statements.answered(BatchStep.StepKind.CLOSE);
    assertThat(deadlines.next(activity, NINE, later))
        .isInstanceOfSatisfying(
            DeadlineAction.EndSession.class,
            ending -> assertThat(ending.reason()).isEqualTo(EndReason.IDLE));
  }

  @Test
  void aTransactionLeftOpenEndsItsSessionAlsoWithoutAnIdleTimeout() {
    var deadlines = deadlines(at(TEN, Duration.ZERO), Limits.UNWRITTEN);
    activity.opened(0);
    long later = nanos(LONG.plusSeconds(1));
    assertThat(deadlines.next(activity, NINE, later)).isInstanceOf(DeadlineAction.GoOn.class);
    activity.ready(true);
    assertThat(deadlines.next(activity, NINE, later))
        .isInstanceOfSatisfying(
            DeadlineAction.EndSession.class,
            ending -> assertThat(ending.reason()).isEqualTo(EndReason.IDLE_IN_TRANSACTION));
  }
}
