package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane.Appends;

/// What waits for a log that cannot be written is bounded: whoever goes on sending is not read any
/// more, and loses nothing.
class StalledLogTest {
  private static final int STATEMENTS = 100;
  private static final String LONG = "x".repeat(1024 * 1024);

  /// What may wait for the log, and a little for sockets and buffers: of a megabyte each.
  private static final int MOST = 64 + 8;

  @Test
  void aClientThatSendsOnWhileTheLogIsStalledIsNotReadAndLosesNothing() throws Exception {
    try (var fixture = new GatewayFixture(Duration.ofMinutes(2));
        var client = Executors.newVirtualThreadPerTaskExecutor();
        Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      fixture.controlPlane.appends(Appends.NOT_APPLIED);
      var sent = new AtomicInteger();
      Future<?> sending = client.submit(() -> send(connection, sent));
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThanOrEqualTo(MOST);
      assertThat(fixture.controlPlane.statements()).noneMatch(text -> text.endsWith(LONG));

      fixture.controlPlane.appends(Appends.WORK);
      sending.get(3, TimeUnit.MINUTES);
      GatewayFixture.await(
          () ->
              fixture.controlPlane.statements().stream().filter(text -> text.endsWith(LONG)).count()
                  == STATEMENTS);
    }
  }

  @Test
  void aMomentWithoutMemoryHoldsResultsAndNothingElse() throws Exception {
    try (var fixture = new GatewayFixture();
        var client = Executors.newVirtualThreadPerTaskExecutor();
        Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      fixture.controlPlane.appends(Appends.NO_MEMORY);
      Future<String> answer = client.submit(() -> GatewayFixture.answer(connection, "select 1"));
      Await.atLeast(Duration.ofMillis(300));
      assertThat(answer.isDone()).isFalse();
      fixture.controlPlane.appends(Appends.WORK);
      assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("1");
    }
  }

  private static Void send(Connection connection, AtomicInteger sent) throws IOException {
    var out = Wire.of(connection);
    for (int i = 0; i < STATEMENTS; i++) {
      out.write(Wire.query("select " + i + " -- " + LONG));
      out.flush();
      sent.incrementAndGet();
    }
    return null;
  }

  /// Until nothing more has been taken for a second.
  private static void awaitStandstill(AtomicInteger sent) {
    int before = -1;
    while (sent.get() == 0 || sent.get() != before) {
      before = sent.get();
      Await.atLeast(Duration.ofSeconds(1));
    }
  }
}
