package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// A gateway that reaches no server may hold its sessions for two minutes at most, and no server
/// declares it gone before that.
final class SilentGatewayTest {
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(2);
  private static final String GONE = "select gateway from gateway_boot where gone_at is not null";

  @Test
  void aServerOutwaitsTheLongestHold() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      server.pass(LONGEST_HOLD.multipliedBy(2)); // it has watched for so long
      var longer = TestGateway.unleased(server, "gw-2");
      assertThat(longer.lease().status()).isEqualTo(200);
      longer.open(acme, acme.approved());
      server.pass(Duration.ofSeconds(40));
      var holding = TestGateway.leased(server);
      var held = holding.open(acme, acme.approved());
      server.pass(LONGEST_HOLD);
      Pause.until("the other one to be gone", () -> !server.rows(GONE).isEmpty());
      assertThat(server.rows(GONE)).containsExactly("gw-2");
      assertThat(holding.lease().status()).isEqualTo(200);
      var outcome = holding.entry(acme, TestGateway.outcome(held, 0));
      assertThat(TestGateway.indices(holding.append(outcome))).hasSize(1);
      acme.verifiedLog();
    }
  }
}
