package org.openlockbox.postgres.catalogue;

/// How the rows of one table are tied to a tenant.
public sealed interface RowScope {
  /// The table carries the tenant itself.
  record ByColumn(String column) implements RowScope {}

  /// A row belongs to the tenant of the parent row that `column` points to; `parentColumn` must be
  /// unique in the parent, else one value could stand for rows of two tenants.
  record ByParent(String column, TableName parent, String parentColumn) implements RowScope {}

  /// The whole table belongs to one tenant, because its schema or its database does. `tenant` is
  /// what the binding of a session says for that tenant.
  record Whole(String tenant) implements RowScope {}

  /// A reference table without tenants (countries, price plans): every tenant's engineer sees all
  /// of it, and the approver is told so.
  record Shared() implements RowScope {}
}
