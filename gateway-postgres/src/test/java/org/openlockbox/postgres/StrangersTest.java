package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.wire.CancelKey;

/// What strangers do at the door of a gateway, many of them, does not keep anybody else from their
/// work. [SecondProcessTest] does more of it.
class StrangersTest {
  private static final int CANCEL = (1234 << 16) | 5678;
  private static final GatewayFixture FIXTURE = new GatewayFixture();
  private static final int SILENT = 600;
  private static final int LOGINS = 5;

  @AfterAll
  static void close() {
    FIXTURE.close();
  }

  private static Socket from(String address) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), FIXTURE.gateway.port()));
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// More than all places, and each new login finds them taken again.
  @Test
  void silentConnectionsFromTwoAddressesShutNobodyOut() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < SILENT; i++) {
        silent.add(from("127.0.0." + (2 + i % 2)));
      }
      for (int i = 0; i < LOGINS; i++) {
        for (int more = 0; more < 46; more++) {
          silent.add(from("127.0.0." + (2 + more % 2)));
        }
        try (Connection honest = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
          assertThat(GatewayFixture.answer(honest, "select 1")).isEqualTo("1");
        }
      }
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  /// Waits until the gateway has closed it.
  private static void cancel(String from, CancelKey key) throws IOException {
    try (var socket = from(from)) {
      var packet = ByteBuffer.allocate(12 + key.secret().size());
      packet.putInt(packet.capacity()).putInt(CANCEL).putInt(key.pid());
      packet.put(key.secret().toArray());
      socket.getOutputStream().write(packet.array());
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static void guess(String from) throws IOException {
    for (int i = 0; i < WrongCancelKeys.OF_ADDRESS + 5; i++) {
      cancel(from, new CancelKey(i, Bytes.of(new byte[4])));
    }
  }

  private static Future<?> sleeping(Connection connection, ExecutorService threads) {
    var running = threads.submit(() -> GatewayFixture.answer(connection, "select pg_sleep(30)"));
    GatewayFixture.await(
        () ->
            GatewayFixture.DATABASE.count(
                    "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%'"
                        + " and usename like 'lb\\_s\\_%' and state = 'active'")
                == 1);
    return running;
  }

  @Test
  void whoGuessesCancelKeysIsNotHeardAndASessionsOwnAddressIs() throws Exception {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var key = Wire.cancelKey(connection);
      guess("127.1.1.1");
      guess("127.0.0.1");
      var running = sleeping(connection, threads);
      cancel("127.1.1.1", key);
      assertThatThrownBy(() -> running.get(1, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      cancel("127.0.0.1", key);
      assertThat(running.get()).isEqualTo("refused 57014");
    }
  }
}
