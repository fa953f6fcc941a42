package org.openlockbox.postgres.catalogue;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.gateway.yaml.YamlMap;

/// Reads `references:` of a table: for each column the key that it leads to, as `table.column` or
/// `schema.table.column`, or `none`; or a mapping with the key and the value that leads nowhere.
final class ReferenceReader {
  private static final String NOWHERE = "none";

  private ReferenceReader() {}

  static SortedMap<String, ReferenceTarget> read(YamlMap table, String schema) {
    SortedMap<String, ReferenceTarget> references = new TreeMap<>();
    table
        .optionalMap("references")
        .ifPresent(
            map -> {
              for (String key : map.keys()) {
                references.put(Identifiers.ofKey(map, key), target(map, key, schema));
              }
              map.done();
            });
    return references;
  }

  private static ReferenceTarget target(YamlMap map, String column, String schema) {
    if (map.isMap(column)) {
      var parts = map.map(column);
      String empty = parts.word("empty");
      if (empty.indexOf('\\') >= 0 || empty.chars().anyMatch(Character::isISOControl)) {
        throw parts.problem("empty", "must have no backslash and no control character");
      }
      var key = key(parts, "key", parts.text("key"), schema, Optional.of(empty));
      parts.done();
      return key;
    }
    String word = map.word(column);
    return word.equals(NOWHERE)
        ? new ReferenceTarget.Nowhere()
        : key(map, column, word, schema, Optional.empty());
  }

  private static ReferenceTarget key(
      YamlMap map, String at, String word, String schema, Optional<String> empty) {
    List<String> names = SqlName.identifiers(word).orElse(List.of());
    if (names.size() < 2 || names.size() > 3 || !names.stream().allMatch(TableName::isIdentifier)) {
      throw map.problem(
          at, "must be table.column, schema.table.column or none, not '" + word + "'");
    }
    String of = names.size() == 3 ? names.getFirst() : schema;
    return new ReferenceTarget.KeyColumn(
        new TableName(of, names.get(names.size() - 2)), names.getLast(), empty);
  }
}
