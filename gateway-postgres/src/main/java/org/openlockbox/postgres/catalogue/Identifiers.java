package org.openlockbox.postgres.catalogue;

import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;

/// Reads the names in `resources.yaml`, which stand there as PostgreSQL writes them ([SqlName]).
final class Identifiers {
  private Identifiers() {}

  /// The name that a key is.
  static String ofKey(YamlMap map, String key) {
    return of(map, key, key);
  }

  /// The name that stands under a key. A name in capitals without quotation marks is refused:
  /// PostgreSQL would read it as another one.
  static String of(YamlMap map, String key, String text) {
    return SqlName.identifiers(text)
        .filter(names -> names.size() == 1)
        .map(names -> names.getFirst())
        .filter(TableName::isIdentifier)
        .orElseThrow(() -> problem(map, key, text));
  }

  private static YamlProblem problem(YamlMap map, String key, String text) {
    return map.problem(
        key,
        "'%s' is no name as PostgreSQL writes it; if it is the name itself, write '%s'"
            .formatted(text, SqlName.of(text)));
  }
}
