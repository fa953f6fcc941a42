package org.openlockbox.e2e.operation;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A receiver of the form that Splunk documents, which takes everything and keeps the bodies.
final class EventCollector implements AutoCloseable {
  private final HttpServer http;
  private final List<String> taken = new CopyOnWriteArrayList<>();

  EventCollector() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext(
        "/services/collector/event",
        call -> {
          taken.add(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] answer = "{\"text\":\"Success\",\"code\":0}".getBytes(StandardCharsets.UTF_8);
          call.sendResponseHeaders(200, answer.length);
          call.getResponseBody().write(answer);
          call.close();
        });
    http.start();
  }

  int port() {
    return http.getAddress().getPort();
  }

  /// Whether an event had these words.
  boolean took(String words) {
    return taken.stream().anyMatch(body -> body.contains(words));
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
