package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.relay.CopyPhase.IN;
import static org.openlockbox.postgres.relay.CopyPhase.NONE;
import static org.openlockbox.postgres.relay.CopyPhase.OUT;

import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.wire.WireViolation;

class CopyPhaseTest {
  @Test
  void aCopyGoesOneWay() {
    assertThat(NONE.beginOut()).isEqualTo(OUT);
    assertThat(NONE.beginIn()).isEqualTo(IN);
    assertThatThrownBy(IN::beginOut).isInstanceOf(WireViolation.class);
    assertThatThrownBy(OUT::beginIn).isInstanceOf(WireViolation.class);
  }

  @Test
  void theDatabaseEndsWhatItSendsAndNotWhatTheClientDoes() {
    assertThat(OUT.endOut()).isEqualTo(NONE);
    assertThat(IN.endOut()).isEqualTo(IN);
    assertThat(NONE.endOut()).isEqualTo(NONE);
  }
}
