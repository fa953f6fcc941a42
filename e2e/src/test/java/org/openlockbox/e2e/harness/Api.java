package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// The REST API as a script of one of the demo's people calls it: for what would take too long by
/// typing commands, and for what the client program would refuse to send.
public final class Api implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final String server;
  private final String token;

  public Api(Demo demo, String profile) {
    this(demo.port("server"), demo.token(profile));
  }

  /// Whoever this token makes one.
  public Api(int port, String token) {
    this.server = "http://127.0.0.1:" + port;
    this.token = token;
  }

  /// What came back.
  public record Reply(int status, String etag, Bytes body) {
    /// Expects that it was done.
    public Fields fields() {
      if (status >= 300) {
        throw new AssertionError(status + " " + text());
      }
      return json();
    }

    /// Whatever came back, a problem too.
    public Fields json() {
      return Fields.of(Json.read(body.toArray(), Integer.MAX_VALUE), "the server's answer");
    }

    /// The problem's code; empty if it is no problem.
    public String code() {
      return json().optionalText("code").orElse("");
    }

    public String text() {
      return body.utf8();
    }
  }

  public Reply get(String path) throws IOException {
    return send(request(path).GET());
  }

  public Reply post(String path, Json.Object body, Map<String, String> headers) throws IOException {
    var request = request(path).POST(BodyPublishers.ofByteArray(CanonicalJson.bytes(body)));
    request.header("Content-Type", "application/json");
    headers.forEach(request::header);
    return send(request);
  }

  /// Sends a body for the version that was shown before.
  public Reply post(String path, String etag, Json.Object body) throws IOException {
    return post(path, body, Map.of("If-Match", etag));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token);
  }

  private Reply send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
      return new Reply(
          answer.statusCode(),
          answer.headers().firstValue("ETag").orElse(""),
          Bytes.of(answer.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
