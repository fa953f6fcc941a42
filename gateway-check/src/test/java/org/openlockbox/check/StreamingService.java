package org.openlockbox.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A service behind a proxy that asks: it answers with tickets, streams events for ever, and
/// remembers what has reached it. It believes the headers that name the access.
final class StreamingService implements AutoCloseable {
  /// What has reached it.
  ///
  /// @param headers by lower-case names
  record ReachedRequest(String line, Map<String, String> headers) {}

  private final HttpServer server;
  private final List<ReachedRequest> reached = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

  StreamingService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<ReachedRequest> reached() {
    return List.copyOf(reached);
  }

  private void answer(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name, String.join(",", values)));
    reached.add(
        new ReachedRequest(exchange.getRequestMethod() + " " + exchange.getRequestURI(), headers));
    if (exchange.getRequestURI().getPath().endsWith("/events")) {
      stream(exchange);
    } else {
      byte[] tickets = "{\"tickets\":[]}".getBytes(UTF_8);
      exchange.sendResponseHeaders(200, tickets.length);
      exchange.getResponseBody().write(tickets);
    }
    exchange.close();
  }

  private void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().add("X-Accel-Buffering", "no");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int n = 0; !over.await(20, TimeUnit.MILLISECONDS); n++) {
        out.write("data: %06d\n\n".formatted(n).getBytes(UTF_8));
        out.flush();
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
