package org.openlockbox.node.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NodeMetersTest {
  @Test
  void aNodeTellsItsTimeOfDay() {
    var parts = new NodeParts(Optional.empty(), Optional.empty());
    var now = Instant.parse("2026-01-05T09:00:00.250Z");
    try (var meters = new NodeMeters(parts, List.of(), _ -> {}, () -> now)) {
      assertThat(meters.text()).contains("\nlockbox_clock_seconds 1.76760360025E9\n");
    }
  }
}
