package org.openlockbox.postgres.statement;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a text does with the names of prepared statements and cursors in SQL.
///
/// @param statements what it does with those of prepared statements
/// @param cursors and with those of cursors
/// @param forgets whether it may drop any of them (`DEALLOCATE ALL`, `DISCARD`)
public record SqlNames(Use statements, Use cursors, boolean forgets) {
  public static final SqlNames NONE = new SqlNames(Use.NONE, Use.NONE, false);

  /// The names that it makes, uses and drops.
  ///
  /// @param made by PREPARE or DECLARE
  /// @param used by EXECUTE or FETCH
  /// @param dropped by DEALLOCATE or CLOSE
  public record Use(Set<String> made, Set<String> used, Set<String> dropped) {
    static final Use NONE = new Use(Set.of(), Set.of(), Set.of());

    public Use {
      made = Set.copyOf(made);
      used = Set.copyOf(used);
      dropped = Set.copyOf(dropped);
    }

    private Use plus(Use other) {
      return new Use(both(made, other.made), both(used, other.used), both(dropped, other.dropped));
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
      Set<String> all = new HashSet<>(one);
      all.addAll(other);
      return all;
    }
  }

  /// Of all statements of a text.
  static SqlNames of(List<SqlStatement> statements) {
    return statements.stream().map(SqlStatement::names).reduce(NONE, SqlNames::plus);
  }

  SqlNames plus(SqlNames other) {
    return this.equals(NONE)
        ? other
        : new SqlNames(
            statements.plus(other.statements),
            cursors.plus(other.cursors),
            forgets || other.forgets);
  }

  /// What a node of the grammar does with names.
  static SqlNames of(String type, JsonNode node) {
    Set<String> name = Set.of(node.path("name").asString(""));
    Set<String> portal = Set.of(node.path("portalname").asString(""));
    Set<String> none = Set.of();
    return switch (type) {
      case "PrepareStmt" -> new SqlNames(new Use(name, none, none), Use.NONE, false);
      case "ExecuteStmt" -> new SqlNames(new Use(none, name, none), Use.NONE, false);
      case "DeallocateStmt" -> new SqlNames(new Use(none, none, name), Use.NONE, !node.has("name"));
      case "DeclareCursorStmt" -> new SqlNames(Use.NONE, new Use(portal, none, none), false);
      case "FetchStmt" -> new SqlNames(Use.NONE, new Use(none, portal, none), false);
      case "ClosePortalStmt" ->
          new SqlNames(Use.NONE, new Use(none, none, portal), !node.has("portalname"));
      case "DiscardStmt" -> new SqlNames(Use.NONE, Use.NONE, true);
      default -> NONE;
    };
  }

  /// Whether it leaves all names as they are.
  public boolean changesNothing() {
    return !forgets
        && statements.made.isEmpty()
        && statements.dropped.isEmpty()
        && cursors.made.isEmpty()
        && cursors.dropped.isEmpty();
  }
}
