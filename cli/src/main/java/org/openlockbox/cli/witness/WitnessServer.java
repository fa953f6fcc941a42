package org.openlockbox.cli.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.openlockbox.tlog.witness.AddCheckpoint;
import org.openlockbox.tlog.witness.Witness;
import org.openlockbox.tlog.witness.WitnessAnswer;

/// A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and `GET /<hex SHA-256 of the
/// origin>/checkpoint` for whoever monitors it. Needs no authentication: it signs nothing that its
/// logs did not sign. TLS is a proxy's job.
public final class WitnessServer implements AutoCloseable {
  private static final Pattern LAST = Pattern.compile("/([0-9a-f]{64})/checkpoint");
  private static final int AT_ONCE = 32;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Witness witness;
  private final Consumer<String> failures;

  private WitnessServer(HttpServer http, Witness witness, Consumer<String> failures) {
    this.http = http;
    this.witness = witness;
    this.failures = failures;
  }

  /// Starts to answer.
  ///
  /// @param failures is told of each call that could not be answered
  public static WitnessServer start(
      InetSocketAddress address, Witness witness, Consumer<String> failures) throws IOException {
    var server = new WitnessServer(HttpServer.create(address, AT_ONCE), witness, failures);
    server.http.createContext("/", server::handle);
    server.http.setExecutor(server.threads);
    server.http.start();
    return server;
  }

  public int port() {
    return http.getAddress().getPort();
  }

  private void handle(HttpExchange call) throws IOException {
    try (call) {
      if (!places.tryAcquire()) {
        send(call, 503, "text/plain", "busy\n");
        return;
      }
      try {
        answer(call);
      } catch (RuntimeException e) {
        failures.accept("a call could not be answered: " + e.getMessage());
        send(call, 500, "text/plain", "the witness cannot keep what it would sign\n");
      } finally {
        places.release();
      }
    }
  }

  private void answer(HttpExchange call) throws IOException {
    String path = call.getRequestURI().getPath();
    var last = LAST.matcher(path);
    if (path.equals("/add-checkpoint") && call.getRequestMethod().equals("POST")) {
      byte[] body = call.getRequestBody().readNBytes(AddCheckpoint.MAX_BYTES + 1);
      // A connection closed over what is unread is reset, and the answer lost.
      call.getRequestBody().transferTo(OutputStream.nullOutputStream());
      WitnessAnswer answer = witness.add(new String(body, UTF_8));
      String type = answer instanceof WitnessAnswer.Stale ? WitnessAnswer.SIZE_TYPE : "text/plain";
      send(call, answer.status(), type, answer.body());
    } else if (last.matches() && call.getRequestMethod().equals("GET")) {
      var note = witness.last(last.group(1));
      if (note.isPresent()) {
        send(call, 200, "text/plain; charset=utf-8", note.get().format());
      } else {
        send(call, 404, "text/plain", "no such checkpoint\n");
      }
    } else {
      send(call, 404, "text/plain", "POST /add-checkpoint\n");
    }
  }

  private static void send(HttpExchange call, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    call.getResponseHeaders().set("Content-Type", type);
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.close();
  }
}
