package org.openlockbox.gateway.controlplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.GatewayAgent;

/// Whatever happens to a connection, a call reads the answer to its own question, or none.
class HttpConnectionTest {
  private static final GatewayAgent AGENT = new GatewayAgent("1.4.2", Optional.empty());
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final CountDownLatch gaveUp = new CountDownLatch(1);
  private final CountDownLatch tooLate = new CountDownLatch(1);
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();
  private final SocketServer server;
  private final HttpConnection line;

  HttpConnectionTest() throws IOException {
    this.server = new SocketServer(this::serve);
    this.line =
        new HttpConnection(server.address(), Optional.empty(), () -> "token", AGENT, now::get);
  }

  @AfterEach
  void close() throws IOException {
    gaveUp.countDown();
    line.close();
    server.close();
  }

  /// Answers each question with its path.
  private void serve(Socket socket) {
    connections.incrementAndGet();
    try (socket) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      boolean isFirst = true;
      for (String path = path(in); !path.isEmpty(); path = path(in)) {
        if (path.startsWith("/stale") && !isFirst) {
          return;
        }
        isFirst = false;
        if (path.endsWith("/late")) {
          now.addAndGet(SHORT.toNanos());
          gaveUp.await();
        }
        if (path.equals("/dripping")) {
          drip(socket);
        }
        answer(socket, path);
        if (path.equals("/closing")) {
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // the other side has gone
    } finally {
      tooLate.countDown();
    }
  }

  /// Each byte comes long before a read would end by itself, and the call's time passes with it.
  private void drip(Socket socket) throws IOException {
    for (byte each : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n/dripping".getBytes(US_ASCII)) {
      now.addAndGet(SHORT.toNanos() / 10);
      socket.getOutputStream().write(each);
    }
  }

  private void answer(Socket socket, String path) throws IOException {
    String one = "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path;
    String all =
        switch (path) {
          case "/twice" -> one + one;
          case "/interim" -> "HTTP/1.1 103 Early Hints\r\n\r\n" + one;
          case "/endless" -> "HTTP/1.1 200 OK\r\n\r\n" + path;
          case "/closing" -> "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + path;
          default -> one;
        };
    socket.getOutputStream().write(all.getBytes(US_ASCII));
    if (path.endsWith("/late")) {
      tooLate.countDown();
    }
  }

  private static String path(BufferedReader in) throws IOException {
    String first = in.readLine();
    for (String header = first; header != null && !header.isEmpty(); header = in.readLine()) {}
    return first == null ? "" : first.split(" ", -1)[1];
  }

  private String sent(String path, Duration timeout) throws IOException {
    return new String(line.send("GET", path, new byte[0], timeout).body().toArray(), UTF_8);
  }

  private void gives(String path) throws IOException {
    assertThat(sent(path, LONG)).isEqualTo(path);
  }

  private void answersTooLate(String path) throws Exception {
    assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> sent(path, SHORT));
    gaveUp.countDown();
    assertThat(tooLate.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aLateAnswerIsNotReadByTheNextCall() throws Exception {
    gives("/first");
    answersTooLate("/late");
    gives("/next");
  }

  @Test
  void aLateAnswerOnTheNewConnectionAfterAStaleOneIsNotReadByTheNextCall() throws Exception {
    gives("/first");
    answersTooLate("/stale/late");
    gives("/next");
  }

  @Test
  void whatNobodyAskedForIsNotReadByTheNextCall() throws IOException {
    gives("/twice");
    gives("/next");
  }

  @Test
  void anAnswerWithoutALengthOrBeforeTheAnswerIsNone() throws IOException {
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> sent("/interim", LONG));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> sent("/endless", LONG));
    gives("/next");
  }

  @Test
  void aDrippingAnswerEndsWithTheTimeOfTheCall() throws IOException {
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> sent("/dripping", SHORT));
    gives("/next");
  }

  @Test
  void aCallThatNobodyTakesEndsWithItsTime() throws IOException {
    List<Socket> open = new CopyOnWriteArrayList<>();
    try (var deaf = new SocketServer(open::add)) {
      var connection =
          new HttpConnection(
              deaf.address(), Optional.empty(), () -> "token", AGENT, System::nanoTime);
      byte[] more = new byte[64 << 20];
      long began = System.nanoTime();
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> connection.send("POST", "/deaf", more, SHORT))
          .withMessage("the call was not taken in time");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    }
  }

  /// Whatever stands between may have forgotten it, and would answer with silence.
  @Test
  void aConnectionThatWasIdleForLongIsNotUsedAgain() throws IOException {
    gives("/first");
    now.addAndGet(Duration.ofSeconds(19).toNanos());
    gives("/soon");
    assertThat(connections).hasValue(1);
    now.addAndGet(Duration.ofSeconds(21).toNanos());
    gives("/late-enough");
    assertThat(connections).hasValue(2);
  }

  @Test
  void aStaleConnectionIsReplaced() throws IOException {
    gives("/first");
    gives("/stale");
    gives("/next");
  }

  @Test
  void theEndOfTheConnectionIsTheEndOfAnAnswerThatSaysSo() throws IOException {
    gives("/first");
    gives("/closing");
    gives("/next");
  }
}
