package org.openlockbox.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.fence.FenceCheck;
import org.openlockbox.postgres.fence.Helpdesk;

class FenceWatchTest {
  private static final Helpdesk HELPDESK = Helpdesk.fenced("watched");
  private static final TenantId ACME = new TenantId("acme");
  private static final Duration WITHIN = Duration.ofSeconds(10);

  @AfterAll
  static void close() {
    HELPDESK.dropSessions();
  }

  private static void open(SessionRoles roles) {
    roles.open(ACME, Level.READ, Tables.ALL, Instant.now().plusSeconds(300), Helpdesk.session());
  }

  /// Planning all that a look asks costs as much as asking it.
  @Test
  void aLookUsesWhatEarlierOnesHavePrepared() throws SQLException {
    var gateway = new GatewayBoot(new GatewayId("gw-1"), "00000000000000dd");
    var spec = HELPDESK.spec();
    try (var connection = AdminConnections.to(spec.address(), "unused", gateway).dial()) {
      for (int look = 0; look < 6; look++) {
        assertThat(FenceCheck.report(connection, spec).deviations()).isEmpty();
      }
      String prepared = prepared(connection);
      assertThat(FenceCheck.report(connection, spec).deviations()).isEmpty();
      assertThat(prepared(connection)).isEqualTo(prepared).contains(" ");
    }
  }

  private static String prepared(Connection connection) {
    return Helpdesk.answer(
        connection, "select string_agg(name, ' ' order by name) from pg_prepared_statements");
  }

  @Test
  void aDatabaseThatHangsKeepsNobodyFromLookingAtAnother() throws Exception {
    var asked = new CountDownLatch(1);
    var answers = new CountDownLatch(1);
    AdminConnections dead =
        () -> {
          asked.countDown();
          try {
            answers.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new SQLException("no answer", "08006");
        };
    try (var hanging = HELPDESK.roles("00000000000000bb", dead);
        var healthy = HELPDESK.roles("00000000000000cc")) {
      Thread opening = Thread.ofVirtual().start(() -> open(hanging));
      asked.await();
      open(healthy);
      assertThat(healthy.holds()).as("nobody has looked").isFalse();
      try (var watch = new FenceWatch(List.of(hanging, healthy)).start()) {
        assertThat(watch).isNotNull();
        long deadline = System.nanoTime() + WITHIN.toNanos();
        while (!healthy.holds() && System.nanoTime() - deadline < 0) {
          LockSupport.parkNanos(5_000_000L);
        }
        assertThat(healthy.holds()).isTrue();
        assertThat(answers.getCount()).as("it still hangs").isOne();
      } finally {
        answers.countDown();
        opening.join();
      }
    }
  }

  /// The JDK lists platform threads alone.
  @Test
  void aLookThatHangsPinsNoCarrierOfVirtualThreads() {
    try (var roles = HELPDESK.roles("00000000000000dd");
        var watch = new FenceWatch(List.of(roles)).start()) {
      assertThat(watch).isNotNull();
      assertThat(Thread.getAllStackTraces().keySet())
          .anyMatch(thread -> thread.getName().startsWith("fence-watch-") && thread.isDaemon());
    }
  }
}
