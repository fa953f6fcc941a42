package org.openlockbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.evidence.ProvenGrant;

/// What stays in memory of accesses whose sessions have ended.
class LetGoTest {
  private static final int ACCESSES = 20;

  @Test
  void theProofThatLetASessionInGoesWithIt() throws Exception {
    long before = reachable(ProvenGrant.class);
    try (var fixture = new GatewayFixture()) {
      for (int i = 0; i < ACCESSES; i++) {
        try (var connection = fixture.connect(fixture.approved(Level.READ))) {
          assertThat(GatewayFixture.answer(connection, "select 1")).isEqualTo("1");
          assertThat(reachable(ProvenGrant.class)).isGreaterThan(before);
        }
      }
      GatewayFixture.await(() -> reachable(ProvenGrant.class) < before + ACCESSES / 4);
    }
  }

  /// How many there are of a class after a collection.
  private static long reachable(Class<?> type) {
    try {
      var histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
      return histogram
          .lines()
          .map(line -> line.strip().split("\\s+"))
          .filter(words -> words.length > 3 && words[3].equals(type.getName()))
          .mapToLong(words -> Long.parseLong(words[1]))
          .sum();
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
