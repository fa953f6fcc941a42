package org.openlockbox.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RecentlyUsedTest {
  @Test
  void whatNobodyAskedForTheLongestGoes() {
    var map = new RecentlyUsed<String, Integer>(2);
    map.put("a", 1);
    map.put("b", 2);
    assertThat(map.get("a")).isEqualTo(1);
    map.put("c", 3);
    assertThat(map).containsOnlyKeys("a", "c");
  }
}
