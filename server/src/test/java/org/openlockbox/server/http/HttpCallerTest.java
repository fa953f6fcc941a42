package org.openlockbox.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.tls.Trust;

/// What a program that answers badly can do to who calls it.
final class HttpCallerTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int LONGEST = 1000;

  private final CountDownLatch over = new CountDownLatch(1);
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

  @Test
  void theWholeAnswerComesInTime() {
    try (var caller = named(SHORT)) {
      assertThatThrownBy(() -> caller.send(new HttpGet(url("stalled"))))
          .isInstanceOf(HttpCaller.NoAnswer.class);
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
}
