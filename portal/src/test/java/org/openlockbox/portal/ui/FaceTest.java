package org.openlockbox.portal.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Initials of names as people write them.
final class FaceTest {
  @Test
  void initialsAreOfTheFirstAndTheLastWord() {
    assertThat(Face.of("Ann Archer").initials()).isEqualTo("AA");
    assertThat(Face.of("erin van der engineer").initials()).isEqualTo("EE");
    assertThat(Face.of("Émile").initials()).isEqualTo("É");
    assertThat(Face.of("𝒜lan 李").initials()).isEqualTo("𝒜李");
    assertThat(Face.of("<b>").initials()).isEqualTo("B");
    assertThat(Face.of(" … ").initials()).isEqualTo("?");
  }

  @Test
  void aNameAlwaysHasTheSameColour() {
    assertThat(Face.of("Ann Archer").hue()).isEqualTo(2);
    assertThat(Face.of("Erin Engineer").hue()).isEqualTo(3);
  }
}
