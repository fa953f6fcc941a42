package org.openlockbox.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.protocol.LoginTurns.LoginTurn;
import org.openlockbox.gateway.protocol.LoginTurns.NoTurn;
import org.openlockbox.gateway.testing.Await;

class LoginTurnsTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final SocketStates STATES = SocketStates.ofMachine();
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final AtomicLong nanos = new AtomicLong();

  private static LoginTurn turn(LoginTurns turns, TenantId tenant) {
    return (LoginTurn) turns.take(tenant, Optional.empty());
  }

  private static List<LoginTurn> fill(LoginTurns turns) {
    var taken = new ArrayList<LoginTurn>();
    for (int i = 0; i < LoginTurns.AT_ONCE; i++) {
      taken.add(turn(turns, ACME));
    }
    return taken;
  }

  @Test
  void howeverManyComeAFewAreServedAtOnceAndAllAreServed() throws InterruptedException {
    var turns = new LoginTurns(nanos::get, STATES, LONG);
    int logins = 10 * LoginTurns.AT_ONCE;
    var underWay = new AtomicInteger();
    var most = new AtomicInteger();
    var served = new CountDownLatch(logins);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < logins; i++) {
        threads.execute(
            () -> {
              try (var _ = turn(turns, ACME)) {
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                LockSupport.parkNanos(1_000);
                underWay.decrementAndGet();
              }
              served.countDown();
            });
      }
      served.await();
    }
    assertThat(most.get()).isLessThanOrEqualTo(LoginTurns.AT_ONCE);
    assertThat(fill(turns)).as("all turns were given back").hasSize(LoginTurns.AT_ONCE);
  }

  @Test
  void aTenantWithManyWaitsNoLongerThanItsRotation() throws InterruptedException {
    var turns = new LoginTurns(nanos::get, STATES, LONG);
    List<LoginTurn> first = fill(turns);
    BlockingQueue<String> served = new LinkedBlockingQueue<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        String name = "acme " + i;
        waits(threads.submit(() -> serve(turns, ACME, name, served)), turns, i + 1);
      }
      waits(threads.submit(() -> serve(turns, GLOBEX, "globex", served)), turns, 6);
      first.getFirst().close();
      assertThat(List.of(served.take(), served.take())).containsExactly("acme 0", "globex");
      assertThat(List.of(served.take(), served.take())).containsExactly("acme 1", "acme 2");
    }
  }

  private static void serve(
      LoginTurns turns, TenantId tenant, String name, BlockingQueue<String> served) {
    try (var _ = turn(turns, tenant)) {
      served.add(name);
    }
  }

  private static void waits(Object begun, LoginTurns turns, int expected) {
    assertThat(begun).isNotNull();
    Await.until(() -> turns.waiting() == expected);
  }

  /// Such as a program with a time limit: nothing is done for it any more, and whoever came after
  /// it comes first.
  @Test
  @EnabledOnOs(OS.LINUX)
  void whoHasLeftIsPassedOver() throws Exception {
    var turns = new LoginTurns(nanos::get, STATES, LONG);
    List<LoginTurn> first = fill(turns);
    try (var listening = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
        var leaves = new Socket(listening.getInetAddress(), listening.getLocalPort());
        var leaving = listening.accept();
        var stays = new Socket(listening.getInetAddress(), listening.getLocalPort());
        var staying = listening.accept();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var left = threads.submit(() -> turns.take(ACME, Optional.of(ends(leaving))));
      waits(left, turns, 1);
      var stayed = threads.submit(() -> turns.take(ACME, Optional.of(ends(staying))));
      waits(stayed, turns, 2);
      leaves.shutdownOutput();
      Await.until(() -> STATES.isGone(ends(leaving)));
      first.getFirst().close();
      assertThat(left.get()).isEqualTo(NoTurn.HAS_LEFT);
      assertThat(stayed.get()).isInstanceOf(LoginTurn.class);
      assertThat(stays.isClosed()).isFalse();
    }
  }

  private static SocketStates.Endpoints ends(Socket socket) {
    return new SocketStates.Endpoints(
        (InetSocketAddress) socket.getLocalSocketAddress(),
        (InetSocketAddress) socket.getRemoteSocketAddress());
  }

  @Test
  void whatTakesLongKeepsNobodyOut() {
    var turns = new LoginTurns(nanos::get, STATES, SHORT);
    List<LoginTurn> slow = fill(turns);
    assertThat(turns.take(GLOBEX, Optional.empty()))
        .as("nobody is done, and nobody is slow yet")
        .isEqualTo(NoTurn.TOO_LATE);
    nanos.addAndGet(LoginTurns.SLOW.toNanos());
    List<LoginTurn> next = fill(turns);
    assertThat(turns.take(GLOBEX, Optional.empty())).isEqualTo(NoTurn.TOO_LATE);
    slow.forEach(LoginTurn::close);
    assertThat(turns.take(GLOBEX, Optional.empty()))
        .as("a slow one's end makes no more room")
        .isEqualTo(NoTurn.TOO_LATE);
    next.getFirst().close();
    assertThat(turns.take(GLOBEX, Optional.empty())).isInstanceOf(LoginTurn.class);
  }

  @Test
  void whoHasWaitedTooLongIsNotCalledAnyMore() {
    var turns = new LoginTurns(nanos::get, STATES, SHORT);
    List<LoginTurn> taken = fill(turns);
    assertThat(turns.take(GLOBEX, Optional.empty())).isEqualTo(NoTurn.TOO_LATE);
    assertThat(turns.waiting()).isZero();
    taken.forEach(LoginTurn::close);
    assertThat(fill(turns)).hasSize(LoginTurns.AT_ONCE);
  }
}
