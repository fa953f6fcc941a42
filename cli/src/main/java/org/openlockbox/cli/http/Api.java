package org.openlockbox.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.profile.ServerProfile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// The server's REST interface as one role sees it. A reply that is not 2xx becomes a [Failure]
/// here and nowhere else. The HTTP client is made on first use, so that commands that need no
/// server start without it. The token never travels in the clear beyond this machine.
public final class Api implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final ServerProfile profile;
  private final URI base;
  private @Nullable HttpClient client;

  public Api(ServerProfile profile) {
    this.profile = profile;
    this.base = ApiAddress.parse(profile.server());
  }

  ServerProfile profile() {
    return profile;
  }

  public ApiResponse get(String path) {
    return get(path, Map.of());
  }

  public ApiResponse get(String path, Map<String, String> headers) {
    return send(request(path, headers).GET().build());
  }

  /// What is at this path; empty if the server says that there is nothing.
  public Optional<ApiResponse> find(String path) {
    HttpResponse<byte[]> response = exchange(request(path, Map.of()).GET().build());
    return response.statusCode() == 404 ? Optional.empty() : Optional.of(answer(response));
  }

  public ApiResponse post(String path, Json body) {
    return post(path, body, Map.of());
  }

  public ApiResponse post(String path, Json body, Map<String, String> headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(CanonicalJson.bytes(body)))
            .build());
  }

  /// The same without saying who asks: for what has no token yet.
  public ApiResponse postAsNobody(String path, Json body) {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(ANSWER)
            .header("Accept", "application/json, application/problem+json")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(CanonicalJson.bytes(body)))
            .build());
  }

  /// Puts this in place of what is at this path.
  public ApiResponse put(String path, Json body, Map<String, String> headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(CanonicalJson.bytes(body)))
            .build());
  }

  public ApiResponse delete(String path) {
    return send(request(path, Map.of()).DELETE().build());
  }

  /// A value made safe as one segment or query value of a path.
  public static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers) {
    if (profile.token().isEmpty()) {
      throw new Failure(
          ExitCode.NOT_SIGNED_IN,
          "no token is set for " + profile.server(),
          "set LOCKBOX_TOKEN, or LOCKBOX_PROFILE to a profile that has one");
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + profile.token())
            .header("Accept", "application/json, application/problem+json, */*");
    headers.forEach(request::header);
    return request;
  }

  private ApiResponse send(HttpRequest request) {
    return answer(exchange(request));
  }

  private static ApiResponse answer(HttpResponse<byte[]> response) {
    if (response.statusCode() / 100 == 2) {
      return new ApiResponse(response.body(), response.headers().firstValue("etag").orElse(""));
    }
    throw ApiProblem.of(response.statusCode(), response.body()).failure();
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) {
    try {
      return client().send(request, BodyHandlers.ofByteArray());
    } catch (HttpConnectTimeoutException | ConnectException unreachable) {
      throw unreachable("does not answer");
    } catch (HttpTimeoutException slow) {
      throw unreachable("did not answer within " + ANSWER.toSeconds() + " s");
    } catch (SSLException untrusted) {
      throw unreachable("is not trusted: " + untrusted.getMessage());
    } catch (IOException broken) {
      throw unreachable("broke off: " + broken.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILURE, "interrupted");
    }
  }

  /// Asks for something of any length and hands its bytes on as they come.
  public void stream(String path, BodyReader taking) {
    HttpRequest request = request(path, Map.of()).GET().build();
    try {
      HttpResponse<InputStream> response = client().send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() / 100 != 2) {
          throw ApiProblem.of(response.statusCode(), body.readAllBytes()).failure();
        }
        taking.take(body);
      }
    } catch (HttpConnectTimeoutException | ConnectException unreachable) {
      throw unreachable("does not answer");
    } catch (SSLException untrusted) {
      throw unreachable("is not trusted: " + untrusted.getMessage());
    } catch (IOException broken) {
      throw unreachable("broke off: " + broken.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILURE, "interrupted");
    }
  }

  /// What reads a stream to its end.
  public interface BodyReader {
    void take(InputStream body) throws IOException;
  }

  private Failure unreachable(String how) {
    return new Failure(
        ExitCode.UNREACHABLE,
        "the server " + profile.server() + " " + how,
        "is it running? lockbox status; another one: --server URL or LOCKBOX_SERVER");
  }

  private HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NEVER);
      builder.sslContext(ServerTrust.contextFor(base, profile.caFile()));
      made = builder.build();
      client = made;
    }
    return made;
  }

  @Override
  public void close() {
    HttpClient made = client;
    if (made != null) {
      made.shutdownNow();
    }
  }
}
