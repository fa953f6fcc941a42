package org.openlockbox.e2e.operation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A collector of traces that takes OTLP over HTTP, and keeps what came, as bytes and as spans.
final class TraceCollector implements AutoCloseable {
  private static final int OK = 200;

  /// A span, and which part of the product wrote it.
  record TakenSpan(String scope, Span span) {
    String name() {
      return span.getName();
    }

    String trace() {
      return hex(span.getTraceId());
    }

    String id() {
      return hex(span.getSpanId());
    }

    String parent() {
      return hex(span.getParentSpanId());
    }

    private static String hex(ByteString id) {
      return HexFormat.of().formatHex(id.toByteArray());
    }

    Map<String, String> attributes() {
      return span.getAttributesList().stream()
          .collect(Collectors.toMap(KeyValue::getKey, TakenSpan::value));
    }

    private static String value(KeyValue attribute) {
      var value = attribute.getValue();
      return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
    }
  }

  private final HttpServer http;
  private final List<TakenSpan> spans = new CopyOnWriteArrayList<>();
  private final List<String> bytes = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean hanging;

  TraceCollector() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("collector").factory()));
    http.createContext("/v1/traces", this::take);
    http.start();
  }

  private void take(HttpExchange call) throws IOException {
    calls.incrementAndGet();
    byte[] body = call.getRequestBody().readAllBytes();
    while (hanging) {
      LockSupport.parkNanos(10_000_000L);
    }
    bytes.add(new String(body, ISO_8859_1));
    tokens.add(String.valueOf(call.getRequestHeaders().getFirst("Authorization")));
    for (var resource : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
      for (var scope : resource.getScopeSpansList()) {
        scope
            .getSpansList()
            .forEach(span -> spans.add(new TakenSpan(scope.getScope().getName(), span)));
      }
    }
    call.sendResponseHeaders(OK, -1);
    call.close();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /// From now on it answers nobody, or everybody again.
  void hangs(boolean does) {
    hanging = does;
  }

  /// How often it was called, whether it answered or not.
  int calls() {
    return calls.get();
  }

  List<TakenSpan> spans() {
    return List.copyOf(spans);
  }

  Stream<TakenSpan> named(String name) {
    return spans.stream().filter(span -> span.name().equals(name));
  }

  /// All bytes that came.
  String bytes() {
    return String.join("\n", bytes);
  }

  /// The tokens that senders showed.
  List<String> tokens() {
    return List.copyOf(tokens);
  }

  @Override
  public void close() {
    hanging = false;
    http.stop(0);
  }
}
