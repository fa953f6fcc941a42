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
public record SqlNames(NameUse statements, NameUse cursors, boolean forgets) {
  public static final SqlNames NONE = new SqlNames(NameUse.NONE, NameUse.NONE, false);

  /// The names that it makes, uses and drops.
  ///
  /// @param made by PREPARE or DECLARE
  /// @param used by EXECUTE or FETCH
  /// @param dropped by DEALLOCATE or CLOSE
  public record NameUse(Set<String> made, Set<String> used, Set<String> dropped) {
    static final NameUse NONE = new NameUse(Set.of(), Set.of(), Set.of());

    public NameUse {
      made = Set.copyOf(made);
      used = Set.copyOf(used);
      dropped = Set.copyOf(dropped);
    }

    private NameUse plus(NameUse other) {
      return new NameUse(
          both(made, other.made), both(used, other.used), both(dropped, other.dropped));
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
      case "PrepareStmt" -> new SqlNames(new NameUse(name, none, none), NameUse.NONE, false);
      case "ExecuteStmt" -> new SqlNames(new NameUse(none, name, none), NameUse.NONE, false);
      case "DeallocateStmt" ->
          new SqlNames(new NameUse(none, none, name), NameUse.NONE, !node.has("name"));
      case "DeclareCursorStmt" ->
          new SqlNames(NameUse.NONE, new NameUse(portal, none, none), false);
      case "FetchStmt" -> new SqlNames(NameUse.NONE, new NameUse(none, portal, none), false);
      case "ClosePortalStmt" ->
          new SqlNames(NameUse.NONE, new NameUse(none, none, portal), !node.has("portalname"));
      case "DiscardStmt" -> new SqlNames(NameUse.NONE, NameUse.NONE, true);
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
