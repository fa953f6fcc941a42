package org.openlockbox.node.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.node.config.NodeConfig.TracePart;

/// Reads `tracing`: the collector that the node's traces are sent to.
final class TraceReader {
  private static final double SAMPLE = 0.1;
  private static final String PATH = "/v1/traces";

  private TraceReader() {}

  static TracePart read(YamlMap tracing, Path base, Optional<Path> ca) {
    var read =
        new TracePart(
            endpoint(tracing),
            tracing.optionalText("service").orElse("lockbox"),
            sample(tracing),
            ca,
            tracing.has("token")
                ? Optional.of(ConfigSecret.read(tracing, "token", base))
                : Optional.empty());
    tracing.done();
    return read;
  }

  /// With the path that every collector has, if it names none.
  private static URI endpoint(YamlMap tracing) {
    URI url = ConfigReader.url(tracing, "endpoint");
    if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
      throw tracing.problem("endpoint", "must be https://host:port; a token is named by token");
    }
    String path = url.getPath();
    return path == null || path.isEmpty() || path.equals("/") ? url.resolve(PATH) : url;
  }

  private static double sample(YamlMap tracing) {
    String written = tracing.optionalWord("sample").orElse(Double.toString(SAMPLE));
    try {
      double share = Double.parseDouble(written);
      if (share > 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw tracing.problem("sample", "must be above 0 and at most 1, such as 0.1 for one in ten");
  }
}
