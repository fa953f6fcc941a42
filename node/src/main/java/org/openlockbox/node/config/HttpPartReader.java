package org.openlockbox.node.config;

import java.nio.file.Path;
import java.time.Duration;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.node.config.NodeConfig.HttpPart;

/// Reads where a gateway listens to HTTP (`gateway.http`).
final class HttpPartReader {
  private static final Duration IDLE = Duration.ofMinutes(15);

  private HttpPartReader() {}

  /// A catalogue with services that speak HTTP needs a gateway that does, and engineers its
  /// address.
  static void requireWhereNeeded(NodeConfig config, int line) {
    if (config.services().isEmpty()) {
      return;
    }
    boolean known =
        config.server().map(server -> server.gateways().http().isPresent()).orElse(true);
    boolean listens = config.gateway().map(gateway -> gateway.http().isPresent()).orElse(true);
    if (!known || !listens) {
      throw new YamlProblem(
          config.file().toString(),
          line,
          "the catalogue has %s, which speaks HTTP: '%s' is needed"
              .formatted(
                  config.services().getFirst().spec().id(),
                  listens ? "server.httpGatewayAddress" : "gateway.http"));
    }
  }

  static HttpPart read(YamlMap http, Path base) {
    var read =
        new HttpPart(
            ConfigReader.listen(http, "listen"),
            http.optionalText("ca").map(base::resolve),
            http.optionalDuration("idle").orElse(IDLE));
    http.done();
    if (!read.idle().isPositive()) {
      throw http.problem("idle", "must be above 0");
    }
    return read;
  }
}
