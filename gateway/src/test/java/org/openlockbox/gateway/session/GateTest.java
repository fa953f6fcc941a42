package org.openlockbox.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.admission.Permit;

/// What holds a release, looked at anew before each.
class GateTest {
  private static final Instant TEN = Instant.parse("2026-01-05T10:00:00Z");
  private static final Permit.End SOFT =
      new Permit.End(TEN, TEN.plusSeconds(60), false, Optional.empty());

  private boolean mayGoOn = true;
  private Instant now = TEN.minusSeconds(1);
  private final Gate gate = new Gate(() -> mayGoOn, () -> now, SOFT);

  @Test
  void nothingPassesWhileTheSessionMayNotGoOnAndAllAgainAfterwards() {
    assertThat(gate.out().isOpenFor(null)).isTrue();
    mayGoOn = false;
    assertThat(gate.in().isOpenFor(null)).isFalse();
    assertThat(gate.out().isOpenFor(null)).isFalse();
    mayGoOn = true;
    assertThat(gate.in().isOpenFor(null)).isTrue();
  }

  @Test
  void nothingPassesFromTheInstantOnAtWhichTheTimeIsOver() {
    now = TEN;
    assertThat(gate.in().isOpenFor(null)).isFalse();
    assertThat(gate.out().isOpenFor(null)).isFalse();
  }

  @Test
  void whatAnswersAStatementThatMayFinishPassesUntilTheLastInstant() {
    gate.finish();
    now = TEN.plusSeconds(59);
    assertThat(gate.in().isOpenFor(null)).isFalse();
    assertThat(gate.out().isOpenFor(null)).isTrue();
    now = TEN.plusSeconds(60);
    assertThat(gate.out().isOpenFor(null)).isFalse();
  }

  @Test
  void nothingEverPassesAgainOnceItIsShut() {
    gate.shut();
    gate.finish();
    assertThat(gate.in().isOpenFor(null)).isFalse();
    assertThat(gate.out().isOpenFor(null)).isFalse();
  }
}
