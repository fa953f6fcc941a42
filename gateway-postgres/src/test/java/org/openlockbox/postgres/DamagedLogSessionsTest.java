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
import org.openlockbox.gateway.testing.FakeControlPlane.Appends;
import org.openlockbox.gateway.testing.WorkingTime;
import org.openlockbox.postgres.GatewayFixture.Access;

/// The control plane fails at each call with an entry of one tenant: that tenant's sessions are
/// held and end, and those of the other tenant notice nothing.
class DamagedLogSessionsTest {
  private static final Duration HOLD = Duration.ofSeconds(3);

  private final GatewayFixture fixture = new GatewayFixture(HOLD);

  @AfterEach
  void close() {
    fixture.controlPlane.appends(Appends.WORK);
    fixture.close();
  }

  private void assertThatTheOtherWorks(Connection other) {
    var time = WorkingTime.start();
    assertThat(answer(other, "select 'goes on'")).isEqualTo("goes on");
    assertThat(time.soFar()).isLessThan(HOLD);
  }

  @Test
  void itsSessionsAreHeldAndEndAndThoseOfTheOtherTenantGoOn() throws Exception {
    Access damaged = fixture.approved(Level.READ);
    Access globex = fixture.withTheSameId(damaged);
    try (Connection one = fixture.connect(damaged);
        Connection other = fixture.connect(globex);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      GatewayFixture.await(fixture.controlPlane::isSettled);
      fixture.controlPlane.appends(Appends.FAILED);
      var held = threads.submit(() -> answer(one, "select 'unrecorded'"));
      for (int i = 0; i < 20; i++) {
        assertThatTheOtherWorks(other);
      }
      assertThatThrownBy(() -> held.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("refused 57P01");
      assertThatTheOtherWorks(other);
      try (Connection another = fixture.connect(globex)) {
        assertThatTheOtherWorks(another);
      }
    }
    fixture.controlPlane.appends(Appends.WORK);
    GatewayFixture.await(() -> fixture.controlPlane.statements().contains("select 'unrecorded'"));
    try (Connection again = fixture.connect(damaged)) {
      assertThat(answer(again, "select 'recorded'")).isEqualTo("recorded");
    }
    assertThat(fixture.controlPlane.statements())
        .containsOnlyOnce("select 'unrecorded'", "select 'recorded'");
  }

  @Test
  void aLogThatIsMendedInTimeLetsItsSessionsGoOn() throws Exception {
    Access damaged = fixture.approved(Level.READ);
    Access globex = fixture.withTheSameId(damaged);
    try (Connection one = fixture.connect(damaged);
        Connection other = fixture.connect(globex);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      fixture.controlPlane.appends(Appends.FAILED);
      var held = threads.submit(() -> answer(one, "select 'in time'"));
      assertThatTheOtherWorks(other);
      assertThat(held.isDone()).isFalse();
      fixture.controlPlane.appends(Appends.WORK);
      assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("in time");
    }
  }

  /// Else whoever tries again and again fills the queue of a log that nobody mends.
  @Test
  void whileMuchWaitsForTheLogNobodyElseGetsIn() throws Exception {
    Access damaged = fixture.approved(Level.READ);
    try (Connection one = fixture.connect(damaged);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      GatewayFixture.await(fixture.controlPlane::isSettled);
      fixture.controlPlane.appends(Appends.FAILED);
      int before = fixture.controlPlane.appendCalls();
      var held = threads.submit(() -> answer(one, "select 1 -- " + "x".repeat(100_000)));
      GatewayFixture.await(() -> fixture.controlPlane.appendCalls() > before + 1);
      var time = WorkingTime.start();
      assertThatThrownBy(() -> fixture.connect(damaged))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("the opening of this session cannot be recorded");
      assertThat(time.soFar()).isLessThan(HOLD.multipliedBy(2));
      fixture.controlPlane.appends(Appends.WORK);
      held.get(20, TimeUnit.SECONDS);
    }
  }
}
