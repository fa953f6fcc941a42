package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;

/// Many sessions of which few do anything, held by another process: the idle ones cost the gateway
/// no thread and little memory, and each statement of the others is recorded and answered. 100
/// sessions; 1,000 with `-Dlockbox.long=true`.
class IdleSessionsTest {
  private static final int IDLE = Boolean.getBoolean("lockbox.long") ? 990 : 90;
  private static final int BUSY = 10;
  private static final int STATEMENTS = 100;
  private static final long BYTES_EACH = 64 * 1024;
  private static final LiveSessions.SessionLimits LIMITS =
      new LiveSessions.SessionLimits(
          1_100, 1_100, Duration.ofSeconds(30), Duration.ofMinutes(10), 1L << 30);

  @Test
  void theIdleCostNoThreadAndLittleMemoryAndHoldNobodyUp() throws Exception {
    try (var fixture = new GatewayFixture(LIMITS, InstantSource.system())) {
      var access = fixture.approved(Level.READ);
      List<Connection> busy = new ArrayList<>();
      for (int i = 0; i < BUSY; i++) {
        busy.add(fixture.connect(access));
      }
      GatewayFixture.await(() -> logins() == 0);
      long threads = Thread.getAllStackTraces().size();
      long heap = heap();
      Process holder = hold(fixture, access);
      try (var said = new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8))) {
        assertThat(said.readLine()).isEqualTo("here");
        GatewayFixture.await(() -> logins() == 0);
        assertThat(GatewayFixture.sessionRoles()).isEqualTo(BUSY + IDLE);
        assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo((int) threads + 5);
        assertThat((heap() - heap) / IDLE).isLessThan(BYTES_EACH);
        work(busy);
        assertThat(recorded(fixture)).isEqualTo(BUSY * STATEMENTS);
      } finally {
        holder.getOutputStream().close();
        holder.waitFor();
      }
      for (Connection each : busy) {
        each.close();
      }
    }
    GatewayFixture.await(() -> GatewayFixture.sessionRoles() == 0);
  }

  private static Process hold(GatewayFixture fixture, GatewayFixture.Access access)
      throws IOException {
    var builder =
        new ProcessBuilder(
                "/usr/bin/python3",
                "src/test/resources/tools/idle_sessions.py",
                Integer.toString(IDLE))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    var environment = builder.environment();
    environment.put("PGHOST", "127.0.0.1");
    environment.put("PGPORT", Integer.toString(fixture.gateway.port()));
    environment.put("PGDATABASE", "postgres");
    environment.put("PGUSER", access.user());
    environment.put("PGPASSWORD", GatewayFixture.PASSWORD);
    environment.put("PGSSLMODE", "require");
    return builder.start();
  }

  private static void work(List<Connection> busy) throws Exception {
    try (var engineers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<List<String>>> work =
          busy.stream()
              .map(
                  session ->
                      (Callable<List<String>>)
                          () ->
                              IntStream.range(0, STATEMENTS)
                                  .mapToObj(i -> GatewayFixture.answer(session, "select " + i))
                                  .toList())
              .toList();
      for (Future<List<String>> done : engineers.invokeAll(work)) {
        assertThat(done.get())
            .isEqualTo(IntStream.range(0, STATEMENTS).mapToObj(Integer::toString).toList());
      }
    }
  }

  private static long recorded(GatewayFixture fixture) {
    return fixture.controlPlane.statements().stream()
        .filter(text -> text.matches("select \\d+"))
        .count();
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long logins() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("login-"))
        .filter(thread -> !thread.getName().startsWith("login-deadlines"))
        .count();
  }
}
