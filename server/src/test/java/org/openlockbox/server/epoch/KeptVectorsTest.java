package org.openlockbox.server.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.server.problem.Problem;

class KeptVectorsTest {
  private final SettableClock clock = new SettableClock();
  private final KeptVectors vectors = new KeptVectors(clock);
  private final List<Long> built = new ArrayList<>();

  private Vector ask(long epoch) {
    return vectors.get(
        epoch,
        wanted -> {
          built.add(wanted);
          return Vector.of(wanted, List.of());
        });
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
    for (long epoch = 0; epoch < KeptVectors.BUILDS; epoch++) {
      ask(epoch);
    }
    assertThatThrownBy(() -> ask(1_000)).isInstanceOf(Problem.class).hasMessageContaining("often");
    assertThat(ask(KeptVectors.BUILDS - 1).epoch()).isEqualTo(KeptVectors.BUILDS - 1);
    clock.advance(Duration.ofMinutes(1));
    assertThat(ask(1_000).epoch()).isEqualTo(1_000);
    assertThat(built).hasSize(KeptVectors.BUILDS + 1);
  }
}
