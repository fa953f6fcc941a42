package org.openlockbox.gateway.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.gateway.clock.ClockReading;
import org.openlockbox.gateway.controlplane.LeaseTerm;
import org.openlockbox.gateway.testing.Await;

class QueueReadingTest {
  private static final long BEGUN = 7_000_000_000L;
  private static final long TICK = 50_000_000L;
  private static final long PATIENCE = 150_000_000L;

  /// Whoever has all that was sent, if the queues could be read.
  private static final class Idle implements QueueReading.Connections {
    @Override
    public QueueReading.AcceptedBytes taken() {
      return new QueueReading.AcceptedBytes(1, 1);
    }

    @Override
    public boolean isSettled(SendQueues.EmptyQueues queues, QueueReading.AcceptedBytes before) {
      return before.equals(taken());
    }
  }

  private final Idle session = new Idle();
  @TempDir private Path directory;

  private static LeaseTerm term(long sent) {
    return new LeaseTerm(new ClockReading(sent, sent, sent), Duration.ofSeconds(1));
  }

  private QueueReading reading(SendQueues queues) {
    return QueueReading.begin(queues, Map.of(session, term(1)), BEGUN);
  }

  @Test
  void whatWasReadIsKnownWithoutWaiting() {
    QueueReading reading = reading(new SendQueues(List.of()));
    Await.until(() -> reading.of(session, BEGUN) != QueueReading.QueueState.OPEN);
    assertThat(reading.of(session, BEGUN)).isEqualTo(QueueReading.QueueState.SETTLED);
    assertThat(reading.covers(session, term(1))).isTrue();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aSystemThatDoesNotAnswerInTimeCostsWhoeverWaitsForItsConnection() throws Exception {
    Path silent = directory.resolve("tcp");
    assertThat(new ProcessBuilder("mkfifo", silent.toString()).start().waitFor()).isZero();
    QueueReading reading = reading(new SendQueues(List.of(silent)));
    assertThat(reading.of(session, BEGUN + TICK)).isEqualTo(QueueReading.QueueState.OPEN);
    assertThat(reading.of(session, BEGUN + PATIENCE)).isEqualTo(QueueReading.QueueState.OWES);
    Files.writeString(silent, "");
    Await.until(() -> reading.of(session, BEGUN) == QueueReading.QueueState.SETTLED);
  }

  @Test
  void aReadingIsOfOneTermAndOfTheSessionsThatItBeganWith() {
    QueueReading reading = reading(new SendQueues(List.of()));
    assertThat(reading.covers(session, term(2))).isFalse();
    assertThat(reading.covers(new Idle(), term(1))).isFalse();
    assertThat(reading.of(new Idle(), BEGUN)).isEqualTo(QueueReading.QueueState.OWES);
  }
}
