package org.openlockbox.e2e.forger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.TilePath;

/// Serves a [Lie] as the server serves a tenant's log to whoever reads all of it.
final class LyingServer implements AutoCloseable {
  private final Lie lie;
  private final String prefix;
  private final HttpServer http;

  LyingServer(Lie lie, String tenant) throws IOException {
    this.lie = lie;
    this.prefix = "/log/" + tenant + "/";
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(prefix, this::answer);
    http.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
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
  }
}
