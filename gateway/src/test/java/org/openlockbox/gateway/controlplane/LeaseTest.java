package org.openlockbox.gateway.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.clock.ClockReading;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.testing.FakeControlPlane;

class LeaseTest {
  private static final RequestId ENDED = new RequestId("R-7K3F92QX4M");

  private final Clocks clocks =
      new Clocks(InstantSource.system(), System::nanoTime, System::nanoTime);
  private final FakeControlPlane controlPlane =
      new FakeControlPlane(
          new TenantFixture("acme", 1, new SettableClock(SettableClock.START)),
          GatewayIdentity.starting(TenantFixture.GATEWAY, new SecureRandom()));
  private final List<Boolean> allowed = new ArrayList<>();

  private boolean allows(Lease lease) {
    return lease.newest().mayRelease(clocks.read());
  }

  /// Hears what an answer says, before the lease is there to be asked.
  private final class Heeding implements Lease.LeaseListener {
    private @Nullable Lease lease;

    @Override
    public void renewed(LeaseAnswer answer) {
      if (allowed.isEmpty()) {
        allowed.add(allows(Objects.requireNonNull(lease)));
      }
    }
  }

  /// As a login does, a balancer waits a moment for the next one. A machine that stood still does
  /// not, nor does a gateway that has never had one.
  @Test
  void aLeaseThatHasJustLapsedCountsForThoseWhoWaitForTheNext() {
    var sent = new ClockReading(0, 0, 0);
    var term = new LeaseTerm(sent, Duration.ofSeconds(1));
    var wait = Lease.COMES_WITHIN;
    assertThat(term.isGoodOrWas(after(900), wait)).isTrue();
    assertThat(term.mayRelease(after(3_900))).isFalse();
    assertThat(term.isGoodOrWas(after(3_900), wait)).isTrue();
    assertThat(term.isGoodOrWas(after(4_100), wait)).isFalse();
    assertThat(term.isGoodOrWas(new ClockReading(0, 500_000_000L, 0), wait)).isFalse();
    assertThat(LeaseTerm.NONE.isGoodOrWas(sent, wait)).isFalse();
  }

  private static ClockReading after(long millis) {
    long nanos = millis * 1_000_000L;
    return new ClockReading(nanos, nanos, nanos);
  }

  @Test
  void whatAnAnswerSaysIsInForceBeforeItAllowsAnything() {
    var heeding = new Heeding();
    try (Lease lease = new Lease(controlPlane, List::of, heeding, clocks)) {
      heeding.lease = lease;
      lease.start();
      assertThat(allowed).containsExactly(false);
      assertThat(allows(lease)).isTrue();
    }
  }

  @Test
  void anAnswerThatCannotBePutInForceAllowsNothing() {
    Lease.LeaseListener failing =
        answer -> {
          throw new IllegalStateException("a session does not end");
        };
    try (Lease lease = new Lease(controlPlane, List::of, failing, clocks)) {
      lease.start();
      assertThat(allows(lease)).isFalse();
    }
  }

  @Test
  void afterTheEndNothingIsAllowed() {
    Lease lease = new Lease(controlPlane, List::of, answer -> {}, clocks).start();
    assertThat(allows(lease)).isTrue();
    lease.close();
    assertThat(allows(lease)).isFalse();
  }

  /// One call gets no answer for as long as the test likes.
  private static final class Swallowing {
    private static final Duration LONGER_THAN_ANY_WAIT = Duration.ofMinutes(2);

    private final CountDownLatch swallowed = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicBoolean first = new AtomicBoolean();

    LeaseAnswer ask() {
      if (first.compareAndSet(true, false)) {
        swallowed.countDown();
        awaitOpen(answered, LONGER_THAN_ANY_WAIT);
        return new LeaseAnswer(Duration.ofSeconds(1), Set.of(ENDED), Set.of());
      }
      return new LeaseAnswer(Duration.ofSeconds(1), Set.of(), Set.of());
    }
  }

  private static void awaitOpen(CountDownLatch latch) {
    awaitOpen(latch, Duration.ofSeconds(10));
  }

  private static void awaitOpen(CountDownLatch latch, Duration atMost) {
    try {
      assertThat(latch.await(atMost.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("it never became true").isNegative();
      LockSupport.parkNanos(1_000_000L);
    }
  }

  @Test
  void whileOneQuestionHangsOthersRenewTheLease() {
    var swallowing = new Swallowing();
    controlPlane.leases(swallowing::ask);
    try (Lease lease = new Lease(controlPlane, List::of, answer -> {}, clocks).start()) {
      swallowing.first.set(true);
      awaitOpen(swallowing.swallowed);
      LeaseTerm before = lease.newest();
      await(() -> before.isOlderThan(lease.newest()) && allows(lease));
      LeaseTerm second = lease.newest();
      await(() -> second.isOlderThan(lease.newest()));
      assertThat(swallowing.answered.getCount()).as("it still hangs").isOne();
      swallowing.answered.countDown();
    }
  }

  @Test
  void anAnswerThatWasOvertakenIsHeededAndAllowsNothing() {
    var swallowing = new Swallowing();
    controlPlane.leases(swallowing::ask);
    List<LeaseTerm> whenItCame = new CopyOnWriteArrayList<>();
    AtomicReference<Lease> made = new AtomicReference<>();
    Lease.LeaseListener heeding =
        answer -> {
          if (answer.ended().contains(ENDED)) {
            whenItCame.add(made.get().newest());
          }
        };
    try (Lease lease = new Lease(controlPlane, List::of, heeding, clocks)) {
      made.set(lease);
      lease.start();
      swallowing.first.set(true);
      awaitOpen(swallowing.swallowed);
      LeaseTerm before = lease.newest();
      await(() -> before.isOlderThan(lease.newest()));
      swallowing.answered.countDown();
      await(() -> !whenItCame.isEmpty());
      await(() -> !whenItCame.getFirst().equals(lease.newest()));
      assertThat(lease.newest().isOlderThan(whenItCame.getFirst())).isFalse();
    }
  }

  @Test
  void aMomentWithoutMemoryTakesNoLease() {
    var stumbles = new AtomicBoolean();
    Clocks stumbling =
        new Clocks(
            InstantSource.system(),
            System::nanoTime,
            () -> {
              if (Thread.currentThread().getName().equals("lease") && stumbles.getAndSet(false)) {
                throw new OutOfMemoryError("thrown by a test");
              }
              return System.nanoTime();
            });
    try (Lease lease = new Lease(controlPlane, List::of, answer -> {}, stumbling).start()) {
      stumbles.set(true);
      await(() -> !stumbles.get());
      LeaseTerm before = lease.newest();
      await(() -> before.isOlderThan(lease.newest()));
    }
  }
}
