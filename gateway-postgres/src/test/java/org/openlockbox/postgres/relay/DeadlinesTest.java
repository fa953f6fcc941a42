package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Limits;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Timeout;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.session.Activity;
import org.openlockbox.gateway.session.DeadlineAction;
import org.openlockbox.gateway.session.Deadlines;
import org.openlockbox.gateway.session.EndReason;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.relay.QueryBatch.Place;

/// What the time asks of a session, without one.
class DeadlinesTest {
  private static final Instant NINE = Instant.parse("2026-01-05T09:00:00Z");
  private static final Instant TEN = Instant.parse("2026-01-05T10:00:00Z");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final RequestId REQUEST = new RequestId("R-7K3F92QX4M");

  private final Statements statements = new Statements();
  private final Activity activity = new Activity(statements);

  private static Permit.End at(Instant end, Duration grace) {
    return new Permit.End(end, end.plus(grace), false, Optional.empty());
  }

  private static Deadlines deadlines(Permit.End end, Limits limits) {
    return new Deadlines(end, REQUEST, limits, NINE, LONG);
  }

  private void run(String sql) {
    activity.asked(0);
    activity.acted(0);
    statements.query(
        Place.ALONE,
        Filtering.renames(Bytes.ofUtf8(sql)),
        new SessionRecord.Recorded(0, Bytes.empty()));
    statements.sent();
  }

  private static long nanos(Duration length) {
    return length.toNanos();
  }

  @Test
  void aSessionIsWarnedOnceFiveMinutesAndOnceAMinuteBeforeItsEnd() {
    var deadlines = deadlines(at(TEN, Duration.ZERO), Limits.UNWRITTEN);
    assertThat(deadlines.next(activity, NINE, 0)).isInstanceOf(DeadlineAction.Nothing.class);
    var five = deadlines.next(activity, TEN.minusSeconds(300), 0);
    assertThat(five)
        .isEqualTo(
            new DeadlineAction.Telling(
                "OpenLockbox: this session ends in 5 min, at 2026-01-05T10:00:00Z",
                "`lockbox request extend R-7K3F92QX4M --for 30m` asks for more time."));
    assertThat(deadlines.next(activity, TEN.minusSeconds(299), 0))
        .isInstanceOf(DeadlineAction.Nothing.class);
    assertThat(deadlines.next(activity, TEN.minusSeconds(60), 0))
        .isInstanceOf(DeadlineAction.Telling.class);
    assertThat(deadlines.next(activity, TEN.minusSeconds(59), 0))
        .isInstanceOf(DeadlineAction.Nothing.class);
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.Ending.class);
  }

  @Test
  void whoeverOpensAShortSessionIsNotWarnedAtOnce() {
    var deadlines = deadlines(at(NINE.plusSeconds(30), Duration.ZERO), Limits.UNWRITTEN);
    assertThat(deadlines.next(activity, NINE, 0)).isInstanceOf(DeadlineAction.Nothing.class);
  }

  @Test
  void theEndOfTheHoursSaysWhenTheyBeginAgain() {
    var again = Optional.of(TEN.plus(Duration.ofHours(22)));
    var deadlines = deadlines(new Permit.End(TEN, TEN, true, again), Limits.UNWRITTEN);
    assertThat(deadlines.next(activity, TEN, 0))
        .isInstanceOfSatisfying(
            DeadlineAction.Ending.class,
            ending -> {
              assertThat(ending.reason()).isEqualTo(EndReason.HOURS_OVER);
              assertThat(ending.tell().hint()).contains("2026-01-06T08:00:00Z");
            });
  }

  @Test
  void aSoftEndLetsAStatementFinishAndIsOverWhenItHasOrWhenItsTimeIs() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    run("select 1");
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.Finishing.class);
    assertThat(deadlines.next(activity, TEN.plusSeconds(29), 0))
        .isInstanceOf(DeadlineAction.Finishing.class);
    assertThat(deadlines.next(activity, TEN.plusSeconds(30), 0))
        .isInstanceOf(DeadlineAction.Ending.class);
    assertThat(deadlines.next(new Activity(new Statements()), TEN, 0))
        .isInstanceOf(DeadlineAction.Ending.class);
  }

  @Test
  void theTimeOfAStatementThatMayFinishIsOverWhenItsGraceIs() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    run("select 1");
    assertThat(deadlines.over(activity, TEN.plusSeconds(29))).isEmpty();
    assertThat(deadlines.over(activity, TEN.plusSeconds(30))).isPresent();
    var idle = new Activity(new Statements());
    assertThat(deadlines.over(idle, TEN.minusNanos(1))).isEmpty();
    assertThat(deadlines.over(idle, TEN)).isPresent();
  }

  @Test
  void whatWasHeldAtTheEndIsNotWaitedFor() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    run("select 1");
    statements.query(Place.ALONE, false, new SessionRecord.Recorded(1, Bytes.empty()));
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.Finishing.class);
    statements.ready(true);
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.Ending.class);
  }

  @Test
  void aBatchWhoseEndCannotComeAnyMoreIsNotWaitedFor() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    statements.parse("", StatementsTest.meaning("select 1"));
    statements.sent();
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.Ending.class);
  }

  @Test
  void aCopyWhoseDataCannotComeAnyMoreIsNotWaitedFor() {
    var deadlines = deadlines(at(TEN, Duration.ofSeconds(30)), Limits.UNWRITTEN);
    run("copy customers from stdin");
    activity.copyingIn();
    assertThat(deadlines.next(activity, TEN, 0)).isInstanceOf(DeadlineAction.Ending.class);
  }

  @Test
  void aStatementIsCancelledOnceAndItsSessionEndedIfItGoesOn() {
    var limits = Limits.UNWRITTEN.withStatementTimeout(Timeout.of(Duration.ofSeconds(30)));
    var deadlines = deadlines(at(TEN, Duration.ZERO), limits);
    run("select 1");
    assertThat(deadlines.next(activity, NINE, nanos(Duration.ofSeconds(30))))
        .isInstanceOf(DeadlineAction.Nothing.class);
    assertThat(deadlines.next(activity, NINE, nanos(Duration.ofSeconds(31))))
        .isInstanceOf(DeadlineAction.Cancelling.class);
    assertThat(deadlines.next(activity, NINE, nanos(Duration.ofSeconds(32))))
        .isInstanceOf(DeadlineAction.Nothing.class);
    assertThat(deadlines.next(activity, NINE, nanos(Duration.ofSeconds(36))))
        .isInstanceOfSatisfying(
            DeadlineAction.Ending.class,
            ending -> assertThat(ending.reason()).isEqualTo(EndReason.STATEMENT_TIMEOUT));
  }

  @Test
  void whoeverHasBeenAnsweredBeforeTheEndOfABatchIsIdleAndWhoeverWaitsForAnAnswerIsNot() {
    var limits = Limits.UNWRITTEN.withIdleTimeout(Timeout.of(Duration.ofSeconds(10)));
    var deadlines = deadlines(at(TEN, Duration.ZERO), limits);
    activity.opened(0);
    activity.asked(0);
    activity.acted(0);
    statements.parse("", StatementsTest.meaning("select 1"));
    statements.flush();
    long later = nanos(Duration.ofSeconds(11));
    assertThat(deadlines.next(activity, NINE, later)).isInstanceOf(DeadlineAction.Nothing.class);
    statements.answered(Step.Kind.PARSE);
    statements.answered(Step.Kind.CLOSE);
    assertThat(deadlines.next(activity, NINE, later))
        .isInstanceOfSatisfying(
            DeadlineAction.Ending.class,
            ending -> assertThat(ending.reason()).isEqualTo(EndReason.IDLE));
  }

  @Test
  void aTransactionLeftOpenEndsItsSessionAlsoWithoutAnIdleTimeout() {
    var deadlines = deadlines(at(TEN, Duration.ZERO), Limits.UNWRITTEN);
    activity.opened(0);
    long later = nanos(LONG.plusSeconds(1));
    assertThat(deadlines.next(activity, NINE, later)).isInstanceOf(DeadlineAction.Nothing.class);
    activity.ready(true);
    assertThat(deadlines.next(activity, NINE, later))
        .isInstanceOfSatisfying(
            DeadlineAction.Ending.class,
            ending -> assertThat(ending.reason()).isEqualTo(EndReason.IDLE_IN_TRANSACTION));
  }
}
