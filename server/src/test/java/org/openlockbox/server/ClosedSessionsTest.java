package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/// What stays in memory of sessions that have closed.
final class ClosedSessionsTest {
  private static final int SESSIONS = 20;
  private static final String OPENING = "org.openlockbox.server.gateway.Openings$Opening";

  @Test
  void whatWasOpenedForWhomIsForgottenWhenItCloses() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      var gateway = TestGateway.leased(server);
      var request = acme.approved();
      long before = reachable();
      for (int i = 0; i < SESSIONS; i++) {
        var session = gateway.open(acme, request);
        var text = TestGateway.sql("select 1");
        var statement = gateway.entry(acme, TestGateway.statement(session, 0, text), text);
        TestGateway.indices(gateway.append(statement));
        assertThat(reachable()).as("one that is open is remembered").isGreaterThan(before);
        var closed = gateway.entry(acme, TestGateway.closed(session, true));
        TestGateway.indices(gateway.append(closed));
      }
      assertThat(reachable()).isLessThanOrEqualTo(before);
      acme.verifiedLog();
    }
  }

  /// How many openings there are after a collection.
  private static long reachable() {
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
          .filter(words -> words.length > 3 && words[3].equals(OPENING))
          .mapToLong(words -> Long.parseLong(words[1]))
          .sum();
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
