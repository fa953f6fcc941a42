package org.openlockbox.server.export;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A small HTTP Event Collector of the form that Splunk documents, which can be told to fail.
final class Collector implements AutoCloseable {
  static final String TOKEN = "11111111-2222-3333-4444-555555555555";

  /// How it answers.
  enum Mood {
    WELL,
    /// Says 503 and takes nothing.
    BUSY,
    /// Says 403 as for a token that it does not know.
    FORBIDS,
    /// Takes everything and hangs up without an answer.
    FORGETS_TO_ANSWER,
    /// Hangs up before it takes anything.
    HANGS_UP,
    /// Answers nobody before [#goOn].
    SLOW,
    /// Says 400 to whatever holds an event of acme.
    DISLIKES_ACME
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer http;
  private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
  private final AtomicReference<Mood> mood = new AtomicReference<>(Mood.WELL);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final List<String> faults = new CopyOnWriteArrayList<>();

  Collector() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/services/collector/event", this::answer);
    http.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  void be(Mood next) {
    mood.set(next);
  }

  void goOn() {
    mood.set(Mood.WELL);
    goOn.countDown();
  }

  /// What was wrong with calls it got.
  List<String> faults() {
    return faults;
  }

  /// What it has taken, in the order it came.
  List<JsonNode> taken() {
    return taken;
  }

  /// The ids of a tenant's events, in the order they came.
  List<String> ids(String tenant) {
    return taken.stream()
        .map(event -> event.at("/event/metadata/uid").asString())
        .filter(id -> id.startsWith(tenant + "/"))
        .toList();
  }

  private void answer(HttpExchange call) throws IOException {
    var now = mood.get();
    if (now == Mood.HANGS_UP) {
      call.close();
      return;
    }
    var events = read(call);
    switch (now) {
      case WELL -> {
        taken.addAll(events);
        say(call, 200, "{\"text\":\"Success\",\"code\":0}");
      }
      case BUSY -> say(call, 503, "{\"text\":\"Server is busy\",\"code\":9}");
      case FORBIDS -> say(call, 403, "{\"text\":\"Invalid token\",\"code\":4}");
      case FORGETS_TO_ANSWER -> {
        taken.addAll(events);
        call.close();
      }
      case SLOW -> {
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        taken.addAll(events);
        say(call, 200, "{\"text\":\"Success\",\"code\":0}");
      }
      case DISLIKES_ACME -> {
        if (events.stream().anyMatch(e -> e.path("source").asString().equals("lockbox:acme"))) {
          say(call, 400, "{\"text\":\"Invalid data format\",\"code\":6}");
        } else {
          taken.addAll(events);
          say(call, 200, "{\"text\":\"Success\",\"code\":0}");
        }
      }
      case HANGS_UP -> throw new IllegalStateException("handled above");
    }
  }

  private List<JsonNode> read(HttpExchange call) throws IOException {
    var headers = call.getRequestHeaders();
    if (!("Splunk " + TOKEN).equals(headers.getFirst("Authorization"))) {
      faults.add("token");
    }
    boolean zipped = "gzip".equals(headers.getFirst("Content-Encoding"));
    try (var in = zipped ? new GZIPInputStream(call.getRequestBody()) : call.getRequestBody()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .<JsonNode>map(JSON::readTree)
          .toList();
    }
  }

  private static void say(HttpExchange call, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(status, bytes.length);
    try (var out = call.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    goOn.countDown();
    http.stop(0);
  }
}
