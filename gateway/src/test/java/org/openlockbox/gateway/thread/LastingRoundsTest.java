package org.openlockbox.gateway.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LastingRoundsTest {
  private final LastingRounds rounds =
      new LastingRounds(LoggerFactory.getLogger(LastingRoundsTest.class), "a test");

  @Test
  void whatGoesWrongInOneRoundEndsNoOther() throws InterruptedException {
    List<Integer> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int round = i;
      rounds.run(
          () -> {
            made.add(round);
            if (round == 0) {
              throw new OutOfMemoryError("planted");
            }
            if (round == 1) {
              throw new IllegalStateException("planted");
            }
          });
    }
    assertThat(made).containsExactly(0, 1, 2);
  }

  @Test
  void whoIsInterruptedEnds() {
    assertThatThrownBy(
            () ->
                rounds.run(
                    () -> {
                      throw new InterruptedException();
                    }))
        .isInstanceOf(InterruptedException.class);
  }
}
