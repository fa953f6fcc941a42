package org.openlockbox.gateway.controlplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.GatewayAgent;

/// The server's host is lost, or something between forgot the connections: those that were kept are
/// silent, and a new one would be answered.
class LookUpConnectionsTest {
  private static final GatewayAgent AGENT = new GatewayAgent("1.4.2", Optional.empty());
  private static final Duration LONG = Duration.ofSeconds(10);

  /// Passes whenever the server is silent, and only then.
  private static final Duration SHORT = Duration.ofMillis(200);

  private final CountDownLatch both = new CountDownLatch(2);
  private final CountDownLatch third = new CountDownLatch(3);
  private final CountDownLatch dropped = new CountDownLatch(2);
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean down = new AtomicBoolean();
  private final SocketServer server;
  private final LookUpConnections lookUps;

  LookUpConnectionsTest() throws IOException {
    this.server = new SocketServer(this::serve);
    this.lookUps =
        new LookUpConnections(
            () ->
                new HttpConnection(
                    server.address(), Optional.empty(), () -> "token", AGENT, now::get));
  }

  @AfterEach
  void close() throws IOException {
    lookUps.close();
    server.close();
  }

  /// The first two connections answer one question each, and are silent after that.
  private void serve(Socket socket) {
    int number = connections.incrementAndGet();
    third.countDown();
    try (socket) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (int asked = 1; isAsked(in); asked++) {
        both.countDown();
        both.await();
        if (!down.get() && (asked == 1 || number > 2)) {
          String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
          socket.getOutputStream().write(answer.getBytes(US_ASCII));
        } else {
          now.addAndGet(SHORT.toNanos());
        }
      }
    } catch (IOException | InterruptedException e) {
      // the gateway has gone
    } finally {
      dropped.countDown();
    }
  }

  private static boolean isAsked(BufferedReader in) throws IOException {
    String first = in.readLine();
    for (String header = first; header != null && !header.isEmpty(); header = in.readLine()) {}
    return first != null;
  }

  private void twoAreKept() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> one = threads.submit(() -> lookUps.get("/one", LONG).status());
      Future<Integer> other = threads.submit(() -> lookUps.get("/other", LONG).status());
      assertThat(one.get()).isEqualTo(200);
      assertThat(other.get()).isEqualTo(200);
    }
    assertThat(connections).hasValue(2);
  }

  @Test
  void silenceOnAKeptConnectionIsAskedAgainOnANewOneAndDropsTheOthers() throws Exception {
    twoAreKept();
    assertThat(lookUps.get("/again", SHORT).status()).isEqualTo(200);
    assertThat(dropped.await(10, TimeUnit.SECONDS)).as("both kept ones are closed").isTrue();
    assertThat(lookUps.get("/next", LONG).status()).isEqualTo(200);
    assertThat(connections).as("the new one is kept").hasValue(3);
  }

  @Test
  void silenceOnANewConnectionIsSilence() throws Exception {
    twoAreKept();
    down.set(true);
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> lookUps.get("/again", SHORT));
    assertThat(third.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(connections).as("asked once more, not twice").hasValue(3);
  }
}
