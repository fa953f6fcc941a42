package org.openlockbox.e2e.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// An OpenID Connect issuer that says what it is. Nobody signs in there.
final class SmallIssuer implements AutoCloseable {
  private final int port;
  private HttpServer http;

  SmallIssuer(int port) {
    this.port = port;
    this.http = started(port);
  }

  private static HttpServer started(int port) {
    try {
      var http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      String url = "http://127.0.0.1:" + port;
      http.createContext("/.well-known/openid-configuration", call -> reply(call, metadata(url)));
      http.createContext("/keys", call -> reply(call, "{\"keys\":[]}"));
      http.start();
      return http;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String metadata(String url) {
    return """
        {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",\
        "jwks_uri":"%1$s/keys","authorization_response_iss_parameter_supported":true}
        """
        .formatted(url);
  }

  private static void reply(HttpExchange call, String json) throws IOException {
    try (call) {
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      call.getResponseHeaders().set("Content-Type", "application/json");
      call.sendResponseHeaders(200, body.length);
      call.getResponseBody().write(body);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /// Starts it once more at the same address.
  void begin() {
    http = started(port);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
