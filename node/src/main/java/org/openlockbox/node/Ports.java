package org.openlockbox.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import org.openlockbox.node.NodeFailure.Code;

/// Ports, looked at before something long is started on them.
public final class Ports {
  private static final int LOWEST = 12_000;

  /// Where Linux begins to take ports for outgoing connections.
  private static final int BELOW = 32_768;

  private static final int MOST_TRIES = 100;

  private Ports() {}

  /// Refuses with one sentence if `port` cannot be listened on at loopback.
  public static void check(int port, String what) {
    check(InetAddress.getLoopbackAddress().getHostAddress(), port, what);
  }

  /// Refuses with one sentence if `port` cannot be listened on at this address of the machine.
  public static void check(String host, int port, String what) {
    if (port == 0) {
      return;
    }
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved() || !isOurs(address.getAddress())) {
      throw new NodeFailure(
          Code.USAGE,
          what + " is told to listen on " + host + ", which is no address of this host");
    }
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
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

  private static boolean isOurs(InetAddress address) {
    try {
      return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  /// A port that is free now, and that no outgoing connection is given: it lies below the range
  /// from which systems take those, so that it is still free when what wants it starts.
  public static int free() {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      int port = LOWEST + anyFree() % (BELOW - LOWEST);
      if (isFree(port)) {
        return port;
      }
    }
    return anyFree();
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static int anyFree() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new NodeFailure(Code.PORT_TAKEN, "no port is free on this machine", e);
    }
  }
}
