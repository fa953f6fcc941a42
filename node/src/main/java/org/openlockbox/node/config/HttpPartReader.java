package org.openlockbox.node.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.http.browser.SessionHosts;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.node.config.NodeConfig.HttpPart;

/// Reads where a gateway listens to HTTP (`gateway.http`).
final class HttpPartReader {
  private static final Duration IDLE = Duration.ofMinutes(15);

  private HttpPartReader() {}

  /// Without a key it could sign nothing, and the service would refuse each request.
  static void requireKeys(NodeConfig config, int line) {
    boolean none =
        config
            .gateway()
            .flatMap(NodeConfig.GatewayPart::http)
            .filter(http -> http.assertionKeys().isEmpty())
            .isPresent();
    Optional<HttpListing> asserted =
        config.services().stream()
            .filter(service -> service.spec().assertion().isPresent())
            .findFirst();
    if (none && asserted.isPresent()) {
      throw new YamlProblem(
          config.file().toString(),
          line,
          "%s takes assertions: 'gateway.http.assertionKeys' is needed"
              .formatted(asserted.get().spec().id()));
    }
  }

  private static SessionHosts hosts(YamlMap http, String domain) {
    try {
      return new SessionHosts(domain);
    } catch (IllegalArgumentException e) {
      throw http.problem("sessionDomain", String.valueOf(e.getMessage()));
    }
  }

  static HttpPart read(YamlMap http, Path base) {
    var read =
        new HttpPart(
            ConfigReader.listen(http, "listen"),
            http.optionalText("ca").map(base::resolve),
            http.optionalDuration("idle").orElse(IDLE),
            http.texts("assertionKeys").stream().map(base::resolve).toList(),
            http.optionalText("sessionDomain").map(domain -> hosts(http, domain)));
    http.done();
    if (!read.idle().isPositive()) {
      throw http.problem("idle", "must be above 0");
    }
    Optional<Path> missing =
        read.assertionKeys().stream().filter(file -> !Files.isRegularFile(file)).findFirst();
    if (missing.isPresent()) {
      throw http.problem("assertionKeys", "there is no file " + missing.get());
    }
    return read;
  }
}
