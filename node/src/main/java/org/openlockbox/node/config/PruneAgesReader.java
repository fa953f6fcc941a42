package org.openlockbox.node.config;

import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.server.prune.PruneAges;

/// Reads `server.keep`: when rows that nobody needs any more are deleted.
final class PruneAgesReader {
  private PruneAgesReader() {}

  static PruneAges read(YamlMap keep) {
    var usual = PruneAges.STANDARD;
    try {
      var read =
          new PruneAges(
              keep.optionalDuration("deliveries").orElse(usual.deliveries()),
              keep.optionalDuration("connectStatements").orElse(usual.connectStatements()),
              keep.optionalDuration("boots").orElse(usual.boots()));
      keep.done();
      return read;
    } catch (IllegalArgumentException e) {
      throw keep.problem("deliveries", String.valueOf(e.getMessage()));
    }
  }
}
