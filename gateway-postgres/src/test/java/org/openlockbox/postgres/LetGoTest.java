package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.history.ProvenGrant;
import org.openlockbox.core.testing.Reachable;

/// What stays in memory of accesses whose sessions have ended.
class LetGoTest {
  private static final int ACCESSES = 20;
  private static final String PROOF = ProvenGrant.class.getName();

  @Test
  void theProofThatLetASessionInGoesWithIt() throws Exception {
    long before = Reachable.of(PROOF);
    try (var fixture = new GatewayFixture()) {
      for (int i = 0; i < ACCESSES; i++) {
        try (var connection = fixture.connect(fixture.approved(Level.READ))) {
          assertThat(GatewayFixture.answer(connection, "select 1")).isEqualTo("1");
          assertThat(Reachable.of(PROOF)).isGreaterThan(before);
        }
      }
      GatewayFixture.await(() -> Reachable.of(PROOF) < before + ACCESSES / 4);
    }
  }
}
