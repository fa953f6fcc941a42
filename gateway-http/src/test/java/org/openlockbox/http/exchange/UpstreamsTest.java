package org.openlockbox.http.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.AnswerRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.http.catalogue.RequestRule;
import org.openlockbox.http.catalogue.RouteName;
import org.openlockbox.http.json.FieldRules;
import org.openlockbox.http.uri.CanonicalPath;
import org.openlockbox.http.uri.CanonicalQuery;
import org.openlockbox.net.TestCertificate;

/// What becomes of the connections to a service, and of those who wait for it.
class UpstreamsTest {
  private static final SessionId SESSION = new SessionId("S-0123456789ABCDEF");
  private static final int REQUESTS = 30;
  private static final HttpRoute ROUTE =
      new HttpRoute(
          new RouteName("x"),
          Method.GET,
          PathTemplate.parse("/{tenant}"),
          Level.READ,
          RequestRule.ofQuery(Set.of()),
          Optional.empty(),
          new AnswerRule(FieldRules.of(Map.of()), List.of(), AnswerForm.DOCUMENT));

  private final Upstreams upstreams =
      new Upstreams(TestCertificate.make().trusting(), Duration.ofSeconds(1));
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final AtomicInteger left = new AtomicInteger();
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private volatile List<String> said = List.of();
  private ServerSocket service;

  @BeforeEach
  void start() throws IOException {
    service = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    goesOn.countDown();
    service.close();
    upstreams.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket next = service.accept();
        connections.add(next);
        Thread.ofVirtual().start(() -> answer(next));
      }
    } catch (IOException e) {
      // it was closed
    }
  }

  /// Each request with what is to be said; between two parts of that it waits.
  private void answer(Socket connection) {
    try (connection) {
      StringBuilder heard = new StringBuilder();
      InputStream in = connection.getInputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        heard.append((char) next);
        if (heard.toString().endsWith("\r\n\r\n")) {
          heard.setLength(0);
          say(connection);
        }
      }
    } catch (IOException e) {
      // it has left
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      left.incrementAndGet();
    }
  }

  private void say(Socket connection) throws IOException, InterruptedException {
    for (int i = 0; i < said.size(); i++) {
      if (i > 0) {
        goesOn.await();
      }
      connection.getOutputStream().write(said.get(i).getBytes(ISO_8859_1));
    }
  }

  private SentRequest send() {
    return upstreams.send(
        SESSION,
        new AcceptedRequest(
            URI.create("http://127.0.0.1:" + service.getLocalPort()),
            ROUTE,
            CanonicalPath.parse("/acme").orElseThrow(),
            CanonicalQuery.NONE,
            HttpFields.EMPTY,
            Optional.empty(),
            new ForwardedBody.KeptBody(Bytes.empty())));
  }

  @Test
  void whoWaitsForASilentServiceIsTold() {
    assertThatThrownBy(() -> send().answer())
        .isInstanceOf(IOException.class)
        .hasRootCauseMessage("no answer within 1 s");
    Await.until(() -> left.get() == 1);
  }

  /// A connection is free a moment after its answer was read, so that a few may be opened.
  private void assertKept() {
    assertThat(left).hasValue(0);
    assertThat(connections).hasSizeLessThan(REQUESTS / 2);
  }

  /// Nobody reads the body of an answer that has none; its connection serves the next request.
  @Test
  void anAnswerWithoutABodyKeepsItsConnection() throws IOException {
    said = List.of("HTTP/1.1 204 No Content\r\n\r\n");
    for (int i = 0; i < REQUESTS; i++) {
      SentRequest.UpstreamAnswer answer = send().answer();
      assertThat(answer.status()).isEqualTo(204);
      answer.body().close();
    }
    assertKept();
  }

  @Test
  void anAnswerThatWasReadKeepsItsConnection() throws IOException {
    said = List.of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    for (int i = 0; i < REQUESTS; i++) {
      try (UpstreamBody body = send().answer().body()) {
        assertThat(body.readAllBytes()).asString(ISO_8859_1).isEqualTo("hello");
      }
    }
    assertKept();
  }

  @Test
  void anAnswerThatWasNotReadEndsItsConnection() throws IOException {
    said = List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    try (UpstreamBody body = send().answer().body()) {
      assertThat(body.read()).isEqualTo('h');
    }
    Await.until(() -> left.get() == 1);
  }

  @Test
  void aPauseIsSeenBeforeTheReaderWaits() throws IOException {
    said = List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "world");
    try (UpstreamBody body = send().answer().body()) {
      assertThat(body.readNBytes(5)).asString(ISO_8859_1).isEqualTo("hello");
      assertThat(body.isPaused()).isTrue();
      goesOn.countDown();
      assertThat(body.readAllBytes()).asString(ISO_8859_1).isEqualTo("world");
      assertThat(body.isPaused()).isFalse();
    }
  }

  @Test
  void anAnswerThatBreaksOffIsNoWholeOne() throws IOException {
    said = List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    try (UpstreamBody body = send().answer().body()) {
      assertThat(body.readNBytes(5)).hasSize(5);
      connections.getFirst().close();
      assertThatThrownBy(body::read).isInstanceOf(IOException.class);
      assertThatThrownBy(body::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whoWaitsForMoreOfAnAbortedAnswerIsTold() throws IOException {
    said = List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "world");
    SentRequest request = send();
    try (UpstreamBody body = request.answer().body()) {
      assertThat(body.readNBytes(5)).hasSize(5);
      Thread.ofVirtual().start(request::abort);
      assertThatThrownBy(body::read).isInstanceOf(IOException.class);
    }
  }
}
