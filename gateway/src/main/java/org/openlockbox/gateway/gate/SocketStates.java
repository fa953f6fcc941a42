package org.openlockbox.gateway.gate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the kernel knows of a connection: how much of what was sent the peer's system has not
/// acknowledged, and whether the peer has left.
///
/// Where the kernel does not say, or not the truth, nobody is known to have fetched anything, and
/// nobody to have left.
public final class SocketStates implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketStates.class);

  private final Optional<SocketDiag> kernel;

  private SocketStates(Optional<SocketDiag> kernel) {
    this.kernel = kernel;
  }

  /// Those of this machine, if a queue that is known to be full is shown as that.
  public static SocketStates ofMachine() {
    try {
      return new SocketStates(Optional.of(believed(SocketDiag.open())));
    } catch (IOException e) {
      LOG.warn(
          "this system does not show what its kernel holds for slow clients ({}): a session whose"
              + " lease lapses is ended instead of held. sock_diag must be allowed (AF_NETLINK in"
              + " RestrictAddressFamilies=, seccomp)",
          e.getMessage());
      return unknown();
    }
  }

  /// Nothing is known of anybody.
  static SocketStates unknown() {
    return new SocketStates(Optional.empty());
  }

  boolean isKnown() {
    return kernel.isPresent();
  }

  private static SocketDiag believed(SocketDiag kernel) throws IOException {
    boolean truth = false;
    try {
      truth = tellsTheTruth(kernel);
    } finally {
      if (!truth) {
        kernel.close();
      }
    }
    if (!truth) {
      throw new IOException("an empty queue and a full one are not shown as that");
    }
    return kernel;
  }

  private static boolean tellsTheTruth(SocketDiag kernel) throws IOException {
    try (var listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (var peer = SocketChannel.open(listening.getLocalAddress());
          var sender = listening.accept()) {
        var here = (InetSocketAddress) sender.getLocalAddress();
        var there = (InetSocketAddress) peer.getLocalAddress();
        boolean empty = isZero(kernel, here, there);
        sender.setOption(StandardSocketOptions.SO_LINGER, 0);
        sender.configureBlocking(false);
        ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
        while (sender.write(piece.clear()) > 0) {
          // until nothing more fits in
        }
        return empty && kernel.unacknowledged(here, there).orElse(0) > 0;
      }
    }
  }

  private static boolean isZero(
      SocketDiag kernel, InetSocketAddress here, InetSocketAddress there) {
    return kernel.unacknowledged(here, there).orElse(1) == 0;
  }

  /// The two ends of one connection.
  public record Endpoints(InetSocketAddress here, InetSocketAddress there) {}

  /// Whether the peer's system has received all that was sent to it by now; false where that is not
  /// known.
  public boolean isEmpty(Endpoints ends) {
    return kernel.filter(one -> isZero(one, ends.here(), ends.there())).isPresent();
  }

  /// Whether both ends are known to be open.
  public boolean isConnected(Endpoints ends) {
    return state(ends) == SocketDiag.ConnectionState.ESTABLISHED;
  }

  /// Whether the peer has closed its end, or the kernel knows no such connection, as with one that
  /// was reset. Ask only of one that was known before: [#isConnected].
  public boolean isGone(Endpoints ends) {
    return state(ends) == SocketDiag.ConnectionState.GONE;
  }

  private SocketDiag.ConnectionState state(Endpoints ends) {
    return kernel
        .map(one -> one.state(ends.here(), ends.there()))
        .orElse(SocketDiag.ConnectionState.UNKNOWN);
  }

  @Override
  public void close() {
    kernel.ifPresent(SocketDiag::close);
  }
}
