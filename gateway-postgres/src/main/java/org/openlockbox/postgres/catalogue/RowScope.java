package org.openlockbox.postgres.catalogue;

import java.util.List;

/// How the rows of one table are tied to a tenant.
public sealed interface RowScope {
  /// The table carries the tenant itself.
  record ByColumn(String column) implements RowScope {}

  /// A row belongs to the tenant of the parent row that its links point to. Their keys together
  /// must be unique in the parent, else one value could stand for rows of two tenants.
  record ByParent(List<KeyLink> links, TableName parent) implements RowScope {
    /// A column, and the key of the parent that it holds.
    public record KeyLink(String column, String key) {}

    public ByParent {
      links = List.copyOf(links);
    }

    /// A link of one column.
    public ByParent(String column, TableName parent, String key) {
      this(List.of(new KeyLink(column, key)), parent);
    }

    public List<String> columns() {
      return links.stream().map(KeyLink::column).toList();
    }

    public List<String> keys() {
      return links.stream().map(KeyLink::key).toList();
    }
  }

  /// A row has links to several parents, of which some may be null. It belongs to a tenant if it
  /// has one at least, and all that it has lead to rows of that tenant. A row whose links lead to
  /// rows of two tenants belongs to nobody.
  record ByParents(List<ByParent> alternatives) implements RowScope {
    public ByParents {
      alternatives = List.copyOf(alternatives);
    }
  }

  /// The whole table belongs to one tenant, because its schema or its database does. `tenant` is
  /// what the binding of a session says for that tenant.
  record Whole(String tenant) implements RowScope {}

  /// A reference table without tenants (countries, price plans): every tenant's engineer sees all
  /// of it, and the approver is told so.
  record Shared() implements RowScope {}

  /// The links that lead to a parent.
  default List<ByParent> parents() {
    return switch (this) {
      case ByParent up -> List.of(up);
      case ByParents up -> up.alternatives();
      case ByColumn _, Whole _, Shared _ -> List.of();
    };
  }

  /// Whether a column of the table says whose its rows are.
  default boolean isBy(String column) {
    return switch (this) {
      case ByColumn own -> own.column().equals(column);
      case ByParent _, ByParents _ ->
          parents().stream().anyMatch(up -> up.columns().contains(column));
      case Whole _, Shared _ -> false;
    };
  }
}
