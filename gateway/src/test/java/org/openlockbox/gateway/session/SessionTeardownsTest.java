package org.openlockbox.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionTeardownsTest {
  private static final int MANY = 100;

  @Test
  void clientsAreToldAheadOfWhatIsTakenDown() throws Exception {
    var told = new AtomicInteger();
    Queue<Integer> toldBefore = new ConcurrentLinkedQueue<>();
    var down = new CountDownLatch(MANY);
    try (var endings = new SessionTeardowns()) {
      for (int i = 0; i < MANY; i++) {
        endings.add(
            told::incrementAndGet,
            () -> {
              toldBefore.add(told.get());
              down.countDown();
            });
      }
      endings.start();
      assertThat(down.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(toldBefore).hasSize(MANY).allMatch(before -> before >= 40);
  }

  @Test
  void whoCannotBeToldIsTakenDownAllTheSameAndSoAreTheOthers() throws Exception {
    var down = new CountDownLatch(2);
    try (var endings = new SessionTeardowns()) {
      endings.add(
          () -> {
            throw new OutOfMemoryError("planted");
          },
          down::countDown);
      endings.add(() -> {}, down::countDown);
      endings.start();
      assertThat(down.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatCannotBeTakenDownNowIsTakenDownLater() throws Exception {
    var lacking = new AtomicInteger(2);
    var down = new CountDownLatch(2);
    try (var endings =
        new SessionTeardowns(
            work -> {
              if (lacking.getAndDecrement() > 0) {
                throw new OutOfMemoryError("planted");
              }
              Thread.startVirtualThread(work);
            })) {
      endings.add(() -> {}, down::countDown);
      endings.add(() -> {}, down::countDown);
      endings.start();
      assertThat(down.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
