package org.openlockbox.postgres.statement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.statement.SqlStatement.QualifiedName;
import org.openlockbox.postgres.statement.SqlStatement.Setting;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the facts of each statement off the parse trees that libpg_query writes as JSON.
///
/// A node stands as an object with one member, whose name is the node's type; where the grammar
/// allows only one type, the type is left out. So every node that the walk does not know by its
/// type is an oddity, and so is an empty object where a node should be: libpg_query leaves out what
/// it cannot write. The walk keeps its own stack, because a tree may be very deep.
final class SyntaxTree {
  private static final int DEEPEST = 20_000;

  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(DEEPEST)
                      .maxStringLength(StatementReader.LONGEST * 8)
                      .build())
              .build());

  /// Where an empty object is a value and not a node that is missing.
  private static final Set<String> MAY_BE_EMPTY =
      Set.of("ival", "sval", "fval", "bsval", "boolval", "distinctClause", "items");

  /// A value that is not written out, so that it is none of those to which a setting may be put.
  private static final String ANYTHING = "?";

  private static final Set<String> XPATH = Set.of("xpath", "xpath_exists", "xmlexists");

  private final Set<StatementClass> classes = new LinkedHashSet<>();
  private final Set<QualifiedName> reads = new LinkedHashSet<>();
  private final Set<QualifiedName> writes = new LinkedHashSet<>();
  private final CommonTables commonTables = new CommonTables();
  private final Set<String> columns = new LinkedHashSet<>();
  private final Set<QualifiedName> functions = new LinkedHashSet<>();
  private final List<Setting> settings = new ArrayList<>();
  private final TypeTexts typeTexts = new TypeTexts();
  private final Set<OutsideReach> reaches = EnumSet.noneOf(OutsideReach.class);
  private boolean xmlTable;
  private SqlNames names = SqlNames.NONE;
  private final Set<String> oddities = new LinkedHashSet<>();
  private final Deque<WorkItem> open = new ArrayDeque<>();

  /// What is still to be done. What a place leads to is done before what was there before it.
  private sealed interface WorkItem {}

  /// A value in the tree: the member it stands in, and whether what it names is written to.
  private record TreeValue(JsonNode value, String member, boolean written) implements WorkItem {}

  /// From here on the name is that of a common table, or no longer.
  private record NameScope(String name, boolean begins) implements WorkItem {}

  private SyntaxTree() {}

  /// @throws JacksonException if it is too deep
  static JsonNode tree(Bytes json) {
    return JSON.readTree(json.toArray());
  }

  static List<SqlStatement> read(JsonNode tree) {
    List<SqlStatement> statements = new ArrayList<>();
    for (JsonNode statement : tree.path("stmts")) {
      statements.add(new SyntaxTree().facts(statement.path("stmt")));
    }
    return statements;
  }

  private SqlStatement facts(JsonNode statement) {
    open.push(new TreeValue(statement, "stmt", false));
    while (!open.isEmpty()) {
      switch (open.pop()) {
        case TreeValue place -> look(place);
        case NameScope(String name, boolean begins) -> commonTables.scope(name, begins);
      }
    }
    if (classes.isEmpty()) {
      classes.add(StatementClass.DEFINITION);
    }
    return new SqlStatement(
        classes,
        reads,
        writes,
        commonTables.all(),
        commonTables.alone(),
        columns,
        functions,
        settings,
        reaches,
        typeTexts.refused().or(this::xml),
        typeTexts.wantsShortValues(),
        names,
        oddities);
  }

  private void look(TreeValue place) {
    JsonNode value = place.value();
    if (value.isArray()) {
      for (JsonNode item : value) {
        open.push(new TreeValue(item, place.member(), place.written()));
      }
    } else if (value.isObject()) {
      Optional<String> type = type(value);
      if (type.isPresent()) {
        node(type.get(), value.path(type.get()), place.written());
      } else {
        part(place);
      }
    }
  }

  private static Optional<String> type(JsonNode value) {
    if (value.size() != 1) {
      return Optional.empty();
    }
    String only = value.propertyNames().iterator().next();
    return Character.isUpperCase(only.charAt(0)) ? Optional.of(only) : Optional.empty();
  }

  /// A node whose type is written out.
  private void node(String type, JsonNode node, boolean written) {
    boolean writes = false;
    typeTexts.node(type, node);
    OutsideReach.ofNode(type, node).ifPresent(reaches::add);
    if (type.endsWith("Stmt")) {
      StatementClass is = StatementClasses.of(type, node);
      if (classes.isEmpty() || !node.has("valuesLists")) {
        classes.add(is);
      }
      writes = is.writesRows();
      setting(type, is, node);
      names = names.plus(SqlNames.of(type, node));
    } else if (!KnownNodes.holds(type)) {
      oddities.add(type);
    }
    switch (type) {
      case "ColumnRef" -> column(node.path("fields"));
      case "A_Expr" -> operator(node.path("name"));
      case "SortBy" -> operator(node.path("useOp"));
      case "SubLink" -> operator(node.path("operName"));
      case "RangeTableSample" -> sample(node.path("method"));
      case "RangeTableFunc" -> xmlTable = true;
      case "A_Indirection" -> attributes(node.path("indirection"));
      default -> {}
    }
    members(node, writes || (written && type.equals("RangeVar")));
  }

  /// An object of a type that goes without saying, or the inside of a node.
  private void part(TreeValue place) {
    if (place.value().isEmpty() && !MAY_BE_EMPTY.contains(place.member())) {
      oddities.add("something unwritten in " + place.member());
    }
    members(place.value(), place.written());
  }

  /// Looks at what an object has, whatever its type, and goes into its members.
  private void members(JsonNode object, boolean written) {
    if (object.has("relname")) {
      QualifiedName name =
          new QualifiedName(text(object, "schemaname"), object.path("relname").asString());
      (written ? writes : reads).add(name);
      typeTexts.relation(name, object, commonTables.isMeant(name, written));
      text(object, "catalogname").ifPresent(_ -> oddities.add("a name with a database"));
    }
    if (object.has("funcname")) {
      names(object.path("funcname")).ifPresent(name -> call(name, object));
    }
    if (object.has("aliasname")) {
      typeTexts.alias(object);
    }
    if (object.has("names")) {
      typeTexts.typeName(object);
    }
    if (object.has("lockingClause")) {
      classes.add(StatementClass.SELECT_LOCKING);
    }
    if (object.has("onConflictClause") && !isPassedOver(object.path("onConflictClause"))) {
      reaches.add(OutsideReach.OVERWRITES);
    }
    if (object.has("intoClause")) {
      classes.add(StatementClass.SELECT_INTO);
    }
    JsonNode with = object.path("withClause");
    leave(with);
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      boolean target = written && member.getKey().equals("relation");
      if (!member.getKey().equals("withClause")) {
        open.push(new TreeValue(member.getValue(), member.getKey(), target));
      }
    }
    enter(with);
  }

  private void leave(JsonNode with) {
    for (JsonNode each : with.path("ctes")) {
      open.push(new NameScope(commonTable(each), false));
    }
  }

  /// Each common table is known to those after it and to the statement; with RECURSIVE to all.
  private void enter(JsonNode with) {
    if (with.isMissingNode()) {
      return;
    }
    boolean recursive = with.path("recursive").asBoolean(false);
    Deque<WorkItem> inOrder = new ArrayDeque<>();
    for (JsonNode each : with.path("ctes")) {
      NameScope begins = new NameScope(commonTable(each), true);
      inOrder.addLast(new TreeValue(each, "ctes", false));
      if (recursive) {
        inOrder.addFirst(begins);
      } else {
        inOrder.addLast(begins);
      }
    }
    inOrder.descendingIterator().forEachRemaining(open::push);
    with.properties().stream()
        .filter(member -> !member.getKey().equals("ctes"))
        .forEach(member -> open.push(new TreeValue(member.getValue(), member.getKey(), false)));
  }

  private static String commonTable(JsonNode expression) {
    return expression.path("CommonTableExpr").path("ctename").asString("");
  }

  /// DO NOTHING, and not DO UPDATE or what a later PostgreSQL may have.
  private static boolean isPassedOver(JsonNode onConflict) {
    return onConflict.path("action").asString("").equals("ONCONFLICT_NOTHING");
  }

  private void column(JsonNode fields) {
    JsonNode last = fields.path(fields.size() - 1).path("String").path("sval");
    if (!last.isMissingNode()) {
      columns.add(last.asString());
    }
    if (fields.size() > 1) {
      field(last.asString(""));
    }
  }

  /// `(x).f` is a field of x, or the function or cast f of x: those that must not pass are taken as
  /// such.
  private void attributes(JsonNode indirection) {
    for (JsonNode each : indirection) {
      String name = each.path("String").path("sval").asString("");
      if (XPATH.contains(name)) {
        functions.add(new QualifiedName(Optional.empty(), name));
      }
      field(name);
    }
  }

  /// So is `x.f`, where x is what FROM names: a row, or the one value that a function gives.
  private void field(String name) {
    typeTexts.attribute(name);
    if (OutsideReach.isFinding(name)) {
      reaches.add(OutsideReach.FINDS_OTHERS);
    }
    if (OutsideReach.isFinding(name) || DeniedStatements.runsText(name)) {
      functions.add(new QualifiedName(Optional.empty(), name));
    }
  }

  private void operator(JsonNode name) {
    names(name)
        .filter(operator -> !operator.mayBeOfCatalog())
        .ifPresent(operator -> oddities.add("the operator " + operator));
  }

  private void sample(JsonNode method) {
    names(method)
        .filter(name -> !Set.of("system", "bernoulli").contains(name.name()))
        .ifPresent(name -> oddities.add("the sampling method " + name));
  }

  /// `set_config` of a setting that is written out is what SET is, whatever its value comes of; of
  /// any other it is a function like others.
  private void call(QualifiedName function, JsonNode call) {
    JsonNode arguments = call.path("args");
    typeTexts.call(function, arguments);
    OutsideReach.ofCall(function, call).ifPresent(reaches::add);
    Optional<String> setting =
        function.mayBeOfCatalog() && function.name().equals("set_config") && arguments.size() == 3
            ? constant(arguments.path(0))
            : Optional.empty();
    if (setting.isPresent()) {
      settings.add(
          new Setting(setting.get(), List.of(constant(arguments.path(1)).orElse(ANYTHING))));
    } else {
      functions.add(function);
    }
  }

  /// XPath is evaluated by a library that looks at nothing meanwhile.
  private Optional<String> xml() {
    return functions.stream()
        .map(QualifiedName::name)
        .filter(XPATH::contains)
        .findFirst()
        .or(() -> Optional.of("XMLTABLE").filter(_ -> xmlTable))
        .map(name -> "XPath, which " + name + " evaluates");
  }

  private static Optional<String> constant(JsonNode argument) {
    return text(argument.path("A_Const").path("sval"), "sval");
  }

  private void setting(String type, StatementClass is, JsonNode node) {
    if (!type.equals("VariableSetStmt") || is != StatementClass.SET) {
      return;
    }
    List<String> values = new ArrayList<>();
    for (JsonNode argument : node.path("args")) {
      JsonNode constant = argument.path("A_Const");
      values.add(
          constant
              .path("sval")
              .path("sval")
              .asString(constant.path("ival").path("ival").asString("")));
    }
    settings.add(new Setting(node.path("name").asString(""), values));
  }

  /// A possibly qualified name, given as a list of strings.
  private static Optional<QualifiedName> names(JsonNode list) {
    List<String> parts = new ArrayList<>();
    for (JsonNode part : list) {
      parts.add(part.path("String").path("sval").asString(""));
    }
    return switch (parts.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(new QualifiedName(Optional.empty(), parts.getFirst()));
      default ->
          Optional.of(
              new QualifiedName(
                  Optional.of(String.join(".", parts.subList(0, parts.size() - 1))),
                  parts.getLast()));
    };
  }

  private static Optional<String> text(JsonNode object, String member) {
    return Optional.of(object.path(member).asString("")).filter(value -> !value.isEmpty());
  }
}
