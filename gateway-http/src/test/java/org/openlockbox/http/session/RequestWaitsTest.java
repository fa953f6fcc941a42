package org.openlockbox.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.testing.Await;

class RequestWaitsTest {
  private final RequestWaits waits = new RequestWaits();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RequestWaits.SessionWaits session = waits.session();
  private final AtomicBoolean holds = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger looks = new AtomicInteger();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    waits.close();
  }

  private CompletableFuture<Boolean> waiting() {
    CompletableFuture<Boolean> waited = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            waited.complete(session.await(this::looked, over::get));
          } catch (InterruptedException e) {
            waited.completeExceptionally(e);
          }
        });
    Await.until(() -> looks.get() > 0);
    return waited;
  }

  private boolean looked() {
    looks.incrementAndGet();
    return holds.get();
  }

  /// As when a lease is renewed, of which nobody tells it.
  @Test
  void aRequestThatNobodyWakesLooksByItself() {
    CompletableFuture<Boolean> waited = waiting();
    assertThat(waited).isNotDone();
    holds.set(true);
    assertThat(waited.join()).isTrue();
  }

  @Test
  void aRequestOfASessionThatIsOverWaitsNoLonger() {
    CompletableFuture<Boolean> waited = waiting();
    over.set(true);
    session.wake();
    assertThat(waited.join()).isFalse();
  }

  /// Without the look that comes by itself: what is closed looks at nobody.
  @Test
  void aWakeIsForItsSessionAlone() {
    waits.close();
    CompletableFuture<Boolean> waited = waiting();
    RequestWaits.SessionWaits another = waits.session();
    CompletableFuture<Boolean> other = new CompletableFuture<>();
    AtomicInteger looksOfOther = new AtomicInteger();
    threads.execute(
        () -> {
          try {
            other.complete(another.await(() -> looksOfOther.incrementAndGet() > 1, () -> false));
          } catch (InterruptedException e) {
            other.completeExceptionally(e);
          }
        });
    Await.until(() -> looksOfOther.get() > 0);
    int before = looks.get();
    holds.set(true);
    another.wake();
    assertThat(other.join()).isTrue();
    assertThat(looks).hasValue(before);
    session.wake();
    assertThat(waited.join()).isTrue();
  }

  @Test
  void aRequestThatIsInterruptedGivesUp() {
    CompletableFuture<Boolean> waited = waiting();
    threads.shutdownNow();
    assertThat(waited).failsWithin(Duration.ofSeconds(10));
  }
}
