package org.openlockbox.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

public final class PortsTest {
  @Test
  void aFreePortIsNoneThatAnOutgoingConnectionMayGet() throws IOException {
    int port = Ports.free();
    assertThat(port).isBetween(12_000, 32_767);
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.free()).isNotEqualTo(socket.getLocalPort());
    }
  }

  @Test
  void noTwoPortsThatAreChosenTogetherAreTheSame() {
    int one = Ports.free();
    int other = Ports.free();
    var candidates = List.of(one, one, one, other, other).iterator();
    assertThat(Ports.free(2, candidates::next)).containsExactly(one, other);
  }
}
