package org.openlockbox.e2e.faults;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.stream.StreamSupport;

/// The expressions of the repository's dashboard, by the titles of its panels.
record Dashboard(String json) {
  /// What a panel asks Prometheus.
  List<String> expressions(String title) {
    return StreamSupport.stream(
            JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("panels").spliterator(),
            false)
        .map(JsonElement::getAsJsonObject)
        .filter(panel -> panel.get("title").getAsString().equals(title))
        .findFirst()
        .map(Dashboard::targets)
        .orElseThrow(() -> new AssertionError("the dashboard has no panel " + title));
  }

  private static List<String> targets(JsonObject panel) {
    return StreamSupport.stream(panel.getAsJsonArray("targets").spliterator(), false)
        .map(target -> target.getAsJsonObject().get("expr").getAsString())
        .toList();
  }
}
