package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.server.TestServer.Answer;

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
        var session = spokenIn(acme, gateway, request);
        var closed = gateway.entry(acme, TestGateway.closed(session, true));
        TestGateway.indices(gateway.append(closed));
      }
      assertThat(reachable()).isLessThanOrEqualTo(before);
      spokenIn(acme, gateway, request);
      assertThat(reachable()).as("one that is open is remembered").isEqualTo(before + 1);
      acme.verifiedLog();
    }
  }

  /// A session with one statement.
  private static SessionId spokenIn(TestTenant tenant, TestGateway gateway, Answer request) {
    var session = gateway.open(tenant, request);
    var text = TestGateway.sql("select 1");
    var statement = gateway.entry(tenant, TestGateway.statement(session, 0, text), text);
    TestGateway.indices(gateway.append(statement));
    return session;
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
