package org.openlockbox.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.HungLine;
import org.openlockbox.server.LockboxServer;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;

/// Who asks whether a server is ready is told soon, also while its database says nothing: a monitor
/// that waits for the answer takes the whole server for dead.
final class HungDatabaseTest {
  /// Prometheus waits ten seconds by default, and load balancers often three.
  private static final Duration SOON = Duration.ofSeconds(3);

  private static ServerCondition askedSoon(LockboxServer server) {
    long began = System.nanoTime();
    var told = server.condition();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
    return told;
  }

  @Test
  void whoAsksIsToldSoonEachTime() throws Exception {
    try (var server = new TestServer();
        var line = new HungLine(server.databasePort())) {
      var behind = server.startThrough(line.host(), server.remembering());
      Pause.until("it is ready", () -> behind.condition().isReady());
      line.hang();
      Pause.until("it is not ready", () -> !askedSoon(behind).isReady());
      for (int i = 0; i < 5; i++) {
        assertThat(askedSoon(behind).databaseAnswers()).isFalse();
      }
    }
  }
}
