package org.openlockbox.cli.connect;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// The link that opens a service in a browser, at an origin of this login alone. Its token stands
/// behind `#`, so no browser sends it in an address or a `Referer`, and it is good once.
public final class BrowserLink {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final String DOMAIN = "[a-z0-9-]+(\\.[a-z0-9-]+)+";

  private BrowserLink() {}

  /// Asks the gateway where browsers come in.
  ///
  /// @throws Failure if they do not
  static Optional<String> domain(ServiceLogin login) {
    try (HttpClient client = client(login)) {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(login.base().resolve("/_lockbox/domain"))
                  .timeout(WITHIN)
                  .build(),
              BodyHandlers.ofByteArray());
      Fields said = Fields.of(Json.read(answer.body()), "the gateway's answer");
      return said.optionalText("sessionDomain").filter(domain -> domain.matches(DOMAIN));
    } catch (IOException e) {
      throw login
          .certificateFault(login.base().getHost())
          .map(fault -> new Failure(ExitCode.UNREACHABLE, fault.sentence(), fault.next()))
          .orElseGet(
              () ->
                  new Failure(
                      ExitCode.UNREACHABLE,
                      "the gateway at " + login.base() + " does not answer: " + e));
    } catch (MalformedJson e) {
      throw new Failure(ExitCode.FAILURE, "the gateway's answer cannot be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILURE, "interrupted");
    }
  }

  private static HttpClient client(ServiceLogin login) throws IOException {
    return HttpClient.newBuilder()
        .sslContext(GatewayConnection.context(login.caPem()))
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(WITHIN)
        .build();
  }

  /// The host of one login, which has no underscore.
  static URI start(ServiceLogin login, String domain) {
    String label = login.user().toLowerCase(Locale.ROOT).replace('_', '-');
    int port = login.base().getPort();
    return URI.create(
        "https://%s.%s%s/_lockbox/start".formatted(label, domain, port < 0 ? "" : ":" + port));
  }
}
