package org.openlockbox.node.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers on the management port, to whoever reaches it: `GET /livez`, `/readyz` and `/metrics`.
/// Nothing can be changed here, and nothing here names a tenant or a person.
public final class ManagementServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
  private static final int AT_ONCE = 16;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

  private final HttpServer http;
  private final Map<String, Supplier<Page>> pages;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().name("management-", 0).daemon().factory());

  /// What is answered to one call.
  record Page(int status, String type, String body) {}

  private ManagementServer(HttpServer http, Map<String, Supplier<Page>> pages) {
    this.http = http;
    this.pages = Map.copyOf(pages);
  }

  /// Starts to answer.
  ///
  /// @param metrics writes all figures as Prometheus reads them
  public static ManagementServer start(
      InetSocketAddress address, NodeParts parts, Supplier<String> metrics) throws IOException {
    var server =
        new ManagementServer(
            HttpServer.create(address, AT_ONCE),
            Map.of(
                "/livez", () -> told(parts.liveness()),
                "/readyz", () -> told(parts.readiness()),
                "/metrics",
                    () ->
                        new Page(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get())));
    server.http.createContext("/", server::handle);
    server.http.setExecutor(server.threads);
    server.http.start();
    return server;
  }

  public int port() {
    return http.getAddress().getPort();
  }

  /// 200, or 503 with each thing that is down and why.
  private static Page told(List<Requirement> needed) {
    boolean all = needed.stream().allMatch(Requirement::holds);
    var json = Json.object().put("status", all ? "up" : "down");
    for (var one : needed) {
      json.put(
          one.part() + "." + one.name(), one.failure().map(why -> "down: " + why).orElse("up"));
    }
    return new Page(all ? 200 : 503, "application/json", CanonicalJson.text(json.build()) + "\n");
  }

  private void handle(HttpExchange call) throws IOException {
    try (call) {
      if (!places.tryAcquire()) {
        send(call, new Page(503, "text/plain", "busy\n"));
        return;
      }
      try {
        send(call, page(call));
      } finally {
        places.release();
      }
    }
  }

  private Page page(HttpExchange call) {
    var page = pages.get(call.getRequestURI().getPath());
    if (page == null) {
      return new Page(404, "text/plain", "GET /livez, /readyz or /metrics\n");
    }
    if (!List.of("GET", "HEAD").contains(call.getRequestMethod())) {
      return new Page(405, "text/plain", "GET\n");
    }
    try {
      return page.get();
    } catch (RuntimeException e) {
      LOG.warn("a call to the management port cannot be answered: {}", e.toString());
      return new Page(500, "text/plain", "this cannot be told now; the log says why\n");
    }
  }

  private static void send(HttpExchange call, Page page) throws IOException {
    byte[] bytes = page.body().getBytes(UTF_8);
    boolean head = call.getRequestMethod().equals("HEAD");
    call.getResponseHeaders().set("Content-Type", page.type());
    call.getResponseHeaders().set("Cache-Control", "no-store");
    call.sendResponseHeaders(page.status(), head ? -1 : bytes.length);
    if (!head) {
      call.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    http.stop((int) STOP_WITHIN.toSeconds());
    threads.close();
  }
}
