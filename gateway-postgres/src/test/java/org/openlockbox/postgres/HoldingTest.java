package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane.Appends;

/// Without a lease, and while the record cannot be written, everybody waits and nothing is lost.
class HoldingTest {
  /// Longer than a lease lasts.
  private static final Duration LAPSES = Duration.ofMillis(1300);

  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void close() {
    fixture.controlPlane.leaseDown(false);
    fixture.close();
  }

  @Test
  void aLapsedLeaseHoldsEverythingAndARenewedOneLetsItGoOn() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      fixture.slowDown();
      fixture.controlPlane.leaseDown(true);
      fixture.letPass(LAPSES);
      var held = threads.submit(() -> answer(connection, "select 2"));
      assertThatThrownBy(() -> held.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      fixture.controlPlane.leaseDown(false);
      assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("2");
    }
  }

  @Test
  void whoLogsInWhileTheLeaseHasLapsedWaitsForTheNextOne() throws Exception {
    var access = fixture.approved(Level.READ);
    fixture.slowDown();
    fixture.controlPlane.leaseDown(true);
    fixture.letPass(LAPSES);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var login = threads.submit(() -> fixture.connect(access));
      assertThatThrownBy(() -> login.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(fixture.controlPlane.historyAsked()).isZero();
      fixture.controlPlane.leaseDown(false);
      try (Connection connection = login.get(20, TimeUnit.SECONDS)) {
        assertThat(answer(connection, "select 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void whoLogsInAndNoLeaseComesIsToldSo() {
    var access = fixture.approved(Level.READ);
    fixture.controlPlane.leaseDown(true);
    Await.atLeast(LAPSES);
    assertThatThrownBy(() -> fixture.connect(access))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("access cannot be checked now: the gateway holds no lease");
    assertThat(fixture.controlPlane.historyAsked()).isZero();
    assertThat(fixture.controlPlane.events()).isEmpty();
  }

  @Test
  void anAppendWhoseAnswerIsLostIsRepeatedAndStandsInTheLogOnce() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      GatewayFixture.await(fixture.controlPlane::isSettled);
      fixture.controlPlane.appends(Appends.ANSWER_LOST);
      var held = threads.submit(() -> answer(connection, "select 41 + 1"));
      GatewayFixture.await(() -> fixture.controlPlane.statements().contains("select 41 + 1"));
      assertThat(held.isDone()).isFalse();
      fixture.controlPlane.appends(Appends.WORK);
      assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("42");
    }
    assertThat(fixture.controlPlane.statements()).containsOnlyOnce("select 41 + 1");
  }
}
