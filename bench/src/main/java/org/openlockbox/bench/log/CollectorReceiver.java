package org.openlockbox.bench.log;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.export.EventSink;

/// An HTTP Event Collector of the form that Splunk documents, which counts the events and throws
/// them away.
final class CollectorReceiver implements AutoCloseable {
  private final Arrivals arrivals = new Arrivals();
  private final HttpServer http;

  CollectorReceiver() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    http.createContext("/services/collector/event", this::take);
    http.start();
  }

  EventSink sink(TenantId tenant) {
    return new EventSink.Splunk(
        "splunk",
        List.of(tenant),
        true,
        URI.create("http://127.0.0.1:" + http.getAddress().getPort()),
        () -> "00000000-0000-0000-0000-000000000000",
        true,
        Optional.empty());
  }

  Arrivals arrivals() {
    return arrivals;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange;
        var in = new GZIPInputStream(exchange.getRequestBody())) {
      var lines = Lines.of(in);
      var answer = "{\"text\":\"Success\",\"code\":0}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      arrivals.add(lines.count(), lines.bytes());
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
