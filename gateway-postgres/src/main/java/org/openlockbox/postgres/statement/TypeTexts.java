package org.openlockbox.postgres.statement;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.postgres.statement.SqlStatement.QualifiedName;
import tools.jackson.databind.JsonNode;

/// The texts of a statement that PostgreSQL reads as the name of a type, a function with its
/// arguments, or an operator: as `regtype`, `regprocedure` and `regoperator`. Its grammar reads
/// them, which takes time with the square of their length, and nothing stops a backend that is at
/// it. So they have to be short: constants, and the values of parameters, as drivers and tools send
/// them. What is computed may be of any length. It passes where it is a number of a catalog's
/// column, as psql casts it, and in a statement that has no way to make a text longer, as drivers
/// ask for types.
///
/// A constant without a type takes that of what it is compared with, and so does a parameter; so
/// where a statement has such a type in any place, all of its constants and parameters are short.
final class TypeTexts {
  /// What a statement may hold, in any place.
  private enum StatementPart {
    /// Such a type, or what answers with one.
    TYPE,

    /// A text that is computed as one.
    COMPUTED,

    /// A row with columns of such a type.
    ROW,

    /// A value for EXECUTE that is computed or long.
    GIVEN_VALUE,

    PREPARE,
    PARAMETER,

    /// A document that is read as whatever types a row has.
    POPULATED_ROW,

    /// Something that may make a text longer.
    LONGER_TEXT,

    /// A relation that is no catalog, or one that has texts of the session's own.
    READ_RELATION
  }

  /// The longest such text, in characters of a constant and in bytes of a parameter.
  static final int LONGEST = 1024;

  private static final Set<String> TYPES =
      Set.of("regtype", "regprocedure", "regoperator", "_regtype", "_regprocedure", "_regoperator");

  /// Relations with columns of these types: their rows are a type of the same name.
  private static final Set<String> ROWS =
      Set.of("pg_sequences", "_pg_sequences", "pg_prepared_statements", "_pg_prepared_statements");

  /// Catalogs in which a text of the session's own stands.
  private static final Set<String> OWN_TEXTS =
      Set.of("pg_prepared_statements", "pg_cursors", "pg_settings", "pg_sequences");

  /// Functions that answer with one.
  private static final Set<String> ANSWERS = Set.of("pg_typeof", "pg_basetype", "to_regtype");

  /// Functions that read a document as whatever types a row has.
  private static final Set<String> POPULATING =
      Set.of(
          "json_populate_record",
          "json_populate_recordset",
          "jsonb_populate_record",
          "jsonb_populate_record_valid",
          "jsonb_populate_recordset");

  /// Functions that make no text, or one that is no longer than a name.
  private static final Set<String> QUIET =
      Set.of(
          "format_type",
          "pg_get_expr", // what stands in the catalogs; no session makes its argument
          "array_agg", // its text begins with a brace, at which the grammar stops
          "count",
          "generate_series",
          "generate_subscripts",
          "unnest",
          "_pg_expandarray",
          "current_database",
          "current_schema",
          "pg_get_userbyid",
          "pg_table_is_visible",
          "pg_type_is_visible",
          "pg_function_is_visible",
          "array_upper",
          "array_length",
          "row_number");

  private static final Set<String> QUIET_OPERATORS =
      Set.of("=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "~", "!~", "~~", "!~~");

  /// Columns of system catalogs that hold a number.
  private static final Set<String> NUMBERS =
      Set.of(
          "oid",
          "atttypid",
          "reloftype",
          "reltype",
          "prorettype",
          "typbasetype",
          "typelem",
          "typarray",
          "castsource",
          "casttarget",
          "seqtypid");

  private static final String COMPUTED =
      "a text that is computed as the name of a type, function or operator (regtype and the like)";
  private static final String LONG =
      "a text of more than %d characters beside the name of a type, function or operator"
          .formatted(LONGEST);
  private static final String GIVEN =
      "a value for EXECUTE that is computed or long, which may be read as the name of a type";

  private final Set<JsonNode> harmless = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<JsonNode> ofCatalogs = Collections.newSetFromMap(new IdentityHashMap<>());

  /// What the numbers that are cast are columns of; which names stand for catalogs, and which for
  /// anything else.
  private final Set<String> numbersOf = new HashSet<>();

  private final Set<String> namesOfCatalogs = new HashSet<>();
  private final Set<String> namesOfOthers = new HashSet<>();
  private final Set<StatementPart> parts = EnumSet.noneOf(StatementPart.class);
  private int longest;

  /// A node whose type is written out, before anything in it.
  void node(String type, JsonNode node) {
    switch (type) {
      case "TypeCast" -> cast(node.path("arg"), node.path("typeName"));
      case "A_Const" -> longest = Math.max(longest, constant(node).length());
      case "A_Expr" ->
          note(StatementPart.LONGER_TEXT, !QUIET_OPERATORS.contains(last(node.path("name"))));
      case "SubLink" ->
          note(
              StatementPart.LONGER_TEXT, node.path("subLinkType").asString("").startsWith("ARRAY"));
      case "ParamRef" -> parts.add(StatementPart.PARAMETER);
      case "PrepareStmt" -> parts.add(StatementPart.PREPARE);
      case "ExecuteStmt" ->
          node.path("params").forEach(value -> note(StatementPart.GIVEN_VALUE, !isShort(value)));
      default -> note(StatementPart.LONGER_TEXT, type.startsWith("Json") || type.startsWith("Xml"));
    }
  }

  private void cast(JsonNode value, JsonNode typeName) {
    JsonNode column = value.path("ColumnRef").path("fields");
    if (isShort(value) || isShortList(value.path("A_ArrayExpr"))) {
      harmless.add(typeName);
    } else if (TYPES.contains(last(typeName.path("names")))
        && column.size() == 2
        && NUMBERS.contains(last(column))) {
      harmless.add(typeName);
      numbersOf.add(column.path(0).path("String").path("sval").asString(""));
    }
  }

  /// The name of a type.
  void typeName(JsonNode typeName) {
    String name = last(typeName.path("names"));
    if (TYPES.contains(name)) {
      parts.add(StatementPart.TYPE);
      note(StatementPart.COMPUTED, !harmless.contains(typeName));
    } else if (ROWS.contains(name)) {
      parts.add(StatementPart.TYPE);
      parts.add(StatementPart.ROW);
    }
  }

  /// A name behind a dot that may be a field, or a cast or function of what stands before.
  void attribute(String name) {
    if (TYPES.contains(name) || name.equals("to_regtype")) {
      parts.add(StatementPart.TYPE);
      parts.add(StatementPart.COMPUTED);
      parts.add(StatementPart.LONGER_TEXT);
    } else if (ROWS.contains(name)) {
      parts.add(StatementPart.TYPE);
      parts.add(StatementPart.ROW);
    }
  }

  /// A relation, as the grammar writes it; or a common table expression of the statement.
  void relation(QualifiedName name, JsonNode relation, boolean common) {
    JsonNode alias = relation.path("alias");
    String called = alias.path("aliasname").asString(name.name());
    if (name.schema().filter(QualifiedName.CATALOG::equals).isPresent() && !alias.has("colnames")) {
      ofCatalogs.add(alias);
      namesOfCatalogs.add(called);
    } else {
      namesOfOthers.add(called);
    }
    note(StatementPart.TYPE, ROWS.contains(name.name()));
    note(
        StatementPart.READ_RELATION,
        !common && (OWN_TEXTS.contains(name.name()) || !isOfCatalogs(name)));
  }

  /// A name that stands for a relation, a query, or what a function returns.
  void alias(JsonNode alias) {
    if (!ofCatalogs.contains(alias)) {
      namesOfOthers.add(alias.path("aliasname").asString(""));
    }
  }

  private static boolean isOfCatalogs(QualifiedName name) {
    return name.isOfCatalog() || name.schema().filter("information_schema"::equals).isPresent();
  }

  void call(QualifiedName function, JsonNode arguments) {
    String name = function.name();
    note(StatementPart.TYPE, ANSWERS.contains(name));
    note(StatementPart.POPULATED_ROW, POPULATING.contains(name));
    if (name.equals("to_regtype")) {
      arguments.forEach(argument -> note(StatementPart.COMPUTED, !isShort(argument)));
    } else {
      note(StatementPart.LONGER_TEXT, !QUIET.contains(name));
    }
  }

  /// Why the statement could hold a backend that nothing stops.
  Optional<String> refused() {
    if (has(StatementPart.GIVEN_VALUE)) {
      return Optional.of(GIVEN);
    }
    boolean numbers =
        namesOfCatalogs.containsAll(numbersOf) && Collections.disjoint(namesOfOthers, numbersOf);
    boolean grows =
        (has(StatementPart.COMPUTED) || !numbers)
            && (has(StatementPart.LONGER_TEXT) || has(StatementPart.READ_RELATION));
    if (grows
        || has(StatementPart.ROW)
        || (has(StatementPart.TYPE)
            && (has(StatementPart.POPULATED_ROW)
                || (has(StatementPart.PREPARE) && has(StatementPart.PARAMETER))))) {
      return Optional.of(COMPUTED);
    }
    return has(StatementPart.TYPE) && longest > LONGEST ? Optional.of(LONG) : Optional.empty();
  }

  /// Whether the values of its parameters have to be short.
  boolean wantsShortValues() {
    return has(StatementPart.TYPE);
  }

  private boolean has(StatementPart part) {
    return parts.contains(part);
  }

  private void note(StatementPart part, boolean there) {
    if (there) {
      parts.add(part);
    }
  }

  /// A short constant or a parameter, whatever it is cast to on the way.
  private static boolean isShort(JsonNode value) {
    JsonNode inner = value;
    while (inner.has("TypeCast")) {
      inner = inner.path("TypeCast").path("arg");
    }
    return inner.has("ParamRef")
        || inner.has("SQLValueFunction")
        || (inner.has("A_Const") && constant(inner.path("A_Const")).length() <= LONGEST);
  }

  private static boolean isShortList(JsonNode array) {
    JsonNode elements = array.path("elements");
    return !elements.isEmpty() && elements.valueStream().allMatch(TypeTexts::isShort);
  }

  private static String last(JsonNode names) {
    return names.path(names.size() - 1).path("String").path("sval").asString("");
  }

  private static String constant(JsonNode constant) {
    return constant.path("sval").path("sval").asString("");
  }
}
