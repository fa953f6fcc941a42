package org.openlockbox.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RepeatedFailuresTest {
  private final RepeatedFailures lasting =
      new RepeatedFailures(LoggerFactory.getLogger(RepeatedFailuresTest.class));

  @Test
  void aFaultIsNewsWhenItBeginsBecomesAnotherOneOrBeginsAgain() {
    assertThat(lasting.isNews("witness a", "cannot be reached")).isTrue();
    assertThat(lasting.isNews("witness a", "cannot be reached")).isFalse();
    assertThat(lasting.isNews("witness b", "cannot be reached")).isTrue();
    assertThat(lasting.isNews("witness a", "answers 404")).isTrue();
    lasting.over("witness a", "cosigns again");
    assertThat(lasting.isNews("witness a", "answers 404")).isTrue();
  }
}
