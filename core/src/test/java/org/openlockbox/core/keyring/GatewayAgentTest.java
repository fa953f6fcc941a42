package org.openlockbox.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Region;

class GatewayAgentTest {
  private static Optional<GatewayAgent> read(String header) {
    return GatewayAgent.of(Optional.of(header));
  }

  @Test
  void whatAGatewaySaysOfItselfIsReadAgain() {
    for (var agent :
        List.of(
            new GatewayAgent("0.1.0-SNAPSHOT", Optional.empty()),
            new GatewayAgent("1.4.2", Optional.of(new Region("eu-central-1"))))) {
      assertThat(read(agent.header())).contains(agent);
    }
    assertThat(new GatewayAgent("1.4.2", Optional.of(new Region("eu-central-1"))).header())
        .isEqualTo("lockbox-gateway/1.4.2 (eu-central-1)");
  }

  @Test
  void whatNoGatewayWouldSayIsNotKept() {
    assertThat(GatewayAgent.of(Optional.empty())).isEmpty();
    var word = "lockbox-gateway/";
    for (var header :
        List.of(
            "",
            "curl/8.14.1",
            word,
            word + "1.0 (EU)",
            word + "1.0 (eu central)",
            word + "1.0 (<b>eu</b>)",
            word + "1.0 (eu) (us)",
            word + "1.0\n (eu)",
            word + "<script>",
            word + "1.0 (" + "e".repeat(41) + ")",
            word + "1".repeat(41),
            word + "\u202e1.0")) {
      assertThat(read(header)).as(header).isEmpty();
    }
  }
}
