package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettledSessionTest {
  @Test
  void ofASessionThatHasEndedOnlyWhatItsClientHasNotFetchedIsThrownAway() throws Exception {
    assertThat(FuzzedSession.start().settledBeforeAndAfterItsEnd())
        .containsExactly(false, true, false);
  }
}
