package org.openlockbox.check.catalogue;

import java.util.Map;
import org.openlockbox.core.access.Level;
import org.openlockbox.http.catalogue.RouteName;

/// One thing that a service asks about by the AuthZEN API.
///
/// @param name in records and policies
/// @param action what callers call it
/// @param where properties of the action that have to be so, as texts; any other is ignored
/// @param level from which level on
public record CheckedAction(RouteName name, String action, Map<String, String> where, Level level) {
  public CheckedAction {
    where = Map.copyOf(where);
  }

  /// Whether this is the action, with these properties.
  public boolean fits(String asked, Map<String, String> properties) {
    return action.equals(asked) && properties.entrySet().containsAll(where.entrySet());
  }

  /// Whether one question could mean both.
  boolean overlaps(CheckedAction other) {
    return action.equals(other.action)
        && where.entrySet().stream()
            .allMatch(
                each ->
                    each.getValue()
                        .equals(other.where.getOrDefault(each.getKey(), each.getValue())));
  }
}
