package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;
import static org.openlockbox.postgres.GatewayFixture.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.session.LiveSessions;

/// Limits that somebody pushes against.
class LimitsTest {
  private static final Duration HOLD = Duration.ofSeconds(30);
  private static final long GIGABYTE = 1L << 30;

  @Test
  void simultaneousLoginsDoNotGetPastTheLimitOfARequest() throws Exception {
    try (var fixture =
        new GatewayFixture(
            new LiveSessions.SessionLimits(100, 3, HOLD, HOLD, GIGABYTE), InstantSource.system())) {
      var access = fixture.approved(Level.READ);
      CountDownLatch together = new CountDownLatch(1);
      List<Future<Connection>> logins = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 12; i++) {
          Callable<Connection> login =
              () -> {
                together.await();
                return fixture.connect(access);
              };
          logins.add(threads.submit(login));
        }
        together.countDown();
      }
      assertThat(logins.stream().filter(l -> l.state() == Future.State.SUCCESS)).hasSize(3);
      for (var login : logins) {
        switch (login.state()) {
          case SUCCESS -> login.resultNow().close();
          case FAILED ->
              assertThat(login.exceptionNow())
                  .isInstanceOf(SQLException.class)
                  .hasMessageContaining("too many sessions");
          case RUNNING, CANCELLED -> throw new AssertionError("a login that never ended");
        }
      }
    }
  }

  /// Who knows a password holds a thread until the control plane has answered.
  @Test
  void whileTheControlPlaneIsSlowNoMoreWaitForItThanMayHaveSessions() throws Exception {
    try (var fixture =
        new GatewayFixture(
            new LiveSessions.SessionLimits(100, 3, HOLD, HOLD, GIGABYTE), InstantSource.system())) {
      var access = fixture.approved(Level.READ);
      var answered = new CountDownLatch(1);
      fixture.controlPlane.histories(answered);
      int before = fixture.controlPlane.historyAsked();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Connection>> logins = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          logins.add(threads.submit(() -> fixture.connect(access)));
        }
        await(() -> fixture.controlPlane.historyAsked() == before + 3);
        var fourth = threads.submit(() -> fixture.connect(access));
        try {
          assertThatThrownBy(() -> fourth.get(10, TimeUnit.SECONDS))
              .hasMessageContaining("too many sessions");
        } finally {
          answered.countDown();
        }
        for (var login : logins) {
          login.get().close();
        }
      }
      await(() -> isLetIn(fixture, access));
    }
  }

  private static boolean isLetIn(GatewayFixture fixture, GatewayFixture.Access access) {
    try (Connection connection = fixture.connect(access)) {
      return connection.isValid(0);
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void aTransactionThatIsLeftIdleEndsItsSessionAndABusyOneDoesNot() throws Exception {
    var brief = new LiveSessions.SessionLimits(100, 50, HOLD, Duration.ofSeconds(2), GIGABYTE);
    try (var fixture = new GatewayFixture(brief, InstantSource.system())) {
      var access = fixture.approved(Level.READ);
      try (Connection idle = fixture.connect(access);
          Connection left = fixture.connect(access);
          Connection busy = fixture.connect(access)) {
        assertThat(answer(idle, "select 1")).isEqualTo("1");
        left.setAutoCommit(false);
        busy.setAutoCommit(false);
        assertThat(answer(left, "select 1")).isEqualTo("1");
        assertThat(answer(busy, "select 1")).isEqualTo("1");
        assertThat(answer(busy, "select 'slept' from pg_sleep(4)")).isEqualTo("slept");
        assertThat(answer(busy, "select 2")).isEqualTo("2");
        assertThat(answer(left, "select 2")).startsWith("refused");
        assertThat(answer(idle, "select 2")).isEqualTo("2");
        await(() -> fixture.controlPlane.reasons().equals(List.of("idle-in-transaction")));
      }
    }
  }

  /// PG-163: statements of a megabyte, one after the other.
  @Test
  void whoFillsTheLogEndsItsOwnAccessAndNobodyElses() throws Exception {
    var small = new LiveSessions.SessionLimits(100, 50, HOLD, HOLD, 3_500_000);
    String megabyte = "select 1 -- " + "x".repeat(1_000_000);
    try (var fixture = new GatewayFixture(small, InstantSource.system())) {
      var filling = fixture.approved(Level.READ);
      var other = fixture.approved(Level.READ);
      try (Connection one = fixture.connect(filling);
          Connection two = fixture.connect(filling);
          Connection bystander = fixture.connect(other)) {
        assertThat(answer(one, megabyte)).isEqualTo("1");
        assertThat(answer(two, megabyte)).isEqualTo("1");
        assertThat(answer(one, megabyte)).isEqualTo("1");
        assertThat(answer(two, megabyte)).isIn("1", "refused 53400");
        assertThat(answer(one, "select 2")).isEqualTo("refused 53400");
        assertThat(answer(two, "select 2")).startsWith("refused");
        GatewayFixture.await(
            () -> fixture.controlPlane.reasons().equals(List.of("record-spent", "record-spent")));
        assertThatThrownBy(() -> fixture.connect(filling))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("as much into the log as one access may");
        assertThat(answer(bystander, "select 3")).isEqualTo("3");
        assertThat(fixture.controlPlane.events())
            .filteredOn(SessionEvent.Operation.class::isInstance)
            .filteredOn(event -> ((SessionEvent.Operation) event).kind().equals("execute"))
            .hasSize(5);
      }
    }
  }

  /// A statement whose result nobody fetches does not end, and holds its locks.
  @Test
  void whoFetchesNothingOfAResultIsEndedAndWhoFetchesSlowlyIsNot() throws Exception {
    var brief = new LiveSessions.SessionLimits(100, 50, HOLD, Duration.ofSeconds(3), GIGABYTE);
    String endless = "select repeat('x', 1000) from generate_series(1, 1000000)";
    try (var fixture = new GatewayFixture(brief, InstantSource.system())) {
      var access = fixture.approved(Level.READ);
      try (Connection deaf = fixture.connect(access, "&receiveBufferSize=8192");
          Connection slow = fixture.connect(access, "&receiveBufferSize=8192")) {
        for (Connection each : List.of(deaf, slow)) {
          Wire.of(each).write(Wire.query(endless));
          Wire.of(each).flush();
        }
        InputStream some = Wire.socket(slow).getInputStream();
        GatewayFixture.await(
            () -> {
              assertThat(read(some)).isPositive();
              return !fixture.controlPlane.reasons().isEmpty();
            });
        assertThat(fixture.controlPlane.reasons()).containsExactly("unfetched");
        assertThat(read(some)).isPositive();
        slow.abort(Runnable::run);
        deaf.abort(Runnable::run);
      }
      GatewayFixture.await(() -> GatewayFixture.sessionRoles() == 0);
    }
  }

  private static int read(InputStream from) {
    try {
      return from.read(new byte[64 * 1024]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aWallClockThatIsSetBackDoesNotLengthenAccess() throws Exception {
    AtomicReference<Duration> setBack = new AtomicReference<>(Duration.ZERO);
    InstantSource wall = () -> Instant.now().minus(setBack.get());
    try (var fixture =
        new GatewayFixture(new LiveSessions.SessionLimits(100, 50, HOLD, HOLD, GIGABYTE), wall)) {
      var access = fixture.approved(Level.READ, Duration.ofSeconds(4), Limits.UNWRITTEN);
      Instant end = fixture.tenant.clock().instant().plusSeconds(4);
      try (Connection connection = fixture.connect(access)) {
        setBack.set(Duration.ofHours(1));
        assertThat(answer(connection, "select 1")).isEqualTo("1");
        assertThat(answer(connection, "select pg_sleep(60)")).isEqualTo("refused 57P01");
        assertThat(Instant.now()).isBetween(end, end.plusSeconds(1));
      }
      GatewayFixture.await(() -> fixture.controlPlane.reasons().equals(List.of("expired")));
    }
  }
}
