package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;

/// What gateways say of themselves: which version runs where.
final class GatewayAgentsTest {
  private static final TestServer SERVER = new TestServer();

  @AfterAll
  static void close() {
    SERVER.close();
  }

  /// Nobody signed it, so it is shown and nothing else; what no gateway would say is not kept.
  @Test
  void whatAGatewaySaysOfItselfIsShownToOperators() {
    var gateway = TestGateway.unleased(SERVER);
    assertThat(gateway.leaseAs("lockbox-gateway/1.4.2 (eu-central-1)").status()).isEqualTo(200);
    assertThat(listed().text("version")).isEqualTo("1.4.2");
    assertThat(listed().text("region")).isEqualTo("eu-central-1");
    assertThat(gateway.leaseAs("lockbox-gateway/1.4.3").status()).isEqualTo(200);
    assertThat(listed().text("version")).isEqualTo("1.4.3");
    assertThat(listed().has("region")).isFalse();
    for (var odd : List.of("lockbox-gateway/1.5 (<b>eu</b>)", "curl/8", "x".repeat(4000))) {
      assertThat(gateway.leaseAs(odd).status()).isEqualTo(200);
      assertThat(listed().has("version")).as(odd).isFalse();
    }
  }

  private static Fields listed() {
    return SERVER.get("operator", "/v1/gateways").json().objects("gateways").getFirst();
  }
}
