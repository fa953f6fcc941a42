package org.openlockbox.portal.wording;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.provider.Resource;

/// What somebody with these terms will see and will not see, as the catalogue says: table by table
/// of a database, or route by route of a service that speaks HTTP.
///
/// @param others tables that are out of reach
/// @param service whether it is a service that speaks HTTP, which may have no route at this level
/// @param changes whether they may change what they see
public record VisibleTables(
    Level level,
    List<VisibleTable> tables,
    List<String> others,
    boolean service,
    List<Resource.ResourceRoute> routes,
    boolean changes) {
  public VisibleTables {
    tables = List.copyOf(tables);
    routes = List.copyOf(routes);
    others = List.copyOf(others);
  }

  /// A table that is in reach: columns that are masked there, and columns that nobody sees.
  public record VisibleTable(
      String name, List<String> masked, List<String> hidden, boolean shared) {
    public VisibleTable {
      masked = List.copyOf(masked);
      hidden = List.copyOf(hidden);
    }
  }

  public static VisibleTables of(Resource resource, TenantId tenant, Level level, Tables tables) {
    var seen = new ArrayList<VisibleTable>();
    var others = new ArrayList<String>();
    for (var table : resource.tables()) {
      if (!table.isIn(tables)) {
        others.add(words(table.name()));
        continue;
      }
      seen.add(
          new VisibleTable(
              words(table.name()),
              level == Level.MASKED ? words(table.masked()) : List.of(),
              words(table.hidden()),
              table.shared()));
    }
    List<Resource.ResourceRoute> routes =
        resource.routes().map(all -> all.of(tenant, level)).orElse(List.of());
    return new VisibleTables(
        level, seen, others, resource.routes().isPresent(), routes, level == Level.WRITE);
  }

  /// The message that says what is seen.
  public String summary() {
    return key(service && routes.isEmpty() ? "none" : level.word());
  }

  /// Messages about what is not seen, and about who enforces it.
  public String key(String what) {
    return "seeing." + what + (service ? ".http" : "");
  }

  /// Columns, or fields of answers, at which only a part or nothing of the value is seen.
  public long maskedColumns() {
    return tables.stream().mapToLong(table -> table.masked.size()).sum()
        + routes.stream().mapToLong(route -> route.fields().masked().size()).sum();
  }

  private static List<String> words(List<String> names) {
    return names.stream().map(VisibleTables::words).toList();
  }

  /// `ticket_messages` as people say it; a name that is not plain as it is written.
  public static String words(String name) {
    return SqlName.isPlain(name) ? name.replace('_', ' ') : SqlName.shown(name);
  }
}
