package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.log.SessionEvent;

/// What is heard of an access while its last statement still may come to its end.
class SoftEndTest {
  private static final Duration GRANTED = Duration.ofSeconds(3);
  private static final Limits SOFT =
      Limits.UNWRITTEN.withSoftEnd(new SoftEnd(Duration.ofSeconds(30)));

  private final GatewayFixture fixture = new GatewayFixture();
  private final GatewayFixture.Access access = fixture.approved(Level.READ, GRANTED, SOFT);
  private final Instant end = fixture.tenant.clock().instant().plus(GRANTED);

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @FunctionalInterface
  private interface Use {
    void of(Future<String> statement) throws Exception;
  }

  private void whileItFinishes(String sql, Use use) throws Exception {
    try (Connection connection = fixture.connect(access);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> statement = threads.submit(() -> answer(connection, sql));
      GatewayFixture.await(() -> Instant.now().isAfter(end.plusMillis(300)));
      use.of(statement);
    }
  }

  @Test
  void aSessionThatIsStoppedThenComesToNoEndOfItsOwn() throws Exception {
    whileItFinishes(
        "select pg_sleep(25)",
        statement -> {
          assertThat(statement.isDone()).isFalse();
          fixture.controlPlane.stop(
              fixture.controlPlane.events().stream()
                  .filter(SessionEvent.Opened.class::isInstance)
                  .map(SessionEvent.Opened.class::cast)
                  .findFirst()
                  .orElseThrow()
                  .of());
          assertThat(statement.get(10, TimeUnit.SECONDS)).isEqualTo("refused 57P01");
        });
    GatewayFixture.await(() -> fixture.controlPlane.reasons().contains("stopped"));
  }

  /// The control plane names every access that is over; one that was revoked it names with its
  /// sessions as well.
  @Test
  void thatTheAccessIsOverIsNoNews() throws Exception {
    whileItFinishes(
        "select 'finished' from pg_sleep(5)",
        statement -> {
          fixture.controlPlane.end(access.asked().submission().id());
          assertThat(statement.get(20, TimeUnit.SECONDS)).isEqualTo("finished");
          GatewayFixture.await(() -> fixture.controlPlane.reasons().contains("expired"));
        });
  }
}
