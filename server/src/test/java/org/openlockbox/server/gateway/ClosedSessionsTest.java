package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.testing.Reachable;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// What stays in memory of sessions that have closed.
final class ClosedSessionsTest {
  private static final int SESSIONS = 20;
  private static final String OPENING =
      "org.openlockbox.server.gateway.SessionOpenings$SessionOpening";

  @Test
  void whatWasOpenedForWhomIsForgottenWhenItCloses() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      var gateway = TestGateway.leased(server);
      var request = acme.approved();
      long before = Reachable.of(OPENING);
      for (int i = 0; i < SESSIONS; i++) {
        var session = spokenIn(acme, gateway, request);
        var closed = gateway.entry(acme, TestGateway.closed(session, true));
        TestGateway.indices(gateway.append(closed));
      }
      assertThat(Reachable.of(OPENING)).isLessThanOrEqualTo(before);
      spokenIn(acme, gateway, request);
      assertThat(Reachable.of(OPENING)).as("one that is open is remembered").isEqualTo(before + 1);
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
}
