package org.openlockbox.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.testing.LogAlone;

class LoginLookupsTest {
  private final Semaphore asked = new Semaphore(0);
  private final Semaphore answers = new Semaphore(0);
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  private final class Slow extends LogAlone {
    @Override
    public void append(List<GatewayEntry> entries) {}

    @Override
    public Optional<ConnectOffer> connect(String user) {
      most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      asked.release();
      answers.acquireUninterruptibly();
      underWay.decrementAndGet();
      return Optional.empty();
    }
  }

  @Test
  void howeverManyLogInAFewAreAskedForAtOnceAndAllAreAnswered() {
    var lookups = new LoginLookups(new Slow());
    int strangers = 5 * LoginLookups.AT_ONCE;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < strangers; i++) {
        threads.execute(() -> assertThat(lookups.find("nobody")).isEmpty());
      }
      asked.acquireUninterruptibly(LoginLookups.AT_ONCE);
      answers.release(strangers);
      asked.acquireUninterruptibly(strangers - LoginLookups.AT_ONCE);
    }
    assertThat(most.get()).isEqualTo(LoginLookups.AT_ONCE);
  }
}
