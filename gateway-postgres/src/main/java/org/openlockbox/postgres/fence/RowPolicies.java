package org.openlockbox.postgres.fence;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.RowSecurity;

/// The row-level security that holds `lb_view`, the owner of the views, to the bound tenant.
///
/// PostgreSQL asks a policy before it gives a row to any function or operator that could tell of
/// it, as a barrier view does. Other than a barrier view it plans view and query as one, so that
/// joins and sorted pages keep their indexes. Nobody but `lb_view` is held: the owner of a table is
/// beside its policies, and `lb_view_everybody` lets all others pass as before.
final class RowPolicies {
  /// The tenant as a constant: PostgreSQL asks for it as it plans, so its estimates are those of
  /// this tenant, and two conditions on it are one. A plan that is kept holds it. So whatever reads
  /// through a policy asks `lb.t` as well, each time it runs ([#isPlanned]).
  private static final String BOUND = "lb.bound()";

  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private final ParentKeys keys;

  RowPolicies(ResourceSpec spec, DatabaseSchema schema) {
    this.spec = spec;
    this.schema = schema;
    this.keys = new ParentKeys(spec, schema, this::guard);
  }

  /// Whether policies hold the rows of this table, or its views alone.
  boolean guard(TableSpec table) {
    var found = schema.table(table.name()).orElseThrow();
    if (!found.kind().isTable()) {
      return false;
    }
    RowSecurity security = found.rowSecurity();
    if (security.isOfApplication()) {
      return security.enabled(); // policies that the application made and left off stay off
    }
    return switch (spec.filter()) {
      case AUTO -> security.suitsPolicies();
      case POLICIES -> true;
      case VIEWS -> false;
    };
  }

  /// This table and those above it whose policies its rows depend on, as an array of SQL.
  private String guarded(TableSpec table) {
    return chain(table).stream()
        .filter(this::guard)
        .map(each -> SqlQuoting.text(each.name().sql()))
        .collect(Collectors.joining(", ", "array[", "]::regclass[]"));
  }

  private List<TableSpec> chain(TableSpec table) {
    var chain = new ArrayList<TableSpec>();
    addChain(table, chain);
    return chain;
  }

  private void addChain(TableSpec table, List<TableSpec> chain) {
    if (!chain.contains(table)) {
      chain.add(table);
      table.scope().parents().forEach(up -> addChain(spec.table(up.parent()).orElseThrow(), chain));
    }
  }

  /// First of all, so that the plan waits for nobody who waits for it: autovacuum holds a table and
  /// wants its row of `pg_class`, which rights change.
  String lock() {
    String tables =
        spec.tables().stream()
            .filter(this::guard)
            .map(table -> table.name().sql())
            .sorted()
            .collect(Collectors.joining(", "));
    return CatalogSnapshot.sql("lock-guarded.sql")
        + (tables.isEmpty() ? "" : "lock table " + tables + " in access exclusive mode;\n");
  }

  /// Takes away every policy of the fence, then makes today's: a table that left the catalogue, or
  /// is filtered by its views now, keeps none.
  String sql() {
    var sql = new StringBuilder(CatalogSnapshot.sql("drop-policies.sql"));
    keys.functions().forEach(line -> sql.append(line).append('\n'));
    spec.tables().stream()
        .filter(this::guard)
        .flatMap(table -> create(table).stream())
        .forEach(line -> sql.append(line).append('\n'));
    sql.append(CatalogSnapshot.sql("remember-policies.sql"));
    return sql.toString();
  }

  private List<String> create(TableSpec table) {
    String on = table.name().sql();
    String filter = filter(table);
    var lines = new ArrayList<String>();
    boolean application = schema.table(table.name()).orElseThrow().rowSecurity().isOfApplication();
    lines.add(
        application
            ? "create policy lb_view_reaches on %s to lb_view\n  using (%s);".formatted(on, filter)
            : "create policy lb_view_everybody on %s using (true) with check (true);"
                .formatted(on));
    lines.add(
        "create policy lb_view_bounds on %s as restrictive to lb_view\n  using (%s);"
            .formatted(on, filter));
    if (spec.levels().contains(Level.WRITE) && !table.shared()) {
      lines.add(covers(table));
    }
    if (!application) {
      lines.add("alter table " + on + " enable row level security;");
    }
    return lines;
  }

  /// An insert asks no condition of the view before it enters the keys of the table.
  private static String covers(TableSpec table) {
    return "create policy lb_view_covers on %s as restrictive for insert to lb_view\n  with check (%s);"
        .formatted(
            table.name().sql(), isPlanned("lb.t(" + SqlQuoting.text(table.name().name()) + ")"));
  }

  /// Whether the tenant of the session, asked for as the query runs, is the one that PostgreSQL
  /// planned it for ([#BOUND]): once for each run.
  private static String isPlanned(String asked) {
    return "(select %s) %s %s".formatted(asked, ViewSql.EQUALS, BOUND);
  }

  /// The condition of a view whose rows policies hold. `lb.t` raises an error, instead of
  /// answering, where the session may not read the table, or one of the policies is not as planned.
  String allowed(TableSpec table) {
    return isPlanned(
        "lb.t(%s, %s)".formatted(SqlQuoting.text(table.name().name()), guarded(table)));
  }

  private String filter(TableSpec table) {
    return switch (table.scope()) {
      case RowScope.ByColumn own -> isTenant(table, "", own.column());
      case RowScope.ByExpression in -> isTenant("", in);
      case RowScope.ByParent _, RowScope.ByParents _ -> inside(table, table.name().sql(), 1);
      case RowScope.Whole whole ->
          "%s %s %s".formatted(BOUND, ViewSql.EQUALS, SqlQuoting.text(whole.tenant()));
      case RowScope.Shared ignored -> BOUND + " is not null";
    };
  }

  private static String isTenant(String alias, RowScope.ByExpression in) {
    return "%s %s %s".formatted(in.sql(alias), ViewSql.EQUALS, BOUND);
  }

  private String isTenant(TableSpec table, String alias, String name) {
    SchemaColumn own = column(table, name);
    String bound = "%s::%s".formatted(BOUND, own.type().tenantCast());
    return "%s %s %s"
        .formatted(
            ViewSql.value(alias, own),
            own.key().equality(),
            own.type().isEnum() ? "(select " + bound + ")" : bound); // whose cast is no constant
  }

  /// Of several links each that a row has leads inside, and it has one at least.
  private String inside(TableSpec table, String alias, int depth) {
    var links = table.scope().parents();
    String prefix = alias + ".";
    return links.size() == 1
        ? ViewSql.isMeant(schema, table, prefix, links.getFirst())
                .map(meant -> meant + " and ")
                .orElse("")
            + inside(table, alias, links.getFirst(), depth)
        : links.stream()
            .map(
                up ->
                    "(%s or %s)"
                        .formatted(
                            ViewSql.isAbsent(schema, table, prefix, up),
                            inside(table, alias, up, depth)))
            .collect(
                Collectors.joining(
                    " and ",
                    "",
                    " and not (%s)"
                        .formatted(
                            links.stream()
                                .map(up -> ViewSql.isAbsent(schema, table, prefix, up))
                                .collect(Collectors.joining(" and ")))));
  }

  /// For one row by the parent's index, for many by a hash ([ParentKeys]).
  private String inside(TableSpec table, String alias, RowScope.ByParent up, int depth) {
    String above = above(spec.table(up.parent()).orElseThrow(), depth);
    return keys.asked(table, up, parents(table, alias, up, depth, above), alias);
  }

  private String parents(
      TableSpec table, String alias, RowScope.ByParent up, int depth, String above) {
    TableSpec parent = spec.table(up.parent()).orElseThrow();
    String name = alias(depth);
    String rows =
        up.links().stream()
            .map(
                link -> {
                  SchemaColumn own = column(table, link.column());
                  SchemaColumn key = column(parent, link.key());
                  return "%s %s %s"
                      .formatted(
                          ViewSql.value(name + ".", key),
                          key.key().equality(),
                          ViewSql.value(alias + ".", own) + ViewSql.collation(own, key));
                })
            .collect(Collectors.joining(" and "));
    return "select from %s %s where %s%s".formatted(parent.name().sql(), name, rows, above);
  }

  /// What the policy of a table says of its parents, once more, for the condition of its view:
  /// PostgreSQL makes a join of it there, and may begin with the tenant's parents. It takes away no
  /// row that the policy shows.
  String join(TableSpec table) {
    return table.scope() instanceof RowScope.ByParent up
        ? join(table, table.name().sql(), up, 1)
        : "";
  }

  private String join(TableSpec table, String alias, RowScope.ByParent up, int depth) {
    TableSpec parent = spec.table(up.parent()).orElseThrow();
    String above =
        parent.scope() instanceof RowScope.ByParent further
            ? " and " + join(parent, alias(depth), further, depth + 1)
            : above(parent, depth);
    return "exists (" + parents(table, alias, up, depth, above) + ")";
  }

  private static String alias(int depth) {
    return "lb_" + depth;
  }

  /// The parent's own policy holds it, where it has one; else the condition says it again.
  private String above(TableSpec parent, int depth) {
    if (guard(parent)) {
      return "";
    }
    String alias = alias(depth);
    return switch (parent.scope()) {
      case RowScope.ByColumn own -> " and " + isTenant(parent, alias + ".", own.column());
      case RowScope.ByExpression in -> " and " + isTenant(alias + ".", in);
      case RowScope.ByParent _, RowScope.ByParents _ -> " and " + inside(parent, alias, depth + 1);
      case RowScope.Whole ignored -> throw new IllegalStateException("not a parent");
      case RowScope.Shared ignored -> throw new IllegalStateException("shared: no tenant");
    };
  }

  private SchemaColumn column(TableSpec table, String name) {
    return schema.table(table.name()).flatMap(t -> t.column(name)).orElseThrow();
  }
}
