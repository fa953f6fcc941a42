package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.HungLine;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// The primary hangs without a word, and the database can be reached at the next host of the URL,
/// as after a failover. With the timeouts that a server has by itself.
final class HungPrimaryTest {
  private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

  @Test
  void theServerGoesOnAtTheNextHostAndNothingIsLost() throws Exception {
    try (var crew = Executors.newVirtualThreadPerTaskExecutor();
        var server = new TestServer();
        var first = new HungLine(server.databasePort());
        var second = new HungLine(server.databasePort())) {
      server.startThrough(first.host() + "," + second.host(), server.remembering());
      var acme = new TestTenant(server, "acme", 1);
      var gateway = new TestGateway(server, 1, "gw-1", "00000000000000aa");
      assertThat(gateway.lease().status()).isEqualTo(200);
      var session = gateway.open(acme, acme.approved());
      var before = statement(gateway, acme, session, 0);
      var indices = TestGateway.indices(gateway.append(before));
      int size = acme.verifiedLog().size();

      first.hang();
      long hung = System.nanoTime();
      var during = statement(gateway, acme, session, 1);
      var appended = crew.submit(() -> again(() -> gateway.append(during)));
      var leased = crew.submit(() -> again(gateway::lease));
      var asked = crew.submit(() -> again(() -> ask(server, acme)));
      assertThat(within(asked).status()).isEqualTo(201);
      assertThat(within(leased).status()).isEqualTo(200);
      assertThat(TestGateway.indices(within(appended))).hasSize(1);
      assertThat(Duration.ofNanos(System.nanoTime() - hung)).isLessThan(BACK_WITHIN);

      assertThat(TestGateway.indices(gateway.append(before))).isEqualTo(indices);
      assertThat(TestGateway.indices(gateway.append(during)))
          .isEqualTo(TestGateway.indices(appended.get()));
      assertThat(acme.verifiedLog()).hasSize(size + 2);
    }
  }

  private static Answer within(Future<Answer> call) throws Exception {
    return call.get(BACK_WITHIN.toSeconds(), TimeUnit.SECONDS);
  }

  private static Json statement(TestGateway gateway, TestTenant tenant, SessionId session, long n) {
    var text = TestGateway.sql("select " + n);
    return gateway.entry(tenant, TestGateway.statement(session, n, text), text);
  }

  private static Answer ask(TestServer server, TestTenant tenant) {
    return server.call(
        1,
        "engineer",
        "POST",
        tenant.requests(),
        CanonicalJson.text(tenant.wish("helpdesk")),
        Map.of("Idempotency-Key", "during"));
  }

  /// Asks again for as long as the answer is that the database cannot be reached.
  private static Answer again(Supplier<Answer> call) {
    while (true) {
      var answer = call.get();
      if (answer.status() != 503) {
        return answer;
      }
      assertThat(answer.code()).isEqualTo("unavailable");
      Pause.shortly();
    }
  }
}
