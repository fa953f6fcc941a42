package org.openlockbox.gateway.application;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;

/// Reads the items under `resources:` that have the key `application`. The reference of every key
/// is in docs/client.md.
public final class ApplicationReader {
  /// The key that makes an item one of an application.
  public static final String KEY = "application";

  private static final Duration DECIDE_WITHIN = Duration.ofHours(12);

  private ApplicationReader() {}

  /// The applications of a whole catalogue. Its other items are no business of an application.
  ///
  /// @throws YamlProblem naming the line of the first mistake
  public static List<ApplicationListing> readAll(String file, String text) {
    return YamlMap.parse(file, text).maps("resources").stream()
        .filter(item -> item.has(KEY))
        .map(ApplicationReader::read)
        .toList();
  }

  /// Reads one item.
  ///
  /// @throws YamlProblem naming the line of the first mistake
  public static ApplicationListing read(YamlMap item) {
    ResourceId id = item.checked("id", () -> new ResourceId(item.text("id")));
    String name = item.text("name");
    YamlMap application = item.map(KEY);
    URI url = application.httpsHost("url", "https://orders.example.com");
    application.done();
    YamlMap tenancy = item.map("tenancy");
    Map<TenantId, String> tenants = tenants(tenancy.map("ids"));
    tenancy.done();
    Map<ApplicationAction, Level> actions = actions(item.map("actions"));
    Set<Level> levels = levels(item);
    boolean reviewed = item.optionalBool("providerReview").orElse(false);
    Duration within = item.optionalDuration("decideWithin").orElse(DECIDE_WITHIN);
    item.done();
    ApplicationSpec spec =
        item.checked(
            "tenancy", () -> new ApplicationSpec(id, name, tenants, actions, levels, reviewed));
    return new ApplicationListing(spec, url, within);
  }

  private static Map<TenantId, String> tenants(YamlMap ids) {
    Map<TenantId, String> tenants = new HashMap<>();
    for (String tenant : ids.keys()) {
      tenants.put(ids.checked(tenant, () -> new TenantId(tenant)), ids.word(tenant));
    }
    ids.done();
    return tenants;
  }

  private static Map<ApplicationAction, Level> actions(YamlMap named) {
    Map<ApplicationAction, Level> actions = new HashMap<>();
    for (String name : named.keys()) {
      YamlMap action = named.map(name);
      Level level = action.checked("level", () -> Level.parse(action.text("level")));
      actions.put(named.checked(name, () -> new ApplicationAction(name)), level);
      action.done();
    }
    named.done();
    return actions;
  }

  private static Set<Level> levels(YamlMap item) {
    Set<Level> levels = new TreeSet<>();
    for (String word : item.texts("levels")) {
      levels.add(item.checked("levels", () -> Level.parse(word)));
    }
    return levels;
  }
}
