package org.openlockbox.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.openlockbox.node.NodeFailure.Code;

/// Loopback ports, looked at before something long is started on them.
public final class Ports {
  private Ports() {}

  /// Refuses with one sentence if `port` cannot be listened on.
  public static void check(int port, String what) {
    if (port == 0) {
      return;
    }
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new NodeFailure(
          Code.PORT_TAKEN,
          "port "
              + port
              + ", which "
              + what
              + " needs, is taken: stop what uses it (ss -ltnp | grep "
              + port
              + "), or choose another in the configuration",
          e);
    }
  }

  /// A port that is free now.
  public static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new NodeFailure(Code.PORT_TAKEN, "no port is free on this machine", e);
    }
  }
}
