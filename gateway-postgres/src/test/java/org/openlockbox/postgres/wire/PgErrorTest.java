package org.openlockbox.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// An error of the gateway's own names a next step.
class PgErrorTest {
  @Test
  void noErrorGoesWithoutAHint() {
    assertThatThrownBy(() -> PgError.fatal("28000", "no", " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hint");
  }

  @Test
  void aViolationHasTheHintThatItWasGivenOrOneForAll() {
    assertThat(new WireViolation("x").error().hint()).contains("docs/tools.md");
    assertThat(new WireViolation("x", "Do y.").error().hint()).isEqualTo("Do y.");
  }
}
