package org.openlockbox.http.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.http.json.FieldMask;
import org.openlockbox.http.json.FieldRules;
import org.openlockbox.http.json.JsonPath;

/// Reads what of a route's answer passes: `show`, `mask`, `tenant`, `rows`, and its form.
final class AnswerReader {
  private AnswerReader() {}

  /// @throws YamlProblem naming the line of the first mistake
  static AnswerRule read(YamlMap route) {
    Map<JsonPath, FieldMask> fields = new TreeMap<>();
    for (String each : route.texts("show")) {
      put(route, "show", fields, path(route, "show", each), FieldMask.SHOW);
    }
    route.optionalMap("mask").ifPresent(masks -> masks(masks, fields));
    List<JsonPath> tenant = new ArrayList<>();
    for (String each : route.texts("tenant")) {
      tenant.add(path(route, "tenant", each));
    }
    Optional<JsonPath> rows = route.optionalText("rows").map(each -> path(route, "rows", each));
    AnswerForm form = form(route);
    try {
      return new AnswerRule(FieldRules.of(fields), tenant, form, rows);
    } catch (IllegalArgumentException e) {
      throw route.problem(form.isStream() ? "stream" : form.word(), String.valueOf(e.getMessage()));
    }
  }

  private static AnswerForm form(YamlMap route) {
    List<AnswerForm> said = new ArrayList<>();
    if (route.optionalBool("lines").orElse(false)) {
      said.add(AnswerForm.LINES);
    }
    if (route.optionalBool("opaque").orElse(false)) {
      said.add(AnswerForm.OPAQUE);
    }
    route
        .optionalText("stream")
        .ifPresent(
            word ->
                said.add(
                    switch (word) {
                      case "events" -> AnswerForm.EVENTS;
                      case "websocket" -> AnswerForm.WEBSOCKET;
                      default ->
                          throw route.problem(
                              "stream", "must be events or websocket, not '" + word + "'");
                    }));
    if (said.size() > 1) {
      throw route.problem("stream", "one of 'lines', 'opaque' and 'stream'");
    }
    return said.isEmpty() ? AnswerForm.DOCUMENT : said.getFirst();
  }

  private static void masks(YamlMap masks, Map<JsonPath, FieldMask> fields) {
    for (String each : masks.keys()) {
      FieldMask mask =
          FieldMask.mask(masks.text(each))
              .orElseThrow(
                  () -> masks.problem(each, "must be email, last4, redact or 'null' in quotes"));
      put(masks, each, fields, path(masks, each, each), mask);
    }
    masks.done();
  }

  private static void put(
      YamlMap map, String key, Map<JsonPath, FieldMask> fields, JsonPath path, FieldMask mask) {
    if (fields.putIfAbsent(path, mask) != null) {
      throw map.problem(key, path + " is listed twice");
    }
  }

  private static JsonPath path(YamlMap map, String key, String text) {
    try {
      return JsonPath.parse(text);
    } catch (IllegalArgumentException e) {
      throw map.problem(key, String.valueOf(e.getMessage()));
    }
  }
}
