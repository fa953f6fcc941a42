package org.openlockbox.postgres.statement;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.openlockbox.postgres.statement.SqlStatement.QualifiedName;

/// The common table expressions of a statement, and which relations stand for one of them.
///
/// A name stands for one where it is in scope and no schema stands before it (PostgreSQL
/// documentation, "WITH Queries"): in the statement that WITH belongs to, and in the expressions
/// that come later in the list; after WITH RECURSIVE in all of them. Anywhere else the same name is
/// that of a relation. The target of a statement that writes is never a common table.
final class CommonTables {
  private final Set<String> all = new LinkedHashSet<>();
  private final Set<String> relations = new LinkedHashSet<>();
  private final Map<String, Integer> inScope = new HashMap<>();

  /// The name is known from here on, or no longer.
  void scope(String name, boolean begins) {
    all.add(name);
    inScope.merge(name, begins ? 1 : -1, Integer::sum);
  }

  /// Whether this relation, as it stands here, is a common table.
  boolean isMeant(QualifiedName relation, boolean written) {
    boolean known = relation.schema().isEmpty() && inScope.getOrDefault(relation.name(), 0) > 0;
    boolean meant = known && !written;
    if (!meant) {
      relations.add(relation.name());
    }
    return meant;
  }

  /// The names of all of them.
  Set<String> all() {
    return Set.copyOf(all);
  }

  /// The names that never stand for anything else.
  Set<String> alone() {
    var alone = new LinkedHashSet<>(all);
    alone.removeAll(relations);
    return Set.copyOf(alone);
  }
}
