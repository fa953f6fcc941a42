package org.openlockbox.postgres.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.batch.BatchPhase.ENDED;
import static org.openlockbox.postgres.batch.BatchPhase.ENDED_FAILED;
import static org.openlockbox.postgres.batch.BatchPhase.FAILED;
import static org.openlockbox.postgres.batch.BatchPhase.FAILED_FOR_CLIENT;
import static org.openlockbox.postgres.batch.BatchPhase.OPEN;
import static org.openlockbox.postgres.batch.BatchPhase.SYNC_DUE;
import static org.openlockbox.postgres.batch.BatchPhase.UNDECIDED;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// The table of [BatchPhase], state by state: what is not in it cannot happen.
class BatchPhaseTest {
  private static Map<BatchPhase, BatchPhase> moves(UnaryOperator<BatchPhase> by) {
    var moves = new EnumMap<BatchPhase, BatchPhase>(BatchPhase.class);
    for (BatchPhase from : BatchPhase.values()) {
      try {
        moves.put(from, by.apply(from));
      } catch (IllegalStateException e) {
        // not in the table
      }
    }
    return moves;
  }

  @Test
  void theClientEndsWhatIsOpenOnce() {
    assertThat(moves(BatchPhase::end))
        .isEqualTo(
            Map.of(OPEN, ENDED, FAILED_FOR_CLIENT, ENDED, UNDECIDED, ENDED, FAILED, ENDED_FAILED));
  }

  @Test
  void aQueryFollowsOnlyWhereNothingHasFailed() {
    assertThat(moves(BatchPhase::queryFollows)).isEqualTo(Map.of(OPEN, UNDECIDED));
    assertThatThrownBy(FAILED::queryFollows).hasMessageContaining("FAILED");
  }

  @Test
  void anErrorOfTheServerFailsEachStateOnce() {
    assertThat(moves(BatchPhase::fail))
        .isEqualTo(
            Map.of(
                OPEN, FAILED,
                FAILED_FOR_CLIENT, FAILED,
                FAILED, FAILED,
                UNDECIDED, SYNC_DUE,
                ENDED, ENDED_FAILED,
                ENDED_FAILED, ENDED_FAILED,
                SYNC_DUE, SYNC_DUE));
  }

  @Test
  void anErrorThatTheClientAloneIsToldChangesWhatItMayStillAdd() {
    var moves = moves(BatchPhase::tellClientOfError);
    assertThat(moves.get(OPEN)).isEqualTo(FAILED_FOR_CLIENT);
    moves.remove(OPEN);
    assertThat(moves).allSatisfy((from, to) -> assertThat(to).isEqualTo(from));
  }

  @Test
  void theSyncIsDueOnce() {
    var moves = moves(BatchPhase::sendSync);
    assertThat(moves.get(SYNC_DUE)).isEqualTo(ENDED_FAILED);
    moves.remove(SYNC_DUE);
    assertThat(moves).allSatisfy((from, to) -> assertThat(to).isEqualTo(from));
  }

  @Test
  void eachStateSaysWhoMayGoOn() {
    assertThat(where(BatchPhase::isOpen))
        .isEqualTo(EnumSet.of(OPEN, FAILED_FOR_CLIENT, FAILED, UNDECIDED));
    assertThat(where(BatchPhase::hasFailed)).isEqualTo(EnumSet.of(FAILED, ENDED_FAILED, SYNC_DUE));
  }

  private static Set<BatchPhase> where(Predicate<BatchPhase> holds) {
    var all = EnumSet.allOf(BatchPhase.class);
    all.removeIf(holds.negate());
    return all;
  }
}
