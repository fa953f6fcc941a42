package org.openlockbox.gateway.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.LeaseTerm;

/// What holds a release, looked at anew before each, and until when what was released may be
/// fetched.
public class GateTest {
  private static final Instant TEN = Instant.parse("2026-01-05T10:00:00Z");
  private static final Permit.Expiry SOFT =
      new Permit.Expiry(TEN, TEN.plusSeconds(60), false, Optional.empty());

  private boolean mayGoOn = true;
  private Instant wall = TEN.minusSeconds(10);
  private long monotonic;
  private long boot;
  private final Clocks clocks = new Clocks(() -> wall, () -> monotonic, () -> boot);
  private LeaseTerm lease = asked();
  private final Gate gate = new Gate(() -> lease, () -> mayGoOn, clocks, SOFT);

  /// One that is open as long as nobody ends it.
  public static Gate openGate(Instant now, Permit.Expiry end) {
    Clocks still = new Clocks(() -> now, () -> 0, () -> 0);
    LeaseTerm lease = new LeaseTerm(still.read(), Duration.ofSeconds(1));
    return new Gate(() -> lease, () -> true, still, end);
  }

  private LeaseTerm asked() {
    return new LeaseTerm(clocks.read(), Duration.ofSeconds(1));
  }

  private void pass(long millis) {
    wall = wall.plusMillis(millis);
    monotonic += millis * 1_000_000L;
    boot += millis * 1_000_000L;
  }

  private void passUntil(Instant then) {
    pass(Duration.between(wall, then).toMillis());
    lease = asked();
  }

  private boolean isOpen() {
    return gate.out().isOpenFor(null);
  }

  @Test
  void nothingPassesWhileTheSessionMayNotGoOnAndAllAgainAfterwards() {
    assertThat(isOpen()).isTrue();
    mayGoOn = false;
    assertThat(gate.in().isOpenFor(null)).isFalse();
    assertThat(isOpen()).isFalse();
    mayGoOn = true;
    assertThat(gate.in().isOpenFor(null)).isTrue();
  }

  @Test
  void nothingPassesFromTheInstantOnAtWhichTheTimeIsOver() {
    passUntil(TEN);
    assertThat(gate.in().isOpenFor(null)).isFalse();
    assertThat(isOpen()).isFalse();
  }

  @Test
  void whatAnswersAStatementThatMayFinishPassesUntilTheLastInstant() {
    gate.finish();
    passUntil(TEN.plusSeconds(59));
    assertThat(gate.in().isOpenFor(null)).isFalse();
    assertThat(isOpen()).isTrue();
    passUntil(TEN.plusSeconds(60));
    assertThat(isOpen()).isFalse();
  }

  @Test
  void nothingEverPassesAgainOnceItIsShut() {
    gate.shut();
    gate.finish();
    assertThat(gate.in().isOpenFor(null)).isFalse();
    assertThat(isOpen()).isFalse();
  }

  @Test
  void withinTheSecondOfALeaseReleasingEndsBeforeFetching() {
    pass(640);
    assertThat(isOpen()).isTrue();
    pass(20);
    assertThat(isOpen()).isFalse();
    assertThat(gate.out().isLate()).isFalse();
    pass(90);
    assertThat(gate.out().isLate()).isTrue();
    assertThat(gate.mustDiscard()).isTrue();
    lease = asked();
    assertThat(isOpen()).isTrue();
    assertThat(gate.mustDiscard()).isFalse();
  }

  /// CLOCK_MONOTONIC stands still, the others do not.
  @Test
  void aMachineThatWasSuspendedHasNoLeaseUntilItIsRenewed() {
    wall = wall.plusSeconds(8);
    boot += 8_000_000_000L;
    assertThat(gate.out().isLate()).isTrue();
    assertThat(gate.mustDiscard()).isTrue();
    assertNoLease();
  }

  @Test
  void aWallClockThatIsSetForwardOrBackOrStandsStillVoidsTheLease() {
    Instant now = wall;
    wall = now.plusSeconds(5);
    assertNoLease();
    wall = now;
    assertNoLease();
    monotonic += 300_000_000L;
    boot += 300_000_000L;
    assertNoLease();
  }

  @Test
  void aBootClockThatJumpsOrStandsStillVoidsTheLease() {
    boot += 5_000_000_000L;
    assertNoLease();
    wall = wall.plusMillis(300);
    monotonic += 300_000_000L;
    assertNoLease();
  }

  private void assertNoLease() {
    assertThat(isOpen()).isFalse();
    lease = asked();
    assertThat(isOpen()).isTrue();
  }

  @Test
  void clocksThatDriftApartALittleAreBelieved() {
    pass(500);
    wall = wall.plusMillis(90);
    assertThat(isOpen()).isTrue();
  }

  /// The process was stopped between the question and the system call: meanwhile the customer has
  /// revoked, and the answer that says so comes first.
  @Test
  void aWriteThatAPauseDelayedBeyondTheLeaseBeforeTheRevocationIsLate() {
    assertThat(isOpen()).isTrue();
    pass(5_000);
    gate.shut();
    lease = asked();
    assertThat(gate.out().isLate()).isTrue();
    assertThat(gate.lastWords().isOpen()).isFalse();
  }

  @Test
  void aWriteThatAPauseDelayedWhileTheAccessWentOnIsNot() {
    assertThat(isOpen()).isTrue();
    pass(5_000);
    lease = asked();
    assertThat(gate.out().isLate()).isFalse();
  }

  @Test
  void afterTheEndWhatWasReleasedMayBeFetchedUntilTheLeaseOfThatMomentIsOver() {
    pass(200);
    gate.shut();
    lease = asked();
    assertThat(gate.lastWords().isOpen()).isTrue();
    pass(540);
    assertThat(gate.lastWords().isOpen()).isTrue();
    pass(20);
    lease = asked();
    assertThat(gate.lastWords().isOpen()).isFalse();
    assertThat(gate.lastWords().isLate()).isTrue();
  }

  @Test
  void whoHasFetchedAllIsToldWhyLaterToo() {
    pass(900);
    LeaseTerm over = gate.overdue(clocks.read()).orElseThrow();
    gate.fetched(over);
    assertThat(gate.mustDiscard()).isFalse();
    gate.shut();
    pass(5_000);
    assertThat(gate.lastWords().isOpen()).isTrue();
  }

  /// What a client has was looked at when the clock said that the time was over.
  @Test
  void aTermThatWasSeenToBeOverStaysSoWhereTheClockIsSetBack() {
    wall = wall.plusSeconds(5);
    LeaseTerm over = gate.overdue(clocks.read()).orElseThrow();
    gate.over(over);
    wall = wall.minusSeconds(5);
    assertThat(gate.out().isLate()).isTrue();
    assertThat(gate.mustDiscard()).isTrue();
    gate.fetched(over);
    assertThat(gate.mustDiscard()).isFalse();
    assertThat(gate.isOver()).isTrue();
    assertThat(gate.goodUntil()).isEqualTo(Instant.EPOCH);
    assertThat(isOpen()).isFalse();
    pass(1);
    assertNoLease();
  }

  @Test
  void whatWasReleasedAndHasNotLeftGoesToNobodyLater() {
    pass(200);
    gate.shut();
    assertThat(gate.leftovers().isOpen()).isTrue();
    pass(700);
    gate.fetched(gate.overdue(clocks.read()).orElseThrow());
    assertThat(gate.lastWords().isOpen()).isTrue();
    assertThat(gate.leftovers().isOpen()).isFalse();
    assertThat(gate.leftovers().isLate()).isTrue();
  }

  @Test
  void whatWasSeenOfOneLeaseSaysNothingAboutTheNext() {
    pass(900);
    LeaseTerm over = gate.overdue(clocks.read()).orElseThrow();
    lease = asked();
    gate.fetched(over);
    pass(900);
    assertThat(gate.mustDiscard()).isTrue();
  }

  @Test
  void aPauseAcrossTheEndOfTheGrantLeavesNothingToFetch() {
    passUntil(TEN.plusMillis(700));
    assertThat(gate.out().isLate()).isFalse();
    passUntil(TEN.plusMillis(760));
    gate.shut();
    assertThat(gate.mustDiscard()).isTrue();
  }

  /// An answer is good until the lease would have to be over, or the granted time is.
  @Test
  void anAnswerIsGoodUntilTheLeaseOrTheTimeIsOver() {
    assertThat(gate.goodUntil()).isEqualTo(wall.plusMillis(750));
    passUntil(TEN.minusMillis(100));
    assertThat(gate.goodUntil()).isEqualTo(TEN);
  }

  @Test
  void noAnswerIsGoodThatMayNotPassNow() {
    pass(650);
    assertThat(gate.goodUntil()).as("a lapsed lease").isEqualTo(Instant.EPOCH);
    lease = asked();
    mayGoOn = false;
    assertThat(gate.goodUntil()).as("a session on hold").isEqualTo(Instant.EPOCH);
    mayGoOn = true;
    assertThat(gate.goodUntil()).isAfter(wall);
    passUntil(TEN);
    assertThat(gate.goodUntil()).as("a time that is over").isEqualTo(Instant.EPOCH);
    wall = TEN.minusSeconds(1);
    gate.shut();
    assertThat(gate.goodUntil()).as("a session that is over").isEqualTo(Instant.EPOCH);
  }
}
