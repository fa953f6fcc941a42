package org.openlockbox.gateway.fence;

import java.util.List;
import java.util.Set;

/// A column as the database has it. `type` is the bare type name, `fullType` the one to cast to,
/// `madeFrom` the columns that a generated column is computed from, `pointsTo` what its foreign
/// keys of one column reference, as `schema.table|column`.
record SchemaColumn(
    String name,
    String type,
    String fullType,
    boolean notNull,
    boolean generated,
    boolean identity,
    boolean deterministic,
    List<String> madeFrom,
    List<String> pointsTo,
    boolean unique) {

  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "citext", "name");
  private static final Set<String> TENANTS =
      Set.of("int2", "int4", "int8", "uuid", "text", "varchar");

  SchemaColumn {
    madeFrom = List.copyOf(madeFrom);
    pointsTo = List.copyOf(pointsTo);
  }

  boolean isText() {
    return TEXTS.contains(type);
  }

  /// Whether equality on this type means the same value, so that it can tell tenants apart.
  boolean canHoldTenant() {
    return TENANTS.contains(type) && deterministic;
  }

  boolean writable() {
    return !generated && !identity;
  }
}
