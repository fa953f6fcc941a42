package org.openlockbox.postgres.statement;

import java.util.Set;

/// The nodes of PostgreSQL's grammar that queries and changes of rows are made of. Anything else is
/// something that nobody has thought about here.
final class KnownNodes {
  private static final Set<String> EXPRESSIONS =
      Set.of(
          "A_ArrayExpr",
          "A_Const",
          "A_Expr",
          "A_Indices",
          "A_Indirection",
          "A_Star",
          "BoolExpr",
          "BooleanTest",
          "CaseExpr",
          "CaseWhen",
          "CoalesceExpr",
          "CollateClause",
          "ColumnRef",
          "FuncCall",
          "GroupingFunc",
          "MinMaxExpr",
          "MultiAssignRef",
          "NamedArgExpr",
          "NullTest",
          "ParamRef",
          "RowExpr",
          "SQLValueFunction",
          "SetToDefault",
          "SubLink",
          "TypeCast",
          "TypeName",
          "XmlExpr",
          "XmlSerialize");

  private static final Set<String> JSON =
      Set.of(
          "JsonAggConstructor",
          "JsonArgument",
          "JsonArrayAgg",
          "JsonArrayConstructor",
          "JsonArrayQueryConstructor",
          "JsonBehavior",
          "JsonFormat",
          "JsonFuncExpr",
          "JsonIsPredicate",
          "JsonKeyValue",
          "JsonObjectAgg",
          "JsonObjectConstructor",
          "JsonOutput",
          "JsonParseExpr",
          "JsonReturning",
          "JsonScalarExpr",
          "JsonSerializeExpr",
          "JsonTable",
          "JsonTableColumn",
          "JsonTablePathSpec",
          "JsonValueExpr");

  private static final Set<String> CLAUSES =
      Set.of(
          "ColumnDef",
          "CommonTableExpr",
          "DefElem",
          "GroupingSet",
          "IndexElem",
          "JoinExpr",
          "LockingClause",
          "MergeWhenClause",
          "RangeFunction",
          "RangeSubselect",
          "RangeTableFunc",
          "RangeTableFuncCol",
          "RangeTableSample",
          "RangeVar",
          "ResTarget",
          "SortBy",
          "WindowDef");

  private static final Set<String> LEAVES =
      Set.of("BitString", "Boolean", "Float", "Integer", "List", "String");

  private KnownNodes() {}

  static boolean holds(String type) {
    return EXPRESSIONS.contains(type)
        || JSON.contains(type)
        || CLAUSES.contains(type)
        || LEAVES.contains(type);
  }
}
