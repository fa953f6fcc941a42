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

  /// Of services that speak HTTP engineers need an address. A gateway without `gateway.http` leads
  /// to databases alone.
  static void requireAddress(NodeConfig config, int line) {
    boolean known =
        config.server().map(server -> server.gateways().http().isPresent()).orElse(true);
    if (!config.services().isEmpty() && !known) {
      throw new YamlProblem(
          config.file().toString(),
          line,
          "the catalogue has %s, which speaks HTTP: 'server.httpGatewayAddress' is needed"
              .formatted(config.services().getFirst().spec().id()));
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
