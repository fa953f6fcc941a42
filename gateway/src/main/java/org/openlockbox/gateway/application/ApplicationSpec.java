package org.openlockbox.gateway.application;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.ServiceSpec;
import org.openlockbox.tlog.tree.Hash;

/// What the catalogue says of an application that is its own gateway. What is not listed is denied.
///
/// @param name as people read it
/// @param tenants what stands for each tenant in the application: the key of its rows, for example
/// @param actions from which level on each action is allowed
public record ApplicationSpec(
    ResourceId id,
    String name,
    Map<TenantId, String> tenants,
    Map<ApplicationAction, Level> actions,
    Set<Level> levels,
    boolean needsReview)
    implements ServiceSpec {
  /// @throws IllegalArgumentException with what is wrong with it
  public ApplicationSpec {
    tenants = Map.copyOf(tenants);
    actions = Map.copyOf(actions);
    levels = Set.copyOf(levels);
    if (tenants.isEmpty() || actions.isEmpty() || levels.isEmpty()) {
      throw new IllegalArgumentException(id + ": tenants, actions and levels are needed");
    }
    if (Set.copyOf(tenants.values()).size() < tenants.size()) {
      throw new IllegalArgumentException(id + ": two tenants share a value");
    }
  }

  /// The level from which on this action is allowed; empty if it is not listed.
  public Optional<Level> levelOf(ApplicationAction action) {
    return Optional.ofNullable(actions.get(action));
  }

  /// The tenant for which this value stands.
  public Optional<TenantId> tenantOf(String value) {
    return tenants.entrySet().stream()
        .filter(each -> each.getValue().equals(value))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// SHA-256 over all of it, which each session-open entry names.
  @Override
  public Hash digest() {
    var listed = Json.object();
    byName().forEach((action, level) -> listed.put(action, level.word()));
    var named = Json.object();
    tenants.forEach((tenant, value) -> named.put(tenant.value(), value));
    var json =
        Json.object()
            .put("actions", listed.build())
            .put("assurance", "gated")
            .put("id", id.value())
            .putTexts("levels", levels.stream().sorted().map(Level::word).toList())
            .put("name", name)
            .put("providerReview", needsReview)
            .put("tenants", named.build());
    return Bytes.of(CanonicalJson.bytes(json.build())).sha256();
  }

  private Map<String, Level> byName() {
    Map<String, Level> byName = new TreeMap<>();
    actions.forEach((action, level) -> byName.put(action.value(), level));
    return byName;
  }

  /// The actions that this level allows, by name.
  public List<ApplicationAction> allowedAt(Level level) {
    return byName().entrySet().stream()
        .filter(each -> !each.getValue().isWiderThan(level))
        .map(each -> new ApplicationAction(each.getKey()))
        .toList();
  }
}
