package org.openlockbox.core.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lengths of time as people type them.
final class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "PT2H, PT2H",
    "pt90m, PT1H30M",
    "P1D, PT24H",
    "2h, PT2H",
    "1h30m, PT1H30M",
    "1 hour, PT1H",
    "1 Hour 30 minutes, PT1H30M",
    "20 min., PT20M",
    "2 Stunden, PT2H",
    "2d, PT48H",
    "45s, PT45S",
  })
  void isRead(String typed, Duration meant) {
    assertThat(DurationText.parse(typed)).contains(meant);
    assertThat(DurationText.parse(DurationText.brief(meant))).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "h", "soon", "0h", "PT0S", "-PT1H", "2 weeks", "1h;2m", "1h x"})
  void isNoLength(String typed) {
    assertThat(DurationText.parse(typed)).isEmpty();
  }
}
