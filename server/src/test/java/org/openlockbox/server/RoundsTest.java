package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A server that stops lets its rounds come to their end, for a while.
final class RoundsTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CompletableFuture<String> end = new CompletableFuture<>();

  /// What it writes meanwhile is written.
  private void round() {
    begun.countDown();
    try {
      goOn.await();
      end.complete("its own");
    } catch (InterruptedException e) {
      end.complete("interrupted");
    }
  }

  @Test
  void aRoundThatIsUnderWayIsNotInterrupted() throws Exception {
    var rounds = new Rounds(LONG);
    rounds.every(LONG, "a round", this::round);
    begun.await();
    var closing = Thread.startVirtualThread(rounds::close);
    Pause.until("it to wait", () -> closing.getState() == Thread.State.TIMED_WAITING);
    goOn.countDown();
    closing.join(Duration.ofMinutes(1));
    assertThat(end).isCompletedWithValue("its own");
  }

  @Test
  void aRoundThatDoesNotEndIsInterrupted() throws Exception {
    var rounds = new Rounds(Duration.ofMillis(1));
    rounds.every(LONG, "a round", this::round);
    begun.await();
    rounds.close();
    assertThat(end.get(1, TimeUnit.MINUTES)).isEqualTo("interrupted");
  }

  @Test
  void whoWaitsForTheNextRoundEndsAtOnce() {
    var rounds = new Rounds(LONG);
    rounds.every(LONG, "a round", begun::countDown);
    rounds.close();
    assertThat(begun.getCount()).isZero();
  }

  @Test
  void anErrorInARoundEndsNoFurtherRound() throws Exception {
    var tries = new CountDownLatch(3);
    var rounds = new Rounds(LONG);
    rounds.every(
        Duration.ofMillis(1),
        "a round",
        () -> {
          tries.countDown();
          throw new OutOfMemoryError("planted");
        });
    assertThat(tries.await(1, TimeUnit.MINUTES)).isTrue();
    rounds.close();
  }
}
