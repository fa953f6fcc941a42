package org.openlockbox.gateway.gate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the kernel holds of what was sent: bytes that the peer's system has not acknowledged. Linux
/// shows them for each connection of this network namespace in `/proc/net/tcp` (proc_net_tcp.txt,
/// the column tx_queue), without a privilege. A JDK cannot ask for a single socket's.
///
/// Where that cannot be read, or does not tell the truth, nobody is known to have fetched anything.
public final class SendQueues {
  private static final Logger LOG = LoggerFactory.getLogger(SendQueues.class);
  private static final List<Path> LINUX =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int QUEUES = 4;

  private final List<Path> files;

  SendQueues(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /// Those of this machine, if a queue that is known to be full is shown as that.
  public static SendQueues ofMachine() {
    SendQueues linux = new SendQueues(LINUX.stream().filter(Files::isReadable).toList());
    if (linux.tellTheTruth()) {
      return linux;
    }
    LOG.warn(
        "this system does not show what its kernel holds for slow clients: a session whose lease"
            + " lapses is ended instead of held");
    return new SendQueues(List.of());
  }

  /// Whether nothing is known of anybody.
  boolean isBlind() {
    return files.isEmpty();
  }

  private boolean tellTheTruth() {
    try (var listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (var peer = SocketChannel.open(listening.getLocalAddress());
          var sender = listening.accept()) {
        var here = (InetSocketAddress) sender.getLocalAddress();
        var there = (InetSocketAddress) peer.getLocalAddress();
        boolean empty = read().isEmpty(here, there);
        sender.setOption(StandardSocketOptions.SO_LINGER, 0);
        sender.configureBlocking(false);
        ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
        while (sender.write(piece.clear()) > 0) {
          // until nothing more fits in
        }
        return empty && !read().isEmpty(here, there);
      }
    } catch (IOException e) {
      return false;
    }
  }

  /// The two ends of one connection.
  public record Endpoints(InetSocketAddress here, InetSocketAddress there) {}

  /// The connections of which the kernel holds nothing, at one moment.
  public record EmptyQueues(Set<String> connections) {
    public EmptyQueues {
      connections = Set.copyOf(connections);
    }

    /// Whether the peer's system has received all; false where that is not known.
    public boolean isEmpty(InetSocketAddress here, InetSocketAddress there) {
      return connections.contains(key(here) + key(there));
    }

    public boolean isEmpty(Endpoints ends) {
      return isEmpty(ends.here(), ends.there());
    }
  }

  public EmptyQueues read() {
    Set<String> empty = new HashSet<>();
    for (Path file : files) {
      try {
        Files.readString(file, StandardCharsets.US_ASCII)
            .lines()
            .skip(1)
            .forEach(line -> take(line, empty));
      } catch (IOException | RuntimeException e) {
        LOG.warn("{}: {}", file, e.toString());
      }
    }
    return new EmptyQueues(empty);
  }

  private static void take(String line, Set<String> empty) {
    String[] columns = line.strip().split(" +", -1);
    if (columns[QUEUES].startsWith("00000000:")) {
      empty.add(address(columns[LOCAL]) + address(columns[REMOTE]));
    }
  }

  /// An address as the kernel prints it: words of four bytes in the order of the machine.
  private static String address(String shown) {
    int colon = shown.indexOf(':');
    byte[] printed = HexFormat.of().parseHex(shown, 0, colon);
    ByteBuffer words = ByteBuffer.wrap(printed);
    ByteBuffer bytes = ByteBuffer.allocate(printed.length).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      bytes.putInt(words.getInt());
    }
    try {
      int port = HexFormat.fromHexDigits(shown, colon + 1, shown.length());
      return key(new InetSocketAddress(InetAddress.getByAddress(bytes.array()), port));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(shown, e);
    }
  }

  /// The JDK takes an IPv4 address inside an IPv6 one for what it is, and so does this.
  private static String key(InetSocketAddress address) {
    return HexFormat.of().formatHex(address.getAddress().getAddress())
        + "/"
        + address.getPort()
        + " ";
  }
}
