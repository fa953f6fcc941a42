package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Bytes;

/// A protected service: it answers with tickets, echoes what it is sent, streams for ever, and
/// remembers what has reached it.
final class TicketService implements AutoCloseable {
  /// What has reached it.
  record Heard(String line, Map<String, String> headers, String body) {}

  /// An answer that a test wants to `/said`.
  record SaidAnswer(int status, String type, Map<String, String> headers, Bytes body) {
    static SaidAnswer ok(String type, String body) {
      return new SaidAnswer(200, type, Map.of(), Bytes.ofUtf8(body));
    }
  }

  volatile SaidAnswer said = SaidAnswer.ok("application/json", "{}");

  private final HttpServer server;
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final AtomicLong flooded = new AtomicLong();
  private final AtomicLong silent = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);

  TicketService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Heard> heard() {
    return List.copyOf(heard);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Map<String, String> headers =
        exchange.getRequestHeaders().entrySet().stream()
            .collect(
                Collectors.toMap(
                    each -> each.getKey().toLowerCase(Locale.ROOT),
                    each -> String.join(", ", each.getValue())));
    heard.add(
        new Heard(exchange.getRequestMethod() + " " + exchange.getRequestURI(), headers, body));
    String path = exchange.getRequestURI().getPath();
    exchange.getResponseHeaders().add("Set-Cookie", "admin=1");
    exchange.getResponseHeaders().add("X-Internal", "host-7");
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (path.endsWith("/said")) {
      say(exchange, said);
    } else if (path.endsWith("/broken")) {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().flush(); // the head, and not one byte
    } else if (path.endsWith("/flood")) {
      flood(exchange);
    } else if (path.endsWith("/silence")) {
      silence();
    } else if (path.endsWith("/events")) {
      stream(exchange);
    } else if (path.endsWith("/elsewhere")) {
      exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest");
      exchange.sendResponseHeaders(302, -1);
    } else {
      byte[] said = ("{\"tickets\":[],\"sent\":\"" + body.length() + "\"}").getBytes(UTF_8);
      exchange.sendResponseHeaders(200, said.length);
      exchange.getResponseBody().write(said);
    }
    exchange.close();
  }

  private static void say(HttpExchange exchange, SaidAnswer said) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", said.type());
    said.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(said.status(), said.body().isEmpty() ? -1 : said.body().size());
    exchange.getResponseBody().write(said.body().toArray());
  }

  /// As much as is taken, until it is closed.
  private void flood(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] piece = "0123456789abcdef".repeat(512).getBytes(UTF_8);
    try (OutputStream out = exchange.getResponseBody()) {
      while (over.getCount() > 0) {
        out.write(piece);
        flooded.addAndGet(piece.length);
      }
    }
  }

  /// Answers nothing for as long as it is there.
  private void silence() {
    silent.incrementAndGet();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// How many wait for an answer that does not come.
  long silences() {
    return silent.get();
  }

  /// How much of floods was taken.
  long floods() {
    return flooded.get();
  }

  /// A line every few milliseconds, until it is closed.
  private void stream(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int n = 0; over.getCount() > 0; n++) {
        out.write(("data: " + n + "\n\n").getBytes(UTF_8));
        out.flush();
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
  }
}
