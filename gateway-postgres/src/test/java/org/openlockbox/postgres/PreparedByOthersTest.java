package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.PreparingServer.HOLD;
import static org.openlockbox.postgres.PreparingServer.SOON;
import static org.openlockbox.postgres.PreparingServer.TOUCH;
import static org.openlockbox.postgres.testing.Answers.last;

import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.testing.WorkingTime;
import org.openlockbox.postgres.GatewayFixture.Access;

/// What the application has prepared keeps its locks while nobody is connected: sessions end all
/// the same, and where their role cannot go, that is told.
class PreparedByOthersTest {
  private static final PreparingServer SERVER = PreparingServer.start();
  private static final String CLOSING = "select lb.close_session";

  /// A try waits ten seconds for a lock.
  private static final Duration TWO_TRIES = Duration.ofSeconds(25);

  private final GatewayFixture fixture = SERVER.gateway();

  @AfterEach
  void nothingIsLeft() throws Exception {
    fixture.close();
    assertThat(SERVER.rollBack()).isEmpty();
    assertThat(SERVER.roles()).isZero();
  }

  @AfterAll
  static void stop() throws IOException {
    SERVER.close();
  }

  private void end(Access access) {
    fixture.controlPlane.end(access.asked().submission().id());
  }

  @Test
  void aSessionThatWaitsForARowOfItEnds() throws Exception {
    Access access = fixture.approved(Level.WRITE);
    try (Connection application = SERVER.application("postgres");
        Connection session = fixture.connect(access);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      last(application, HOLD + "; prepare transaction 'theirs'");
      assertThat(last(session, SOON + TOUCH)).isEqualTo("refused 55P03");
      last(session, "set lock_timeout = 0");
      var waiting = threads.submit(() -> last(session, TOUCH));
      GatewayFixture.await(() -> SERVER.waiting("update") == 1);
      var time = WorkingTime.start();
      end(access);
      assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo("refused 57P01");
      assertThat(time.soFar()).isLessThan(Duration.ofSeconds(5));
      GatewayFixture.await(() -> SERVER.roles() == 0);
      assertThat(last(application, "rollback prepared 'theirs'")).isEqualTo("0 rows");
    }
    fixture.close();
    assertThat(removalFailures()).isEmpty();
    assertThat(isReleased()).isTrue();
  }

  /// Whoever owns anything on the server can name the role in a right to it.
  @Test
  void aRoleThatItNamesIsToldOfAndGoesAfterwards() throws Exception {
    Access access = fixture.guarded(Level.READ);
    try (Connection application = SERVER.application("elsewhere");
        Connection session = fixture.connect(access)) {
      String grant =
          "begin; grant select on own.things to %s; prepare transaction 'theirs'"
              .formatted(last(session, "select session_user"));
      last(application, "create schema own create table things (id int)");
      assertThat(last(application, grant)).isEqualTo("0 rows");
      assertThat(SERVER.prepared()).isEqualTo(1);
      end(access);
      GatewayFixture.await(() -> SERVER.waiting(CLOSING) == 1);
      assertThat(last(session, "select 1")).startsWith("refused");
      fixture.pass(Duration.ofSeconds(30));
      GatewayFixture.await(TWO_TRIES, () -> !removalFailures().isEmpty());
      assertThat(SERVER.waiting(CLOSING)).as("no try waits any more").isLessThanOrEqualTo(1);
      assertThat(last(application, "rollback prepared 'theirs'")).isEqualTo("0 rows");
      GatewayFixture.await(TWO_TRIES, () -> SERVER.roles() == 0);
    }
    fixture.close();
    assertThat(removalFailures())
        .singleElement()
        .asString()
        .endsWith("is still there: the database did not come to it in time");
    assertThat(isReleased()).isTrue();
  }

  private List<String> removalFailures() {
    return fixture.controlPlane.events().stream()
        .filter(SessionEvent.RemovalFailed.class::isInstance)
        .map(event -> ((SessionEvent.RemovalFailed) event).why())
        .toList();
  }

  private boolean isReleased() {
    return fixture.controlPlane.events().stream()
        .anyMatch(event -> event instanceof SessionEvent.Closed closed && closed.released());
  }
}
