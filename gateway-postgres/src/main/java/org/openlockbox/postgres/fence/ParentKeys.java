package org.openlockbox.postgres.fence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openlockbox.postgres.catalogue.Levels;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// The keys of the tenant's parents, collected at once for a query that asks about many rows.
///
/// PostgreSQL decides between a look-up for each row and a hash of all keys as it plans, by the
/// rows that it expects to come out. A search in a large child table asks about every row and
/// expects few, so it got millions of look-ups. A policy therefore asks row by row for a moment
/// only, and goes on with the hash. Functions give the keys, because PostgreSQL takes what they do
/// for cheap: else it would plan each short query as if it collected all keys.
final class ParentKeys {
  private record Key(TableName parent, List<String> columns) {}

  private final DatabaseSchema schema;
  private final Predicate<TableSpec> guarded;
  private final ResourceSpec spec;

  /// @param guarded whether policies hold the rows of a table
  ParentKeys(ResourceSpec spec, DatabaseSchema schema, Predicate<TableSpec> guarded) {
    this.spec = spec;
    this.schema = schema;
    this.guarded = guarded;
  }

  /// Asked when the plan is written: what the catalogue names may be missing before.
  private List<Key> keys() {
    return spec.tables().stream()
        .filter(guarded)
        .flatMap(table -> table.scope().parents().stream())
        .filter(this::areHashed)
        .map(ParentKeys::key)
        .distinct()
        .sorted(Comparator.comparing((Key key) -> key.parent().sql() + key.columns()))
        .toList();
  }

  private static Key key(RowScope.ByParent up) {
    return new Key(up.parent(), up.keys());
  }

  /// Whether the parent's own policy holds its rows, so that a function may read it as it is, and
  /// PostgreSQL has a hash for the equality of its keys.
  private boolean areHashed(RowScope.ByParent up) {
    return guarded.test(spec.table(up.parent()).orElseThrow())
        && up.keys().stream().allMatch(key -> column(up.parent(), key).type().canHoldTenant());
  }

  private SchemaColumn column(TableName table, String name) {
    return schema.table(table).flatMap(t -> t.column(name)).orElseThrow();
  }

  /// The functions. Their bodies are parsed as they are made, so that renamed columns stay the
  /// same. Programs that split a text at each semicolon do not know such bodies, so a text that is
  /// quoted makes them.
  List<String> functions() {
    var keys = keys();
    return IntStream.range(0, keys.size())
        .mapToObj(i -> function(name(i), keys.get(i)))
        .flatMap(List::stream)
        .toList();
  }

  private static String name(int at) {
    return "lb.keys_" + (at + 1);
  }

  private List<String> function(String name, Key key) {
    var columns = key.columns().stream().map(each -> column(key.parent(), each)).toList();
    String types =
        IntStream.range(0, columns.size())
            .mapToObj(i -> "k%d %s".formatted(i + 1, columns.get(i).type().cast()))
            .collect(Collectors.joining(", "));
    String values =
        columns.stream().map(each -> ViewSql.value("", each)).collect(Collectors.joining(", "));
    String levels = spec.levels().stream().map(Levels::role).collect(Collectors.joining(", "));
    return List.of(
        """
        do $plan$ begin execute $function$
          create function %s() returns table (%s)
          language sql stable security definer parallel restricted rows 1000 cost 10
          set search_path = pg_catalog, pg_temp
          begin atomic
            select %s from %s;
          end $function$; end $plan$;"""
            .formatted(name, types, values, key.parent().sql()),
        "alter function %s() owner to lb_view;".formatted(name),
        "revoke all on function %s() from public;".formatted(name),
        "grant execute on function %s() to %s;".formatted(name, levels));
  }

  /// Whether a row's link leads to one of the tenant's parents.
  ///
  /// @param each the question for one row, as `select … from … where …`
  /// @param alias of the row
  String asked(TableSpec table, RowScope.ByParent up, String each, String alias) {
    int at = keys().indexOf(key(up));
    return at < 0
        ? "exists (" + each + ")"
        : """
        case when clock_timestamp() < (select lb.patience()) or not (select lb.fits(%s::regclass))
             then exists (%s offset 0)
             else %s end"""
            .formatted(
                SqlQuoting.text(up.parent().sql()), each, isAmong(table, up, alias, name(at)));
  }

  private String isAmong(TableSpec table, RowScope.ByParent up, String alias, String function) {
    var values = new ArrayList<String>();
    for (var link : up.links()) {
      SchemaColumn own = column(table.name(), link.column());
      values.add(
          ViewSql.value(alias + ".", own)
              + ViewSql.collation(own, column(up.parent(), link.key())));
    }
    String equality = column(up.parent(), up.keys().getFirst()).key().equality();
    String found =
        Stream.iterate(1, n -> n + 1)
            .limit(values.size())
            .map(n -> "k.k" + n)
            .collect(Collectors.joining(", "));
    return "%s %s any (select %s from %s() k)"
        .formatted(
            values.size() == 1
                ? values.getFirst()
                : values.stream().collect(Collectors.joining(", ", "row(", ")")),
            equality,
            found,
            function);
  }
}
