package org.openlockbox.postgres.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the rows of one table are tied to a tenant.
public sealed interface RowScope {
  /// The table carries the tenant itself.
  record ByColumn(String column) implements RowScope {}

  /// A row belongs to the tenant of the parent row that its links point to. Their keys together
  /// must be unique in the parent, else one value could stand for rows of two tenants.
  ///
  /// @param only which rows have this parent, where another column says of which table it is
  record ByParent(List<KeyLink> links, TableName parent, Optional<Discriminator> only)
      implements RowScope {
    /// A column, and the key of the parent that it holds.
    public record KeyLink(String column, String key) {}

    /// The column that names the parent's table, and what it says for this one: `owner_type` and
    /// `Client`.
    public record Discriminator(String column, String value) {}

    public ByParent {
      links = List.copyOf(links);
    }

    public ByParent(List<KeyLink> links, TableName parent) {
      this(links, parent, Optional.empty());
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

    /// All columns of the table that say whose a row is.
    public List<String> tyingColumns() {
      var tying = new ArrayList<>(columns());
      only.map(Discriminator::column).ifPresent(tying::add);
      return List.copyOf(tying);
    }
  }

  /// A row has links to several parents, of which some may be null, or not meant by its
  /// discriminator. It belongs to a tenant if it has one at least, and all that it has lead to rows
  /// of that tenant. A row whose links lead to rows of two tenants belongs to nobody.
  record ByParents(List<ByParent> alternatives) implements RowScope {
    public ByParents {
      alternatives = List.copyOf(alternatives);
    }
  }

  /// A column has the tenant in it, as a text. Rows of such tables are only read.
  record ByExpression(String column, TenantPart part) implements RowScope {
    /// The tenant, to be compared byte by byte.
    ///
    /// @param prefix what stands before names of columns: the table and a dot, or nothing
    public String sql(String prefix) {
      String name = prefix + SqlQuoting.name(column);
      return switch (part) {
        case TenantPart.Between(String separator, int at) ->
            "pg_catalog.split_part(%s::text collate \"C\", %s, %d)"
                .formatted(name, SqlQuoting.text(separator), at);
        case TenantPart.First(int characters) ->
            "pg_catalog.\"left\"(%s::text collate \"C\", %d)".formatted(name, characters);
        case TenantPart.JsonMember(String key) ->
            "((%s operator(pg_catalog.->>) %s) collate \"C\")"
                .formatted(name, SqlQuoting.text(key));
      };
    }
  }

  /// Where in a column the tenant stands.
  sealed interface TenantPart {
    /// Between two separators, or before the first: `split_part(path, '/', 1)`.
    record Between(String separator, int at) implements TenantPart {}

    /// The first characters: `left(code, 4)`.
    record First(int characters) implements TenantPart {}

    /// A member of a document: `data ->> 'tenant'`.
    record JsonMember(String key) implements TenantPart {}
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
      case ByColumn _, ByExpression _, Whole _, Shared _ -> List.of();
    };
  }

  /// Whether a column of the table says whose its rows are.
  default boolean isBy(String column) {
    return switch (this) {
      case ByColumn own -> own.column().equals(column);
      case ByExpression in -> in.column().equals(column);
      case ByParent _, ByParents _ ->
          parents().stream().anyMatch(up -> up.tyingColumns().contains(column));
      case Whole _, Shared _ -> false;
    };
  }
}
