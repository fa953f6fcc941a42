package org.openlockbox.postgres.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.gateway.yaml.YamlMap;

/// Reads `mask:` of a table: a word for each column, or a mapping for masks that take a parameter.
final class MaskReader {
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final String WORDS =
      "email, last4, redact, 'null' or hash, or {truncate: …}, {bucket: …}, {keep: […]}";

  private MaskReader() {}

  static Map<String, Mask> read(YamlMap table) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    table
        .optionalMap("mask")
        .ifPresent(
            map -> {
              for (String key : map.keys()) {
                masks.put(Identifiers.ofKey(map, key), mask(map, key));
              }
              map.done();
            });
    return masks;
  }

  private static Mask mask(YamlMap map, String column) {
    if (map.isMap(column)) {
      var parameters = map.map(column);
      Mask mask = withParameter(map, column, parameters);
      parameters.done();
      return mask;
    }
    String word = map.word(column);
    return Stream.of(Mask.SimpleMask.values())
        .filter(plain -> plain.word().equals(word))
        .findFirst()
        .orElseThrow(() -> map.problem(column, "must be " + WORDS + ", not '" + word + "'"));
  }

  private static Mask withParameter(YamlMap map, String column, YamlMap parameters) {
    if (parameters.has("truncate")) {
      return new Mask.Truncate(unit(parameters));
    }
    if (parameters.has("bucket")) {
      int width = parameters.optionalInteger("bucket").orElse(0);
      if (width < 2) {
        throw parameters.problem("bucket", "must be a whole number above 1");
      }
      return new Mask.Bucket(width);
    }
    if (parameters.has("keep")) {
      return new Mask.Keep(paths(parameters));
    }
    throw map.problem(column, "must be " + WORDS);
  }

  private static Mask.Unit unit(YamlMap parameters) {
    String word = parameters.text("truncate");
    return Stream.of(Mask.Unit.values())
        .filter(unit -> unit.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                parameters.problem(
                    "truncate",
                    "must be year, quarter, month, week, day or hour, not '" + word + "'"));
  }

  private static List<List<String>> paths(YamlMap parameters) {
    List<String> paths = parameters.texts("keep");
    for (String path : paths) {
      if (!PATH.matcher(path).matches()) {
        throw parameters.problem("keep", "'" + path + "' is no path such as order.status");
      }
    }
    return paths.stream().map(path -> List.of(path.split("\\."))).toList();
  }
}
