package org.openlockbox.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// A real HTTP server that answers what a test tells it to, and remembers what it was asked. For
/// the seam only: what the product's server does is tested with the product's server.
final class StubServer implements AutoCloseable {
  /// What to answer.
  record Reply(int status, String body) {}

  private final HttpServer server;
  private final Map<String, UnaryOperator<String>> answers = new ConcurrentHashMap<>();
  private final Map<String, Supplier<byte[]>> files = new ConcurrentHashMap<>();
  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final Map<String, String> headers = new HashMap<>();

  StubServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException taken) {
      throw new UncheckedIOException(taken);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// Answers this method and path, whatever its query, with a function of the request's body.
  StubServer on(String methodAndPath, UnaryOperator<String> answer) {
    answers.put(methodAndPath, answer);
    return this;
  }

  /// Answers this method and path with bytes; a path with a query only when asked exactly that.
  StubServer onBytes(String methodAndPath, Supplier<byte[]> answer) {
    files.put(methodAndPath, answer);
    return this;
  }

  /// Knows nothing of this any more.
  StubServer off(String methodAndPath) {
    answers.remove(methodAndPath);
    files.remove(methodAndPath);
    return this;
  }

  StubServer on(String methodAndPath, int status, String answer) {
    statuses.put(methodAndPath, status);
    return on(methodAndPath, body -> answer);
  }

  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  synchronized String header(String name) {
    return headers.getOrDefault(name, "");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String key = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    remember(key, exchange);
    UnaryOperator<String> known = answers.get(key);
    String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    Supplier<byte[]> file = files.getOrDefault(asked, files.get(key));
    int status = file != null ? 200 : known == null ? 404 : statuses.getOrDefault(key, 200);
    String answer = known == null ? "{\"status\":404,\"title\":\"Not found\"}" : known.apply(body);
    byte[] bytes = file != null ? file.get() : answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("ETag", "\"7\"");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized void remember(String key, HttpExchange exchange) {
    asked.add(key);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
