package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.testing.WorkingTime;

/// Everything that strangers can do at the door, at once, from another process
/// (`attacks/raw_sockets.py`), while engineers work: nobody who is in notices, others get in, and
/// afterwards nothing is left.
@Tag("slow")
class SecondProcessTest {
  private static final Path ATTACKS = Path.of("src/test/resources/attacks/raw_sockets.py");
  private static final Duration NOTICED = Duration.ofSeconds(8);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final long KEPT = 32L * 1024 * 1024;

  /// What others met with meanwhile.
  private record Work(int statements, int logins, Duration slowest) {}

  @Test
  void theDoorHoldsAndOthersGoOn() throws Exception {
    try (var fixture = new GatewayFixture();
        var engineers = Executors.newVirtualThreadPerTaskExecutor();
        Connection session = fixture.connect(fixture.approved(Level.READ))) {
      long heap = heap();
      Process strangers =
          new ProcessBuilder(
                  "/usr/bin/python3", ATTACKS.toString(), Integer.toString(fixture.gateway.port()))
              .redirectErrorStream(true)
              .start();
      Future<Work> work = engineers.submit(() -> work(fixture, session, strangers));
      String said = new String(strangers.getInputStream().readAllBytes(), UTF_8);
      assertThat(strangers.waitFor(1, TimeUnit.MINUTES)).isTrue();
      System.out.print(said);
      System.out.println(work.get());
      assertThat(strangers.exitValue()).as(said).isZero();
      assertThat(work.get().statements()).isGreaterThan(100);
      assertThat(work.get().logins()).isGreaterThan(5);
      assertThat(work.get().slowest()).isLessThan(NOTICED);
      GatewayFixture.await(() -> visitors() == 0);
      assertThat(heap() - heap).isLessThan(KEPT);
    }
  }

  /// Statements in a session, and now and then a new login, until the strangers have gone.
  private static Work work(GatewayFixture fixture, Connection session, Process strangers)
      throws SQLException {
    int statements = 0;
    int logins = 0;
    Duration slowest = Duration.ZERO;
    while (strangers.isAlive()) {
      var time = WorkingTime.start();
      if (++statements % 20 == 0) {
        try (Connection another = fixture.connect(fixture.approved(Level.READ))) {
          assertThat(GatewayFixture.answer(another, "select 1")).isEqualTo("1");
          logins++;
        }
      } else {
        assertThat(GatewayFixture.answer(session, "select 1")).isEqualTo("1");
      }
      Duration took = time.soFar();
      slowest = took.compareTo(slowest) > 0 ? took : slowest;
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return new Work(statements, logins, slowest);
  }

  /// What is reachable, after a collection.
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// The threads that serve somebody who is not in yet.
  private static long visitors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("login-"))
        .filter(thread -> !thread.getName().equals("login-deadlines"))
        .count();
  }
}
