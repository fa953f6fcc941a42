package org.openlockbox.postgres.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.gateway.controlplane.ControlPlane.NoReply;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture;

/// A gateway in a process of its own, which can be stopped and killed. Its lease comes from
/// somewhere else; each line it reads asks for another access, or for the longest time in which it
/// had no processor since that was last asked.
final class GatewayProgram {
  private static final Duration HOLD = Duration.ofSeconds(30);
  private static final Duration LOST_AFTER = Duration.ofMillis(900);

  private static final long TICK = 5_000_000L;

  private final AtomicLong longestPause = new AtomicLong();
  private final int port;
  private final ThreadLocal<Socket> lines = ThreadLocal.withInitial(Socket::new);

  private GatewayProgram(int port) {
    this.port = port;
  }

  public static void main(String[] arguments) throws IOException {
    var limits = new LiveSessions.SessionLimits(1_000, 500, HOLD, HOLD, 1L << 40);
    try (var fixture = new GatewayFixture(limits, InstantSource.system())) {
      var program = new GatewayProgram(Integer.parseInt(arguments[0]));
      fixture.controlPlane.leases(program::ask);
      Thread.ofPlatform().daemon().name("pauses").start(program::watch);
      System.out.println(fixture.url());
      System.out.println(postmaster());
      var wishes = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
      for (String wish = wishes.readLine(); wish != null; wish = wishes.readLine()) {
        System.out.println(
            wish.equals("pause") ? program.longestPause.getAndSet(0) : another(fixture));
      }
    }
    GatewayFixture.DATABASE.close();
    Runtime.getRuntime().halt(0);
  }

  private static String another(GatewayFixture fixture) {
    var access = fixture.approved(Level.READ);
    return access.asked().submission().id() + " " + access.user();
  }

  private void watch() {
    while (true) {
      long before = System.nanoTime();
      LockSupport.parkNanos(TICK);
      longestPause.accumulateAndGet(System.nanoTime() - before - TICK, Math::max);
    }
  }

  /// Whom to stop if this process is killed.
  private static String postmaster() {
    try (Connection superuser = GatewayFixture.DATABASE.superuser()) {
      return GatewayFixture.answer(
          superuser, "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Each thread that asks has a connection of its own: a question may wait beside another.
  private LeaseAnswer ask() {
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
      throw new NoReply("the network is cut");
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
