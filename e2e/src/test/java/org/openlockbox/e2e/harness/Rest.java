package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// The REST interface, for what the client program would refuse to send.
public final class Rest implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;
  private final String token;

  public Rest(int port, String token) {
    this.server = URI.create("http://127.0.0.1:" + port);
    this.token = token;
  }

  /// Status, entity tag and body of an answer.
  public record Reply(int status, String etag, Bytes body) {
    public Fields json() {
      return Fields.of(Json.read(body.toArray()), "answer");
    }

    /// The problem's code; empty if it is no problem.
    public String code() {
      return json().optionalText("code").orElse("");
    }
  }

  public Reply get(String path) {
    return send(HttpRequest.newBuilder(server.resolve(path)).GET());
  }

  /// Sends a body for the version that was shown before.
  public Reply post(String path, String etag, Json body) {
    return send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .header("If-Match", etag)
            .POST(BodyPublishers.ofByteArray(CanonicalJson.bytes(body))));
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      var answer =
          http.send(
              request.timeout(PATIENCE).header("Authorization", "Bearer " + token).build(),
              BodyHandlers.ofByteArray());
      return new Reply(
          answer.statusCode(),
          answer.headers().firstValue("ETag").orElse(""),
          Bytes.of(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
