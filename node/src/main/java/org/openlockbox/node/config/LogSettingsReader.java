package org.openlockbox.node.config;

import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.node.logging.LogSettings;
import org.openlockbox.node.logging.LogSettings.LogFormat;

/// Reads `logging`: how the node writes its own log.
final class LogSettingsReader {
  private LogSettingsReader() {}

  static LogSettings read(YamlMap logging) {
    var usual = LogSettings.STANDARD;
    var format =
        switch (logging.optionalText("format").orElse("text")) {
          case "text" -> LogFormat.TEXT;
          case "ecs" -> LogFormat.ECS;
          default -> throw logging.problem("format", "must be text or ecs");
        };
    var read = new LogSettings(format, logging.optionalBool("traces").orElse(usual.traces()));
    logging.done();
    return read;
  }
}
