package org.openlockbox.gateway.testing.end;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.LeaseAnswer;

/// What a gateway's process asks a [LeaseServer], and the longest time in which that process had no
/// processor.
public final class RemoteLease {
  private static final Duration LOST_AFTER = Duration.ofMillis(900);
  private static final long TICK = 5_000_000L;

  private final int port;
  private final AtomicLong longestPause = new AtomicLong();
  private final ThreadLocal<Socket> lines = ThreadLocal.withInitial(Socket::new);

  public RemoteLease(int port) {
    this.port = port;
    Thread.ofPlatform().daemon().name("pauses").start(this::watch);
  }

  private void watch() {
    while (true) {
      long before = System.nanoTime();
      LockSupport.parkNanos(TICK);
      longestPause.accumulateAndGet(System.nanoTime() - before - TICK, Math::max);
    }
  }

  /// Since this was last asked.
  public long longestPauseNanos() {
    return longestPause.getAndSet(0);
  }

  /// Each thread that asks has a connection of its own: a question may wait beside another.
  public LeaseAnswer ask() {
    Socket line = lines.get();
    try {
      if (!line.isConnected() || line.isClosed()) {
        line = new Socket();
        lines.set(line);
        line.setSoTimeout((int) LOST_AFTER.toMillis());
        line.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
      line.getOutputStream().write('?');
      return new LeaseAnswer(Duration.ofSeconds(1), ended(line), Set.of());
    } catch (IOException e) {
      close(line);
      throw new ControlPlane.NoReply("the network is cut");
    }
  }

  private static Set<RequestId> ended(Socket line) throws IOException {
    var answer = new StringBuilder();
    for (int next = line.getInputStream().read(); next != '\n'; ) {
      if (next < 0) {
        throw new IOException("no answer");
      }
      answer.append((char) next);
      next = line.getInputStream().read();
    }
    return Arrays.stream(answer.toString().split(" ", -1))
        .filter(id -> !id.isEmpty())
        .map(RequestId::new)
        .collect(Collectors.toSet());
  }

  private static void close(Socket line) {
    try {
      line.close();
    } catch (IOException e) {
      // it is replaced
    }
  }
}
