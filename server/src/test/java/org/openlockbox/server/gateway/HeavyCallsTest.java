package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;

/// What a gateway sends in one heavy call does not hold up the others' light ones for longer than
/// one such transaction takes.
class HeavyCallsTest {
  private static final SessionId SESSION = SessionId.random(new SecureRandom());

  private final List<List<AppendCall>> groups = new ArrayList<>();
  private final Semaphore committed = new Semaphore(0);
  private final CountDownLatch answers = new CountDownLatch(1);

  private static AppendCall call(String gateway, int textBytes) {
    var id = new GatewayId(gateway);
    var sent =
        new SubmittedEntry(
            new TenantId("acme"),
            new SessionEvent.Outcome(SESSION, 0, OutcomeStatus.SQL_DONE, 1, 1, 0, Optional.empty()),
            GatewayStamp.of(id, "00000000000f0225", 0),
            List.of(new OpenedText(Bytes.of(new byte[16]), Bytes.of(new byte[textBytes]))));
    return new AppendCall(id, "00000000000f0225", List.of(sent));
  }

  private static AppendCall light(String gateway) {
    return call(gateway, 10);
  }

  private static AppendCall heavy(String gateway) {
    return call(gateway, (int) GroupCommit.HEAVY);
  }

  private void commit(List<AppendCall> group) {
    synchronized (groups) {
      groups.add(group);
    }
    committed.release();
    try {
      answers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// From a virtual thread, which queues it and leaves the commit to the group's own thread.
  private static void add(GroupCommit commit, AppendCall call) throws InterruptedException {
    Thread.startVirtualThread(() -> commit.add(call)).join();
  }

  @Test
  void aGroupThatFindsNoMemoryKeepsNoLaterOneFromItsCommit() throws InterruptedException {
    var failed = new Semaphore(0);
    Consumer<List<AppendCall>> failing =
        group -> {
          failed.release();
          throw new OutOfMemoryError("thrown by a test");
        };
    try (var commit = new GroupCommit(failing)) {
      for (int i = 0; i < 3; i++) {
        add(commit, light("gw-" + i));
        assertThat(failed.tryAcquire(10, TimeUnit.SECONDS)).as("group " + i).isTrue();
      }
      assertThat(commit.isRunning()).isTrue();
    }
  }

  @Test
  void heavyCallsAndLightOnesTakeTurns() throws InterruptedException {
    var calls = List.of(light("gw-1"), heavy("gw-2"), light("gw-3"), heavy("gw-4"), light("gw-5"));
    try (var commit = new GroupCommit(this::commit)) {
      add(commit, light("gw-0"));
      committed.acquire();
      for (AppendCall call : calls) {
        add(commit, call);
      }
      answers.countDown();
      assertThat(committed.tryAcquire(2, 10, TimeUnit.SECONDS)).as("two groups").isTrue();
    }
    assertThat(groups.subList(1, 3))
        .containsExactly(
            List.of(calls.get(1), calls.get(3)), List.of(calls.get(0), calls.get(2), calls.get(4)));
  }
}
