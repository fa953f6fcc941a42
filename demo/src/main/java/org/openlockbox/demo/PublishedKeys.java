package org.openlockbox.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.openlockbox.node.service.ClientTls;

/// Fetches the public keys of assertions from the demo's gateway, over TLS.
final class PublishedKeys implements Supplier<String> {
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final URI url;
  private final Path authority;

  PublishedKeys(int gateway, Path authority) {
    this.url = URI.create("https://127.0.0.1:" + gateway + "/.well-known/jwks.json");
    this.authority = authority;
  }

  @Override
  public String get() {
    var tls = ClientTls.of(Optional.of(authority), Optional.empty()).orElseThrow();
    try (var client = HttpClient.newBuilder().sslContext(tls).connectTimeout(WITHIN).build()) {
      var answer =
          client.send(HttpRequest.newBuilder(url).timeout(WITHIN).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(url + " answers " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
