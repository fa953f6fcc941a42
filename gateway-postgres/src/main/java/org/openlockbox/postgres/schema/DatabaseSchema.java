package org.openlockbox.postgres.schema;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.ColumnKey;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.ColumnType;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.ServerVersion;
import org.openlockbox.postgres.catalogue.TableName;

/// What the protected database holds now, as far as the fence cares: version, relations with their
/// columns, extensions, the application's roles, and what PUBLIC may do.
public final class DatabaseSchema {
  private final ServerVersion version;
  private final SortedMap<TableName, SchemaTable> tables;
  private final List<InstalledExtension> extensions;
  private final List<String> applicationRoles;
  private final List<PublicRight> publicRights;
  private final List<ClosedCatalog> closedCatalogs;
  private final List<CatalogFunction> catalogFunctions;
  private final List<EarlyUse> earlyUses;

  private DatabaseSchema(
      ServerVersion version,
      SortedMap<TableName, SchemaTable> tables,
      List<InstalledExtension> extensions,
      List<String> applicationRoles,
      List<PublicRight> publicRights,
      List<ClosedCatalog> closedCatalogs,
      List<CatalogFunction> catalogFunctions,
      List<EarlyUse> earlyUses) {
    this.version = version;
    this.tables = Collections.unmodifiableSortedMap(tables);
    this.extensions = List.copyOf(extensions);
    this.applicationRoles = List.copyOf(applicationRoles);
    this.publicRights = List.copyOf(publicRights);
    this.closedCatalogs = List.copyOf(closedCatalogs);
    this.catalogFunctions = List.copyOf(catalogFunctions);
    this.earlyUses = List.copyOf(earlyUses);
  }

  /// Reads the catalogs; any login role that may connect can do it.
  public static DatabaseSchema read(Connection connection, ResourceSpec spec) throws SQLException {
    return CatalogSnapshot.read(connection, () -> readPinned(connection, spec));
  }

  public static DatabaseSchema readPinned(Connection connection, ResourceSpec spec)
      throws SQLException {
    var tables = new TreeMap<TableName, SchemaTable>();
    for (var found : CatalogSnapshot.rows(connection, "columns.sql", DatabaseSchema::column)) {
      tables.merge(found.table(), found.asTable(), DatabaseSchema::joined);
    }
    addReads(tables, connection);
    CatalogNames names = CatalogNames.load();
    return new DatabaseSchema(
        CatalogSnapshot.version(connection),
        tables,
        CatalogSnapshot.rows(connection, "extensions.sql", InstalledExtension::of),
        CatalogSnapshot.rows(
            connection,
            "application-roles.sql",
            rows -> rows.getString(1),
            spec.address().gatewayRole()),
        rightsOfPublic(connection, spec.catalogs().word()),
        CatalogSnapshot.rows(
            connection,
            "catalog-columns.sql",
            ClosedCatalog::of,
            String.join(" ", names.relations())),
        CatalogSnapshot.rows(
            connection,
            "catalog-functions.sql",
            rows -> new CatalogFunction(rows.getString("made"), rows.getString("name")),
            String.join(" ", names.functions())),
        spec.levels().contains(Level.WRITE)
            ? CatalogSnapshot.rows(connection, "early-uses.sql", DatabaseSchema::earlyUse)
            : List.of());
  }

  private static EarlyUse earlyUse(ResultSet rows) throws SQLException {
    return new EarlyUse(
        rows.getString("schema_name"),
        rows.getString("table_name"),
        rows.getString("column_name"),
        EarlyUse.UsedBy.of(rows.getString("used_by")));
  }

  private static List<PublicRight> rightsOfPublic(Connection connection, String catalogs)
      throws SQLException {
    TextAsSql runs = TextAsSql.load();
    return CatalogSnapshot.rows(
        connection,
        "public-rights.sql",
        DatabaseSchema::publicRight,
        runs.closedOfExtensions(),
        runs.closedInCatalog(),
        catalogs,
        catalogs,
        catalogs);
  }

  private static PublicRight publicRight(ResultSet rows) throws SQLException {
    return new PublicRight(
        rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4));
  }

  public ServerVersion version() {
    return version;
  }

  public SortedMap<TableName, SchemaTable> tables() {
    return tables;
  }

  public Optional<SchemaTable> table(TableName name) {
    return Optional.ofNullable(tables.get(name));
  }

  public Optional<SchemaColumn> column(ColumnName name) {
    return table(name.table()).flatMap(table -> table.column(name.column()));
  }

  public List<InstalledExtension> extensions() {
    return extensions;
  }

  public List<String> applicationRoles() {
    return applicationRoles;
  }

  public List<PublicRight> publicRights() {
    return publicRights;
  }

  public List<ClosedCatalog> closedCatalogs() {
    return closedCatalogs;
  }

  public List<CatalogFunction> catalogFunctions() {
    return catalogFunctions;
  }

  /// The same with these columns alone.
  public DatabaseSchema keeping(BiPredicate<TableName, String> kept) {
    return with(table -> table.keeping(kept));
  }

  /// The same to compare a fence that stands with, and not to plan one.
  public DatabaseSchema asItStands() {
    return with(SchemaTable::asItStands);
  }

  private DatabaseSchema with(UnaryOperator<SchemaTable> change) {
    var changed = new TreeMap<TableName, SchemaTable>();
    tables.forEach((name, table) -> changed.put(name, change.apply(table)));
    return new DatabaseSchema(
        version,
        changed,
        extensions,
        applicationRoles,
        publicRights,
        closedCatalogs,
        catalogFunctions,
        earlyUses);
  }

  /// Whether a new value of the column does nothing before the fence has seen it.
  ///
  /// @param byPolicy whether a policy sees it, which is before the keys of the table do
  public boolean isCheckedFirst(TableName table, String column, boolean byPolicy) {
    return earlyUses.stream()
        .filter(use -> use.isOf(table, column))
        .allMatch(use -> use.by() == EarlyUse.UsedBy.KEY && byPolicy);
  }

  private record FoundRelation(
      TableName table,
      SchemaTable.RelationKind kind,
      boolean partition,
      RowSecurity rowSecurity,
      boolean inherited,
      SchemaColumn column) {
    SchemaTable asTable() {
      return new SchemaTable(
          table, kind, partition, rowSecurity, inherited, new TreeSet<>(), List.of(column));
    }
  }

  private static SchemaTable joined(SchemaTable before, SchemaTable next) {
    var columns = new ArrayList<>(before.columns());
    columns.addAll(next.columns());
    return new SchemaTable(
        before.name(),
        before.kind(),
        before.partition(),
        before.rowSecurity(),
        before.inherited(),
        before.reads(),
        columns);
  }

  private static void addReads(SortedMap<TableName, SchemaTable> tables, Connection connection)
      throws SQLException {
    record ViewSource(TableName view, ColumnName column) {}
    for (ViewSource read :
        CatalogSnapshot.rows(
            connection,
            "view-sources.sql",
            rows ->
                new ViewSource(
                    new TableName(rows.getString(1), rows.getString(2)),
                    new TableName(rows.getString(3), rows.getString(4))
                        .column(rows.getString(5))))) {
      tables.computeIfPresent(read.view(), (_, table) -> table.reading(read.column()));
    }
  }

  private static FoundRelation column(ResultSet rows) throws SQLException {
    return new FoundRelation(
        new TableName(rows.getString("schema_name"), rows.getString("table_name")),
        SchemaTable.RelationKind.of(rows.getString("kind")),
        rows.getBoolean("is_partition"),
        RowSecurity.of(rows),
        rows.getBoolean("is_inherited"),
        new SchemaColumn(
            rows.getString("column_name"),
            new ColumnType(
                rows.getString("type_name"),
                rows.getString("cast_type"),
                rows.getString("full_type"),
                rows.getString("type_kind").charAt(0),
                new ColumnType.Value(
                    rows.getString("value_name"), rows.getString("value_kind").charAt(0)),
                List.of(strings(rows, "labels"))),
            rows.getBoolean("not_null"),
            rows.getBoolean("is_generated"),
            rows.getBoolean("is_identity"),
            List.of(strings(rows, "made_from")),
            pointsTo(rows),
            sequence(rows),
            key(rows),
            rows.getBoolean("is_indexed")));
  }

  private static ColumnKey key(ResultSet rows) throws SQLException {
    return new ColumnKey(
        Optional.ofNullable(rows.getString("key_operand")),
        rows.getString("key_equality"),
        Optional.ofNullable(rows.getString("key_collation")),
        rows.getBoolean("deterministic"),
        rows.getBoolean("own_cast"),
        ColumnKey.Proof.of(rows.getString("key_proof")),
        Set.copyOf(List.of(strings(rows, "key_indexes"))));
  }

  /// The columns stand in the list as schema, table, column, and so on.
  private static List<ColumnName> pointsTo(ResultSet rows) throws SQLException {
    String[] names = strings(rows, "points_to");
    return IntStream.range(0, names.length / 3)
        .map(i -> 3 * i)
        .mapToObj(i -> new TableName(names[i], names[i + 1]).column(names[i + 2]))
        .toList();
  }

  private static Optional<TableName> sequence(ResultSet rows) throws SQLException {
    String[] names = strings(rows, "own_sequence");
    return names.length == 0 ? Optional.empty() : Optional.of(new TableName(names[0], names[1]));
  }

  private static String[] strings(ResultSet rows, String column) throws SQLException {
    Array list = rows.getArray(column);
    return list == null ? new String[0] : (String[]) list.getArray();
  }
}
