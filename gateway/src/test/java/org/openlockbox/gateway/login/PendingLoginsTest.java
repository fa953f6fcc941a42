package org.openlockbox.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Strangers never shut out those who log in.
class PendingLoginsTest {
  private static final LoginLimits FEW = new LoginLimits(12, 8, 6, Duration.ofSeconds(10));

  private final List<Integer> closed = new ArrayList<>();
  private long now = 1;
  private final PendingLogins logins = new PendingLogins(FEW, () -> now);
  private int number;

  private Optional<PendingLogins.PendingLogin> enter(String address) {
    int own = number++;
    return logins.enter(InetAddress.ofLiteral(address), () -> closed.add(own));
  }

  private void fill(String address, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(enter(address)).isPresent();
    }
  }

  @Test
  void whoComesFromElsewhereTakesThePlaceOfTheLongestSilentOfTheLargestCrowd() {
    fill("10.0.1.1", 6);
    fill("10.0.2.1", 6);
    assertThat(enter("10.0.3.1")).isPresent();
    assertThat(closed).containsExactly(0);
    assertThat(enter("10.0.3.1")).isPresent();
    assertThat(closed).containsExactly(0, 6);
  }

  @Test
  void whoComesFromTheSameNetworkTakesThePlaceOfTheLargestCrowdInIt() {
    fill("10.0.1.1", 6);
    fill("10.0.1.2", 2);
    assertThat(enter("10.0.1.3")).isPresent();
    assertThat(closed).containsExactly(0);
  }

  @Test
  void behindOneAddressOnlyWhoHasBeenSilentForAWhileGoes() {
    fill("10.0.1.1", 6);
    assertThat(enter("10.0.1.1")).isEmpty();
    now += PendingLogins.PATIENCE;
    assertThat(enter("10.0.1.1")).isPresent();
    assertThat(closed).containsExactly(0);
  }

  @Test
  void amongEqualsOnlyWhoHasBeenSilentForAWhileGoes() {
    for (int i = 0; i < 12; i++) {
      assertThat(enter("10.0." + i + ".1")).isPresent();
    }
    assertThat(enter("10.0.99.1")).isEmpty();
    now += PendingLogins.PATIENCE;
    assertThat(enter("10.0.99.1")).isPresent();
    assertThat(closed).containsExactly(0);
  }

  @Test
  void whoGoesOnIsNotTheOneToGoNorWhoWaitsForUs() {
    var served = enter("10.0.1.1").orElseThrow();
    var heard = enter("10.0.1.1").orElseThrow();
    fill("10.0.1.1", 4);
    now += PendingLogins.PATIENCE;
    served.served();
    heard.heard();
    assertThat(enter("10.0.1.1")).isPresent();
    assertThat(closed).containsExactly(2);
  }

  @Test
  void whoIsInOrGoneMakesRoomOnce() {
    fill("10.0.1.1", 5);
    var one = enter("10.0.1.1").orElseThrow();
    one.over();
    one.over();
    one.heard();
    assertThat(logins.count()).isEqualTo(5);
    assertThat(enter("10.0.1.1")).isPresent();
    assertThat(enter("10.0.1.1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8:1:1::7", "2001:db8:1:1:ffff::9"})
  void anAddressOfIpv6Counts64Bits(String other) {
    fill("2001:db8:1:1::1", 6);
    assertThat(enter(other)).isEmpty();
    assertThat(enter("2001:db8:1:2::1")).isPresent();
  }

  @Test
  void whateverComesTheLimitsHold() {
    var dice = new Random(20_261_129L);
    var inside = new ArrayList<PendingLogins.PendingLogin>();
    for (int step = 0; step < 20_000; step++) {
      now += dice.nextInt(400_000_000);
      var login = enter("10.0.%d.%d".formatted(dice.nextInt(3), dice.nextInt(3)));
      login.ifPresent(inside::add);
      if (dice.nextBoolean() && !inside.isEmpty()) {
        inside.remove(dice.nextInt(inside.size())).over();
      }
      assertThat(logins.count()).isLessThanOrEqualTo(FEW.all());
    }
    inside.forEach(PendingLogins.PendingLogin::over);
    assertThat(logins.count()).isZero();
  }

  /// Two addresses hold all places and say nothing; over real sockets.
  @Test
  void silentConnectionsFromTwoAddressesShutNobodyOut() throws Exception {
    var came = new Semaphore(0);
    var silent = new ArrayList<Socket>();
    try (var listener =
        new Listener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                FEW,
                System::nanoTime,
                Thread.ofPlatform().daemon().factory(),
                (socket, login) -> echo(socket, login, came))
            .start()) {
      for (int i = 0; i < 2 * FEW.fromAddress(); i++) {
        silent.add(from(i % 2 == 0 ? "127.1.1.1" : "127.2.2.2", listener.port()));
        came.acquire();
      }
      for (int i = 0; i < 3 * FEW.all(); i++) {
        try (var honest = from("127.0.0.1", listener.port())) {
          honest.getOutputStream().write('!');
          assertThat(honest.getInputStream().read()).isEqualTo('!');
          assertThat(honest.getInputStream().read()).as("its place is free again").isEqualTo(-1);
        }
      }
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  private static Socket from(String address, int port) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static boolean echo(Socket socket, LoginProgress login, Semaphore came)
      throws IOException {
    came.release();
    InputStream in = socket.getInputStream();
    int said = in.read();
    login.heard();
    socket.getOutputStream().write(said);
    return false;
  }
}
