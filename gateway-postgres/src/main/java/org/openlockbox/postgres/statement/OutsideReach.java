package org.openlockbox.postgres.statement;

import java.util.Optional;
import java.util.Set;
import org.openlockbox.postgres.statement.SqlStatement.QualifiedName;
import tools.jackson.databind.JsonNode;

/// What in a statement reaches others than the tenant, as the parse tree shows it.
enum OutsideReach {
  /// An insert that changes the row that it runs into.
  OVERWRITES,
  /// A question about the rights of a role that need not be the session's own.
  ASKS_FOR_RIGHTS,
  /// A function that tells which processes or large objects there are.
  FINDS_OTHERS,
  /// A large object by its number: an error tells whether there is one.
  NAMES_LARGE_OBJECT,
  /// A plan that runs, and tells what it counted and measured.
  COUNTS_ROWS;

  private static final Set<String> FINDING =
      Set.of("pg_cancel_backend", "pg_terminate_backend", "has_largeobject_privilege");
  private static final Set<String> ONESELF =
      Set.of("SVFOP_CURRENT_ROLE", "SVFOP_CURRENT_USER", "SVFOP_SESSION_USER", "SVFOP_USER");

  /// Of a call. Whatever stands before the name, PostgreSQL may find the function in `pg_catalog`.
  static Optional<OutsideReach> ofCall(QualifiedName function, JsonNode call) {
    String name = DeniedStatements.folded(function.name());
    if (isFinding(name)) {
      return Optional.of(FINDS_OTHERS);
    }
    boolean asks = name.equals("pg_has_role") || isOfPrivilege(name);
    return asks && !isAboutOneself(name, call) ? Optional.of(ASKS_FOR_RIGHTS) : Optional.empty();
  }

  /// Whether a function of one argument tells of others: it may also be written as a field.
  static boolean isFinding(String function) {
    return FINDING.contains(DeniedStatements.folded(function));
  }

  private static boolean isOfPrivilege(String name) {
    return name.startsWith("has_") && name.endsWith("_privilege");
  }

  /// The forms without a role are about the session's own. With a role they are longer by one.
  private static boolean isAboutOneself(String name, JsonNode call) {
    int withRole = name.equals("has_column_privilege") ? 4 : 3;
    JsonNode arguments = call.path("args");
    return !call.path("func_variadic").asBoolean(false)
        && (arguments.size() < withRole || isOneself(arguments.path(0)));
  }

  private static boolean isOneself(JsonNode argument) {
    return ONESELF.contains(argument.path("SQLValueFunction").path("op").asString(""));
  }

  /// Of a node, by its type.
  static Optional<OutsideReach> ofNode(String type, JsonNode node) {
    boolean largeObject =
        isLargeObject(node.path("objtype")) || isLargeObject(node.path("objectType"));
    if (largeObject) {
      return Optional.of(NAMES_LARGE_OBJECT);
    }
    boolean runs = type.equals("ExplainStmt") && isRun(node.path("options"));
    return runs ? Optional.of(COUNTS_ROWS) : Optional.empty();
  }

  private static boolean isLargeObject(JsonNode type) {
    return type.asString("").equals("OBJECT_LARGEOBJECT");
  }

  /// Whether ANALYZE is set anywhere, whatever another option takes back.
  private static boolean isRun(JsonNode options) {
    for (JsonNode each : options) {
      JsonNode option = each.path("DefElem");
      if (option.path("defname").asString("").equalsIgnoreCase("analyze")
          && !isOff(option.path("arg"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOff(JsonNode value) {
    String word = value.path("String").path("sval").asString("");
    return word.equalsIgnoreCase("off")
        || word.equalsIgnoreCase("false")
        || (value.has("Integer") && value.path("Integer").path("ival").asInt(0) == 0);
  }
}
