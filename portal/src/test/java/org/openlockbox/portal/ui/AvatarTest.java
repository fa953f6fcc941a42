package org.openlockbox.portal.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Initials of names as people write them.
final class AvatarTest {
  @Test
  void initialsAreOfTheFirstAndTheLastWord() {
    assertThat(Avatar.of("Ann Archer").initials()).isEqualTo("AA");
    assertThat(Avatar.of("erin van der engineer").initials()).isEqualTo("EE");
    assertThat(Avatar.of("Émile").initials()).isEqualTo("É");
    assertThat(Avatar.of("𝒜lan 李").initials()).isEqualTo("𝒜李");
    assertThat(Avatar.of("<b>").initials()).isEqualTo("B");
    assertThat(Avatar.of(" … ").initials()).isEqualTo("?");
  }

  @Test
  void aNameAlwaysHasTheSameColour() {
    assertThat(Avatar.of("Ann Archer").hue()).isEqualTo(2);
    assertThat(Avatar.of("Erin Engineer").hue()).isEqualTo(3);
  }
}
