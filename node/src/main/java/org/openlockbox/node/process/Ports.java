package org.openlockbox.node.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.openlockbox.node.process.NodeFailure.Code;

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
    return free(1).getFirst();
  }

  /// So many of them, each another one: all are held until the last is found.
  public static List<Integer> free(int count) {
    return free(count, () -> LOWEST + anyFree() % (BELOW - LOWEST));
  }

  static List<Integer> free(int count, IntSupplier candidates) {
    var held = new ArrayList<ServerSocket>();
    try {
      while (held.size() < count) {
        held.add(oneMore(candidates));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      held.forEach(Ports::close);
    }
  }

  private static ServerSocket oneMore(IntSupplier candidates) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      try {
        return listening(candidates.getAsInt());
      } catch (IOException taken) {
        // the next one
      }
    }
    try {
      return listening(0);
    } catch (IOException e) {
      throw new NodeFailure(Code.PORT_TAKEN, "no port is free on this machine", e);
    }
  }

  private static ServerSocket listening(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // a socket that fails to close is closed
    }
  }

  private static int anyFree() {
    try (var socket = listening(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new NodeFailure(Code.PORT_TAKEN, "no port is free on this machine", e);
    }
  }
}
