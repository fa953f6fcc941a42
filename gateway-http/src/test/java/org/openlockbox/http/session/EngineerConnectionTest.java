package org.openlockbox.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.gate.SocketStates;

class EngineerConnectionTest {
  /// The kernel knows nothing of it.
  private static final class Gone implements EngineerConnection {
    private int looksWhileOpen;

    Gone(int looksWhileOpen) {
      this.looksWhileOpen = looksWhileOpen;
    }

    @Override
    public SocketStates.Endpoints ends() {
      var end = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
      return new SocketStates.Endpoints(end, end);
    }

    @Override
    public boolean isOpen() {
      return looksWhileOpen-- > 0;
    }

    @Override
    public void reset() {}
  }

  @Test
  void aConnectionThatIsClosedWhileItsQueueIsLookedAtOwesNothing() {
    try (var states = SocketStates.ofMachine()) {
      assertThat(new Gone(0).isSettled(states)).isTrue();
      assertThat(new Gone(1).isSettled(states)).isTrue();
      assertThat(new Gone(Integer.MAX_VALUE).isSettled(states)).isFalse();
    }
  }
}
