package org.openlockbox.e2e.forger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tile.TilePath;

/// Serves a [Lie] as the server serves a tenant's log to whoever reads all of it; the epochs it
/// serves are the true server's, for others read them too.
final class LyingServer implements AutoCloseable {
  private final Lie lie;
  private final String prefix;
  private final URI truth;
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer http;

  LyingServer(Lie lie, String tenant, URI truth) throws IOException {
    this.lie = lie;
    this.truth = truth;
    this.prefix = "/log/" + tenant + "/";
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(prefix, this::answer);
    http.createContext("/epochs/", this::pass);
    http.createContext("/v1/tenants/" + tenant + "/epoch", this::pass);
    http.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var token = exchange.getRequestHeaders().getFirst("Authorization");
      var asked =
          HttpRequest.newBuilder(truth.resolve(exchange.getRequestURI()))
              .header("Authorization", token)
              .build();
      var answer = client.send(asked, HttpResponse.BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath().substring(prefix.length());
      byte[] body =
          path.equals("checkpoint")
              ? lie.checkpoint().getBytes(StandardCharsets.UTF_8)
              : entries(TilePath.parse(path));
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /// A bundle of entries: a 16-bit length and that many bytes, each.
  private byte[] entries(TilePath path) {
    var bundle = new ByteArrayOutputStream();
    long size = Checkpoint.parse(SignedNote.parse(lie.checkpoint()).text()).size();
    for (long seq = path.n() * 256; seq < Math.min(size, path.n() * 256 + path.width()); seq++) {
      byte[] entry = lie.log().entry(seq).toArray();
      bundle.write(entry.length >> 8);
      bundle.write(entry.length);
      bundle.writeBytes(entry);
    }
    return bundle.toByteArray();
  }

  @Override
  public void close() {
    http.stop(0);
    client.shutdownNow();
  }
}
