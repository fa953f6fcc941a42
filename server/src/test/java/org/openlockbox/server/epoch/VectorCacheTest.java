package org.openlockbox.server.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.server.problem.Problem;

class VectorCacheTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");

  private final SettableClock clock = new SettableClock();
  private final VectorCache vectors = new VectorCache(clock);
  private final List<Long> built = Collections.synchronizedList(new ArrayList<>());

  private Vector ask(long epoch) {
    return ask(ACME, epoch);
  }

  private Vector ask(TenantId tenant, long epoch) {
    return vectors.any(tenant, epoch, this::build);
  }

  private Vector build(long epoch) {
    built.add(epoch);
    return Vector.of(epoch, List.of());
  }

  @Test
  void manyReadersOfOneEpochCostOneBuild() {
    vectors.keep(Vector.of(7, List.of()));
    for (int i = 0; i < 1000; i++) {
      assertThat(ask(7).epoch()).isEqualTo(7);
      assertThat(ask(3).epoch()).isEqualTo(3);
    }
    assertThat(built).containsExactly(3L);
  }

  @Test
  void pastEpochsAreBuiltOnlySoOftenAMinute() {
    for (long epoch = 0; epoch < VectorCache.BUILDS; epoch++) {
      ask(epoch);
    }
    assertThatThrownBy(() -> ask(1_000)).isInstanceOf(Problem.class).hasMessageContaining("often");
    assertThat(ask(VectorCache.BUILDS - 1).epoch()).isEqualTo(VectorCache.BUILDS - 1);
    clock.advance(Duration.ofMinutes(1));
    assertThat(ask(1_000).epoch()).isEqualTo(1_000);
    assertThat(built).hasSize(VectorCache.BUILDS + 1);
  }

  @Test
  void whatOneTenantAsksForTakesNothingFromTheOthers() {
    for (long epoch = 0; epoch < VectorCache.BUILDS; epoch++) {
      ask(epoch);
    }
    assertThatThrownBy(() -> ask(1_000)).isInstanceOf(Problem.class);
    assertThat(ask(GLOBEX, 1_000).epoch()).isEqualTo(1_000);
    assertThat(vectors.newest(1_001, this::build).epoch()).isEqualTo(1_001);
  }

  @Test
  void pastEpochsDoNotPushOutTheNewest() {
    vectors.keep(Vector.of(1_000, List.of()));
    vectors.newest(900, this::build);
    for (long epoch = 0; epoch < VectorCache.BUILDS; epoch++) {
      ask(epoch);
    }
    built.clear();
    vectors.newest(1_000, this::build);
    vectors.newest(900, this::build);
    assertThat(built).isEmpty();
  }

  @Test
  void nobodyWaitsForTheBuildOfAPastEpochButThoseWhoAskForPastOnes() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow =
          threads.submit(
              () ->
                  vectors.any(
                      ACME,
                      1,
                      wanted -> {
                        begun.countDown();
                        await(goOn);
                        return build(wanted);
                      }));
      begun.await();
      var newest = threads.submit(() -> vectors.newest(1_000, this::build));
      try {
        assertThat(newest.get(20, TimeUnit.SECONDS).epoch()).isEqualTo(1_000);
      } finally {
        goOn.countDown();
      }
      assertThat(slow.get(20, TimeUnit.SECONDS).epoch()).isEqualTo(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
