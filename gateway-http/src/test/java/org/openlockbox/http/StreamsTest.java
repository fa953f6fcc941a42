package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.StreamPart.Direction;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.assertion.AssertionRule;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.AnswerRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.HttpUpstream;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.http.catalogue.RequestRule;
import org.openlockbox.http.catalogue.RouteName;
import org.openlockbox.http.json.FieldRules;

/// Server-sent events and WebSockets are on record part by part before they pass, and end with the
/// access.
class StreamsTest {
  private HttpFixture http;
  private WebSocketService service;

  @BeforeEach
  void start() throws Exception {
    http = new HttpFixture();
    service = new WebSocketService();
  }

  @AfterEach
  void stop() {
    http.close();
    service.close();
  }

  private static HttpRoute route(String path, AnswerForm form) {
    return new HttpRoute(
        new RouteName("r." + path),
        Method.GET,
        PathTemplate.parse("/t/{tenant}/" + path),
        Level.READ,
        form == AnswerForm.WEBSOCKET ? talks() : RequestRule.ofQuery(Set.of()),
        Optional.empty(),
        new AnswerRule(FieldRules.of(Map.of()), List.of(), form));
  }

  private static RequestRule talks() {
    return new RequestRule(Set.of(), Map.of(), Set.of(), true, Set.of("chat"));
  }

  private void serves(URI base, AnswerForm form, String... paths) {
    http.upstream = Optional.of(new HttpUpstream.SharedUpstream(base));
    http.routes = Arrays.stream(paths).map(path -> route(path, form)).toList();
    http.reload();
  }

  private WebSocket open(String token, String path, WebSocketClient listener) {
    return http.client
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .subprotocols("authorization.bearer.s3cret", "chat")
        .buildAsync(
            URI.create("wss://127.0.0.1:" + http.gateway.port() + "/t/acme/" + path), listener)
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  private List<StreamPart> parts(Direction way) {
    return http.controlPlane.events().stream()
        .filter(StreamPart.class::isInstance)
        .map(StreamPart.class::cast)
        .filter(part -> part.direction() == way)
        .toList();
  }

  private List<SessionEvent.Outcome> outcomes() {
    return http.controlPlane.events().stream()
        .filter(SessionEvent.Outcome.class::isInstance)
        .map(SessionEvent.Outcome.class::cast)
        .toList();
  }

  private static long bytes(List<StreamPart> parts) {
    return parts.stream().mapToLong(StreamPart::bytes).sum();
  }

  @Test
  void eventsAreOnRecordPieceByPiece() throws Exception {
    serves(http.service.base(), AnswerForm.EVENTS, "events");
    RequestEntry asked = http.approved(Level.READ);
    HttpResponse<InputStream> stream =
        http.client.send(
            http.asking(http.token(asked), "/t/acme/events").build(), BodyHandlers.ofInputStream());
    byte[] heard = stream.body().readNBytes(200);
    assertThat(new String(heard, UTF_8)).startsWith("data: 0\n\ndata: 1\n\n");
    assertThat(bytes(parts(Direction.OUT))).isGreaterThanOrEqualTo(200);
    assertThat(parts(Direction.OUT)).hasSizeGreaterThan(1);
    http.controlPlane.end(asked.submission().id());
    assertThatThrownBy(() -> stream.body().readAllBytes()).isInstanceOf(IOException.class);
    Await.until(() -> outcomes().size() == 1);
    assertThat(outcomes().getFirst().bytes()).isLessThanOrEqualTo(bytes(parts(Direction.OUT)));
  }

  @Test
  void anEventThatIsNotOnRecordDoesNotPass() throws Exception {
    serves(http.service.base(), AnswerForm.EVENTS, "events");
    HttpResponse<InputStream> stream =
        http.client.send(
            http.asking(http.token(http.approved(Level.READ)), "/t/acme/events").build(),
            BodyHandlers.ofInputStream());
    assertThat(stream.body().readNBytes(100)).hasSize(100);
    http.controlPlane.appends(FakeControlPlane.Appends.NOT_APPLIED);
    Thread.sleep(Duration.ofMillis(300));
    long recorded = bytes(parts(Direction.OUT));
    Thread.sleep(Duration.ofMillis(300));
    assertThat(bytes(parts(Direction.OUT))).isEqualTo(recorded);
    assertThat(100 + stream.body().available()).isLessThanOrEqualTo((int) recorded);
    http.controlPlane.appends(FakeControlPlane.Appends.WORK);
    assertThat(stream.body().readNBytes(500)).hasSize(500);
  }

  @Test
  void aWebSocketPassesAndIsOnRecordInBothDirections() {
    serves(service.base(), AnswerForm.WEBSOCKET, "echo");
    RequestEntry asked = http.approved(Level.READ);
    var listener = new WebSocketClient(true);
    WebSocket socket = open(http.token(asked), "echo", listener);
    assertThat(socket.getSubprotocol()).isEqualTo("chat");
    for (int i = 0; i < 20; i++) {
      socket.sendText("message " + i, true).join();
    }
    String longer = "x".repeat(100_000);
    socket.sendText(longer, true).join();
    Await.until(() -> listener.characters.get() == 10 * 9 + 10 * 10 + longer.length());
    assertThat(String.join("", listener.heard)).startsWith("message 0message 1").endsWith("xxx");
    assertThat(service.asked().getFirst().contains("authorization")).isFalse();
    assertThat(service.asked().getFirst().getValuesList("sec-websocket-protocol"))
        .containsExactly("chat");
    assertThat(http.controlPlane.statements().getFirst().lines())
        .contains("GET /t/acme/echo", "sec-websocket-protocol: chat")
        .noneMatch(line -> line.contains("s3cret"));
    assertThat(bytes(parts(Direction.IN))).isEqualTo(listener.characters.get());
    assertThat(bytes(parts(Direction.OUT))).isEqualTo(listener.characters.get());
    assertThat(parts(Direction.IN).getFirst().bytes()).isEqualTo("message 0".length());
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    Await.until(() -> outcomes().size() == 1);
    assertThat(outcomes().getFirst())
        .matches(each -> each.status().word().equals("101"))
        .matches(each -> each.bytes() >= listener.characters.get() && each.units() == 1);
    Await.until(() -> listener.closed.get() == WebSocket.NORMAL_CLOSURE);
  }

  @Test
  void aMessageThatIsNotOnRecordPassesInNeitherDirection() {
    serves(service.base(), AnswerForm.WEBSOCKET, "echo");
    var listener = new WebSocketClient(true);
    WebSocket socket = open(http.token(http.approved(Level.READ)), "echo", listener);
    socket.sendText("first", true).join();
    Await.until(() -> listener.heard.size() == 1);
    http.controlPlane.appends(FakeControlPlane.Appends.NOT_APPLIED);
    int calls = http.controlPlane.appendCalls();
    socket.sendText("second", true).join();
    Await.until(() -> http.controlPlane.appendCalls() > calls + 1);
    assertThat(service.heard()).containsExactly("first");
    http.controlPlane.appends(FakeControlPlane.Appends.WORK);
    Await.until(() -> listener.heard.size() == 2);
    assertThat(service.heard()).containsExactly("first", "second");
  }

  /// Without `reads: true` a route below the level write only listens.
  @Test
  void whatOnlyListensTakesNoMessage() {
    http.upstream = Optional.of(new HttpUpstream.SharedUpstream(service.base()));
    http.routes =
        List.of(
            new HttpRoute(
                new RouteName("listens"),
                Method.GET,
                PathTemplate.parse("/t/{tenant}/echo"),
                Level.READ,
                RequestRule.ofQuery(Set.of()),
                Optional.empty(),
                new AnswerRule(FieldRules.of(Map.of()), List.of(), AnswerForm.WEBSOCKET)));
    http.reload();
    var listener = new WebSocketClient(true);
    WebSocket socket = open(http.token(http.approved(Level.WRITE)), "echo", listener);
    assertThat(socket.getSubprotocol()).isEmpty();
    var _ = socket.sendText("delete everything", true);
    Await.until(() -> listener.closed.get() != 0);
    assertThat(listener.closed.get()).isEqualTo(1008);
    Await.until(() -> outcomes().size() == 1);
    assertThat(service.heard()).isEmpty();
    assertThat(parts(Direction.IN)).isEmpty();
  }

  /// The service is silent, so nothing is written that could fail.
  @Test
  void aClientThatHasLeftIsNoticed() {
    serves(service.base(), AnswerForm.WEBSOCKET, "echo");
    open(http.token(http.approved(Level.READ)), "echo", new WebSocketClient(true)).abort();
    Await.until(() -> outcomes().size() == 1);
  }

  @Test
  void aRevocationCutsAWebSocket() {
    serves(service.base(), AnswerForm.WEBSOCKET, "flood", "echo");
    RequestEntry asked = http.approved(Level.READ);
    String token = http.token(asked);
    var flooded = new WebSocketClient(true);
    var silent = new WebSocketClient(true);
    open(token, "flood", flooded);
    open(token, "echo", silent);
    Await.until(() -> flooded.characters.get() > 100_000);
    http.controlPlane.end(asked.submission().id());
    long ended = System.nanoTime();
    Await.until(() -> flooded.closed.get() != 0 && silent.closed.get() != 0);
    assertThat(Duration.ofNanos(flooded.lastAt.get() - ended)).isLessThan(Duration.ofSeconds(1));
    Await.until(() -> !http.controlPlane.reasons().isEmpty());
    assertThat(http.controlPlane.reasons()).containsExactly("ended");
    assertThat(outcomes()).hasSize(2).allMatch(each -> each.status().word().equals("101"));
  }

  /// The service has not agreed yet. It hears at once that nothing comes of it.
  @Test
  void aRevocationGivesUpAWebSocketThatHasNotBegun() throws Exception {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI base = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      serves(base, AnswerForm.WEBSOCKET, "echo");
      RequestEntry asked = http.approved(Level.READ);
      String token = http.token(asked);
      var opening =
          CompletableFuture.runAsync(() -> open(token, "echo", new WebSocketClient(true)));
      silent.setSoTimeout(20_000);
      try (Socket dialled = silent.accept()) {
        dialled.setSoTimeout(7_000); // the gateway would wait 10 s for an answer
        assertThat(dialled.getInputStream().read()).isEqualTo('G');
        http.controlPlane.end(asked.submission().id());
        assertThat(drained(dialled)).contains("upgrade");
      }
      assertThatThrownBy(opening::join).isInstanceOf(CompletionException.class);
    }
  }

  /// What comes until it is closed.
  private static String drained(Socket socket) throws SocketTimeoutException {
    StringBuilder all = new StringBuilder();
    try {
      for (int n = socket.getInputStream().read(); n >= 0; n = socket.getInputStream().read()) {
        all.append((char) n);
      }
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      // it was reset
    }
    return all.toString().toLowerCase(Locale.ROOT);
  }

  /// A client that reads nothing is waited for: no more than buffers hold comes from the service.
  @Test
  void aSlowReaderHoldsTheServiceBack() throws Exception {
    serves(service.base(), AnswerForm.WEBSOCKET, "flood");
    var listener = new WebSocketClient(false);
    open(http.token(http.approved(Level.READ)), "flood", listener);
    Await.until(() -> listener.heard.size() == 1);
    long before = 0;
    while (service.floods() != before) {
      before = service.floods();
      Thread.sleep(Duration.ofMillis(500));
    }
    assertThat(before).isPositive();
    assertThat(bytes(parts(Direction.OUT))).isLessThanOrEqualTo(before);
  }

  @Test
  void aBudgetOfBytesEndsAWebSocketInWords() {
    serves(service.base(), AnswerForm.WEBSOCKET, "echo");
    var limits = Limits.UNWRITTEN.withByteBudget(new ByteBudget(40));
    var listener = new WebSocketClient(true);
    WebSocket socket = open(http.token(http.approved(Level.READ, limits)), "echo", listener);
    for (int i = 0; i < 5; i++) {
      socket.sendText("0123456789", true).join();
    }
    Await.until(() -> listener.closed.get() != 0);
    assertThat(listener.closed.get()).isEqualTo(1008);
    assertThat(listener.heard).hasSize(4);
    Await.until(() -> outcomes().size() == 1);
    assertThat(outcomes().getFirst().bytes()).isEqualTo(40);
  }

  /// Attack case HT-21: an upgrade where none is listed, and none where one is.
  @Test
  void anUpgradePassesWhereItIsListedAndNowhereElse() throws Exception {
    String token = http.token(http.approved(Level.READ));
    assertThatThrownBy(() -> open(token, "tickets", new WebSocketClient(true)))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    assertThat(http.service.heard().getLast().headers())
        .doesNotContainKeys("upgrade", "sec-websocket-key", "connection");
    serves(service.base(), AnswerForm.WEBSOCKET, "echo", "plain");
    http.client = http.freshClient();
    String other = http.token(http.approved(Level.READ));
    HttpResponse<String> plain = http.get(other, "/t/acme/echo");
    assertThat(plain.statusCode()).isEqualTo(400);
    assertThat(plain.body()).contains("\"code\":\"upgrade\"", "\"hint\"");
    assertThat(service.asked()).isEmpty();
    assertThatThrownBy(() -> open(other, "plain", new WebSocketClient(true)))
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
  }

  @Test
  void aWebSocketBeginsWithAnAssertion() {
    http.assertion = Optional.of(new AssertionRule("tickets", false));
    http.assertionKeys =
        AssertionKeys.of(List.of(SoftwareKey.generate(Scheme.ECDSA_P256, http.random)));
    serves(service.base(), AnswerForm.WEBSOCKET, "echo");
    open(http.token(http.approved(Level.READ)), "echo", new WebSocketClient(true));
    assertThat(service.asked().getFirst().get("x-lockbox-assertion"))
        .matches("[^.]+\\.[^.]+\\.[^.]+");
  }
}
