package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestReplicas;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// A primary whose standby follows it no more: it may have been promoted, and what is revoked there
/// is not heard of here. The old primary answers every read; a server gives no lease on its word.
final class IsolatedPrimaryTest {
  private static final TestReplicas REPLICAS = new TestReplicas();
  private static final TestServer SERVER = new TestServer(REPLICAS.primary, "isolated");
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  @AfterEach
  void goesOn() {
    REPLICAS.attach();
  }

  @AfterAll
  static void close() {
    SERVER.close();
    REPLICAS.close();
  }

  @Test
  void noLeaseIsGivenThatNoStandbyConfirms() {
    var gateway = TestGateway.leased(SERVER);
    gateway.open(ACME, ACME.approved());
    assertThat(gateway.lease().status()).isEqualTo(200);
    REPLICAS.detach();
    var refused = gateway.lease();
    assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("no_standby");
    REPLICAS.attach();
    Pause.until("a lease", () -> gateway.lease().status() == 200);
  }

  @Test
  void questionsThatComeAtOnceAreAllConfirmed() throws Exception {
    var gateways = List.of(TestGateway.leased(SERVER), TestGateway.unleased(SERVER, "gw-2"));
    try (var crew = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<Future<Answer>>();
      for (int n = 0; n < 40; n++) {
        var gateway = gateways.get(n % 2);
        asked.add(crew.submit(() -> gateway.lease()));
      }
      for (var answer : asked) {
        assertThat(answer.get(1, TimeUnit.MINUTES).status()).isEqualTo(200);
      }
    }
  }
}
