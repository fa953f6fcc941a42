package org.openlockbox.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerConditionTest {
  @Test
  void oneDamagedLogTakesNoServerOutAndASetBackDatabaseDoes() {
    assertThat(setBack(Set.of()).isReady()).isTrue();
    assertThat(setBack(Set.of("log.example/t/acme")).isReady()).isTrue();
    var ill = setBack(Set.of("log.example/t/acme", "log.example/t/globex"));
    assertThat(ill.isReady()).isFalse();
    assertThat(ill.refusesToSign())
        .contains("2 logs do not continue what was signed: the database was set back");
  }

  @Test
  void withoutADatabaseOrAPlaceToRememberItIsNotReady() {
    assertThat(new ServerCondition(false, Optional.empty(), Set.of()).isReady()).isFalse();
    var full = new ServerCondition(true, Optional.of("no space"), Set.of());
    assertThat(full.isReady()).isFalse();
    assertThat(full.refusesToSign()).contains("no space");
  }

  private static ServerCondition setBack(Set<String> logs) {
    return new ServerCondition(true, Optional.empty(), logs);
  }
}
