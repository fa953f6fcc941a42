package org.openlockbox.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.server.tls.Trust;

/// What a program that answers badly can do to who calls it.
final class HttpCallerTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration ENOUGH = Duration.ofSeconds(10);
  private static final int LONGEST = 1000;

  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(2);
  private final AtomicInteger called = new AtomicInteger();
  private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/longest", call -> answer(call, 200, "x".repeat(LONGEST)));
    server.createContext("/longer", call -> answer(call, 200, "x".repeat(LONGEST + 1)));
    server.createContext("/moved", this::move);
    server.createContext("/stalled", this::stall);
    server.createContext("/endless", this::streamOn);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private void answer(HttpExchange call, int status, String body) throws IOException {
    called.incrementAndGet();
    connections.add(call.getRemoteAddress());
    call.sendResponseHeaders(status, body.length());
    call.getResponseBody().write(body.getBytes(UTF_8));
    call.close();
  }

  private void move(HttpExchange call) throws IOException {
    call.getResponseHeaders().set("Location", url("longest").toString());
    answer(call, 302, "elsewhere");
  }

  private void stall(HttpExchange call) throws IOException {
    call.sendResponseHeaders(200, 100);
    call.getResponseBody().write(new byte[10]);
    call.getResponseBody().flush();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A body without an end, until the caller hangs up.
  private void streamOn(HttpExchange call) throws IOException {
    call.sendResponseHeaders(200, 0);
    try {
      while (true) {
        call.getResponseBody().write(new byte[8192]);
      }
    } catch (IOException gone) {
      hungUp.countDown();
    }
  }

  private URI url(String path) {
    return url("127.0.0.1", path);
  }

  private URI url(String host, String path) {
    return URI.create("http://%s:%d/%s".formatted(host, server.getAddress().getPort(), path));
  }

  private static HttpCaller named(Duration patience) {
    return HttpCaller.toNamed(Trust.of(Optional.empty()), patience, LONGEST);
  }

  private static HttpCaller guarded(DnsResolver allowed) {
    return HttpCaller.toGuarded(Trust.of(Optional.empty()), LONG, allowed);
  }

  @Test
  void anAnswerHasALongestLength() throws IOException {
    try (var caller = named(LONG)) {
      assertThat(caller.send(new HttpGet(url("longest"))).body()).hasSize(LONGEST);
      assertThatThrownBy(() -> caller.send(new HttpGet(url("longer"))))
          .isInstanceOf(IOException.class)
          .hasMessage("an answer of more than 1000 bytes");
    }
  }

  /// The limit of the call and that of its socket end at about the same moment: whichever is first,
  /// the caller is told the same.
  @RepeatedTest(50)
  void theWholeAnswerComesInTime() {
    try (var caller = named(SHORT)) {
      assertThatThrownBy(() -> caller.send(new HttpGet(url("stalled"))))
          .isInstanceOf(HttpCaller.NoAnswer.class)
          .hasMessageStartingWith("no answer within");
    }
  }

  /// The rest of a body would take the whole patience, at the speed of the line.
  @Test
  void whatIsNotNeededOfAnAnswerIsNotReadOn() throws Exception {
    try (var caller = named(ENOUGH)) {
      assertThat(caller.status(new HttpGet(url("stalled")))).isEqualTo(200);
      assertThat(caller.status(new HttpGet(url("endless")))).isEqualTo(200);
      assertThatThrownBy(() -> caller.send(new HttpGet(url("endless"))))
          .hasMessage("an answer of more than 1000 bytes");
      assertThat(hungUp.await(10, TimeUnit.SECONDS)).as("both connections ended").isTrue();
    }
  }

  @Test
  void noRedirectIsFollowed() throws IOException {
    try (var caller = named(LONG)) {
      assertThat(caller.send(new HttpGet(url("moved"))).status()).isEqualTo(302);
    }
    assertThat(called).hasValue(1);
  }

  @Test
  void connectionsAreKeptTowardsWhomTheOperatorNamed() throws IOException {
    try (var caller = named(LONG)) {
      caller.send(new HttpGet(url("longest")));
      caller.send(new HttpGet(url("longest")));
    }
    assertThat(connections).hasSize(1);
  }

  /// Each call resolves again, and calls the address that was allowed; a name that is not leads to
  /// no connection.
  @Test
  void aGuardedCallGoesWhereTheResolverSays() throws IOException {
    try (var caller = guarded(new Allowed("allowed.example"))) {
      assertThat(caller.status(new HttpGet(url("allowed.example", "longest")))).isEqualTo(200);
      assertThat(caller.status(new HttpGet(url("allowed.example", "longest")))).isEqualTo(200);
      assertThatThrownBy(() -> caller.status(new HttpGet(url("localhost", "longest"))))
          .isInstanceOf(UnknownHostException.class);
    }
    assertThat(connections).hasSize(2);
    assertThat(called).hasValue(2);
  }

  private record Allowed(String name) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      if (!host.equals(name)) {
        throw new UnknownHostException(host + " is not allowed");
      }
      return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  @Test
  void whatWasAnsweredIsInNoText() throws IOException {
    try (var caller = named(LONG)) {
      assertThat(caller.send(new HttpGet(url("longest"))).toString()).isEqualTo("Response[200]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 secret\0 oh\r\n\r\n",
        "HTTP/secret 200 OK\r\n\r\n",
        "secret\r\nsecret\r\n\r\n",
        "HTTP/1.1 200 OK\r\nsecret\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: secret\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: secret\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n"
      })
  void whatIsNoAnswerIsInNoTextEither(String answered) throws Exception {
    try (var answering = Executors.newVirtualThreadPerTaskExecutor();
        var broken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var caller = named(ENOUGH)) {
      var _ = answering.submit(() -> answerEach(broken, answered));
      var url = URI.create("http://127.0.0.1:%d/".formatted(broken.getLocalPort()));
      assertIsToldWithoutWords(() -> caller.send(new HttpGet(url)));
      assertIsToldWithoutWords(() -> caller.status(new HttpGet(url)));
    }
  }

  private static boolean answerEach(ServerSocket broken, String answered) throws IOException {
    while (!broken.isClosed()) {
      try (var call = broken.accept()) {
        call.getInputStream().read();
        call.getOutputStream().write(answered.getBytes(UTF_8));
        call.shutdownOutput();
        call.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (SocketException hungUp) {
        // and accepts the next one, or ends with the door
      }
    }
    return true;
  }

  /// A status may have come before what is wrong.
  private static void assertIsToldWithoutWords(ThrowingCallable call) {
    var failed = catchThrowable(call);
    if (failed != null) {
      assertThat(failed).isInstanceOf(IOException.class).hasMessageNotContaining("within");
      assertThat(Throwables.getStackTrace(failed)).doesNotContainIgnoringCase("secret");
    }
  }
}
