package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.LeaseTerm;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.net.Buffers;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.net.TestClearance;
import org.openlockbox.net.TestLines;
import org.openlockbox.postgres.wire.PgError;

class SessionShutdownTest {
  private static final Instant TEN = Instant.parse("2026-01-05T10:00:00Z");
  private static final Permit.Expiry END =
      new Permit.Expiry(TEN.plusSeconds(60), TEN.plusSeconds(60), false, Optional.empty());
  private static final int ROWS = 16 << 20;

  private long passed;
  private int readings;
  private Runnable atThirdReading = () -> {};
  private final Clocks clocks = new Clocks(this::wall, () -> passed, () -> passed);
  private final LeaseTerm lease = new LeaseTerm(clocks.read(), Duration.ofSeconds(1));
  private final Gate gate = new Gate(() -> lease, () -> true, clocks, END);

  private SocketChannel peer;
  private SocketConnection line;

  @BeforeEach
  void connect() throws Exception {
    try (var listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      peer = SocketChannel.open(listening.getLocalAddress());
      line = TestLines.over(listening.accept());
    }
    line.serveOn(new Buffers(), TestClearance.OPEN);
  }

  @AfterEach
  void close() throws Exception {
    line.close();
    peer.close();
  }

  private Instant wall() {
    readings++;
    if (readings == 3) {
      atThirdReading.run();
    }
    return TEN.plusNanos(passed);
  }

  /// The process is stopped after the look at the lease, and goes on in another thread first, which
  /// sees that the kernel holds nothing for the client any more.
  @Test
  void rowsThatHaveNotLeftStayWhereTheyAreBehindAPause() throws Exception {
    line.write(new byte[ROWS], 0, ROWS);
    int unsent = line.unsent();
    assertThat(unsent).isPositive();
    gate.shut();
    var farewell = farewell();
    drain(ROWS - unsent);
    readings = 0;
    atThirdReading =
        () -> {
          passed += 5_000_000_000L;
          gate.fetched(lease);
        };
    farewell.go(false);
    assertThat(readings).isGreaterThan(2);
    assertThat(line.unsent()).isEqualTo(unsent);
  }

  /// A gateway that comes to it late: nothing is under way, but nobody knows that yet.
  @Test
  void whoIsNotKnownToHaveFetchedAllIsToldWhenThatIsKnown() throws Exception {
    gate.shut();
    passed = 900_000_000L;
    var farewell = farewell();
    passed += 1_000_000_000L;
    assertThat(farewell.go(false)).isFalse();
    assertThat(line.isOpen()).isTrue();
    gate.fetched(lease);
    assertThat(farewell.go(false)).isFalse();
    ByteBuffer words = ByteBuffer.allocate(5);
    assertThat(peer.read(words)).isEqualTo(5);
    assertThat((char) words.get(0)).isEqualTo('E');
    passed += 700_000_000L;
    assertThat(farewell.go(false)).isTrue();
  }

  @Test
  void whoIsNeverKnownToHaveFetchedAllIsToldNothing() throws Exception {
    gate.shut();
    passed = 900_000_000L;
    var farewell = farewell();
    passed += 2_100_000_000L;
    assertThat(farewell.go(false)).isTrue();
    assertThatThrownBy(() -> peer.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
  }

  private SessionShutdown farewell() {
    var stopped = EndReason.STOPPED.words();
    var outlet = new Outlet(line, gate.out(), EndReason.CLIENT_LEFT);
    return new SessionShutdown(
        outlet,
        gate,
        Optional.of(PgError.fatal(PgError.ADMIN_SHUTDOWN, stopped.message(), stopped.hint())),
        false,
        () -> passed);
  }

  private void drain(int count) throws Exception {
    ByteBuffer all = ByteBuffer.allocate(count);
    while (all.hasRemaining()) {
      assertThat(peer.read(all)).isPositive();
    }
  }
}
