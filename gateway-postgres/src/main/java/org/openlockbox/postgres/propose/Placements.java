package org.openlockbox.postgres.propose;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.personal.ColumnDraft;
import org.openlockbox.postgres.personal.PersonalColumns;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.schema.SchemaTable;

/// Places the tables of a database whose tenants stand in a column: those that carry it, the one
/// whose key it is, those that lead to one of them by declared keys over any number of steps, and
/// those that rows of several tenants share. What only names or samples say becomes a question: a
/// wrong link would show one customer another's rows, a missing one shows nothing.
final class Placements {
  /// From so many tenants on, in tables of so many rows, and with so few parents of a tenant, a
  /// join with the parent reads less than a look at each row of all tenants, and costs other
  /// queries little (`docs/adr/0076`).
  private static final double MANY_TENANTS = 20;

  private static final double MANY_ROWS = 10_000;
  private static final double FEW_PARENTS = 2_000;

  /// Older versions of PostgreSQL read the parent twice in a join with it, and take it for few
  /// rows.
  private static final int JOINS_ONCE = 18;

  /// A table with more rows than this is no reference table.
  private static final int MOST_REFERENCE_ROWS = 10_000;

  private final DatabaseOutline outline;
  private final Samples samples;
  private final DraftCheck check;
  private final TableText text;
  private final SortedMap<TableName, TableDraft> placed = new TreeMap<>();
  private final SortedMap<TableName, TableDraft> drafted = new TreeMap<>();
  private final Map<TableName, Set<String>> refusals = new HashMap<>();
  private final Map<TableName, List<ColumnDraft>> personal = new HashMap<>();
  private final Set<DeclaredKey> refusedKeys = new LinkedHashSet<>();
  private final Set<TableName> left = new TreeSet<>();

  /// @param known the tables that a catalogue lists already
  /// @param decided other tables that somebody has decided about
  Placements(
      DatabaseOutline outline,
      Samples samples,
      DraftCheck check,
      TableText text,
      Collection<TableDraft> known,
      Set<TableName> decided) {
    this.outline = outline;
    this.samples = samples;
    this.check = check;
    this.text = text;
    known.forEach(table -> placed.put(table.name(), table));
    outline.tables().stream()
        .map(SchemaTable::name)
        .filter(name -> !placed.containsKey(name) && !decided.contains(name))
        .forEach(left::add);
  }

  void place(TenantColumn tenant) throws SQLException {
    for (TableName name : List.copyOf(left)) {
      if (table(name).column(tenant.name()).isPresent()) {
        String why =
            "carries " + SqlName.of(tenant.name()) + ofNobody(name, List.of(tenant.name()));
        offer(name, new RowScope.ByColumn(tenant.name()), why);
      }
    }
    if (tenant.root().isPresent()) {
      var root = tenant.root().get();
      if (left.contains(root.to())) {
        String why =
            "its %s is what %s holds".formatted(SqlName.of(root.key()), SqlName.of(tenant.name()));
        offer(root.to(), new RowScope.ByColumn(root.key()), why);
      }
    }
    boolean more = true;
    while (more) {
      more = followRequired() || followOptional();
    }
    for (TableName name : List.copyOf(left)) {
      if (isShared(name)) {
        offer(name, new RowScope.Shared(), "rows of several tenants lead to the same row of it");
      }
    }
  }

  /// Places every table as one tenant's.
  void placeWhole() throws SQLException {
    for (TableName name : List.copyOf(left)) {
      if (!PlacementQuestions.isBookkeeping(name)) {
        offer(name, new RowScope.Whole(""), "");
      }
    }
  }

  /// One step along declared keys that every row has, from what is placed; whether there was
  /// anything to place.
  private boolean followRequired() throws SQLException {
    var found = new ArrayList<TableDraft>();
    for (TableName name : left) {
      for (DeclaredKey key : keysUp(name)) {
        if (isRequired(key)) {
          var draft = draft(name, scope(key), why(List.of(key)));
          var refusal = refusal(draft);
          if (refusal.isEmpty()) {
            found.add(draft);
            break;
          }
          refusedKeys.add(key);
          refuse(name, refusal.get());
        }
      }
    }
    found.forEach(this::put);
    return !found.isEmpty();
  }

  /// The same along keys that a row may lack: all that a table has, each an alternative; if they
  /// are refused together, the likeliest alone.
  private boolean followOptional() throws SQLException {
    var found = new ArrayList<TableDraft>();
    for (TableName name : left) {
      var keys = keysUp(name);
      if (keys.size() > 1) {
        var parents = keys.stream().map(DeclaredKey::scope).distinct().toList();
        var draft = draft(name, new RowScope.ByParents(parents), why(keys));
        if (refusal(draft).isEmpty()) {
          found.add(draft);
          continue;
        }
      }
      for (DeclaredKey key : keys) {
        var draft = draft(name, scope(key), why(List.of(key)));
        var refusal = refusal(draft);
        if (refusal.isEmpty()) {
          found.add(draft);
          break;
        }
        refusedKeys.add(key);
        refuse(name, refusal.get());
      }
    }
    found.forEach(this::put);
    return !found.isEmpty();
  }

  /// The declared keys that lead to a placed table, the likeliest owner first: a link that every
  /// row has, the fewest steps, one that deletes along.
  private List<DeclaredKey> keysUp(TableName name) {
    return outline.keysOf(name).stream()
        .filter(key -> !refusedKeys.contains(key))
        .filter(key -> placed.containsKey(key.to()) && !isOpen(key.to()))
        .sorted(
            Comparator.comparing((DeclaredKey key) -> !isRequired(key))
                .thenComparingInt(key -> ancestors(key.to()).size())
                .thenComparing(key -> !key.cascades())
                .thenComparingInt(key -> key.columns().size())
                .thenComparingInt(key -> table(name).columns().indexOf(column(name, key.column())))
                .thenComparing(DeclaredKey::to)
                .thenComparing(DeclaredKey::key))
        .toList();
  }

  private boolean isOpen(TableName name) {
    var draft = placed.get(name);
    return draft != null && draft.scope() instanceof RowScope.Shared;
  }

  private boolean isRequired(DeclaredKey key) {
    return key.columns().stream().allMatch(column -> column(key.from(), column).notNull());
  }

  private SchemaColumn column(TableName table, String column) {
    return table(table).column(column).orElseThrow();
  }

  /// A key to the very column that holds the parent's tenant holds the tenant itself.
  private RowScope scope(DeclaredKey key) {
    var parent = placed.get(key.to());
    boolean same =
        key.isSingle() && parent != null && parent.scope().equals(new RowScope.ByColumn(key.key()));
    return same ? new RowScope.ByColumn(key.column()) : key.scope();
  }

  private String why(List<DeclaredKey> keys) {
    var columns = keys.stream().flatMap(key -> key.columns().stream()).distinct().toList();
    return keys.stream()
            .map(
                key ->
                    (key.stated() ? "%s leads to %s, as stated" : "%s is a declared key of %s")
                        .formatted(
                            key.columns().stream()
                                .map(SqlName::of)
                                .collect(Collectors.joining(", ")),
                            text.name(key.to())))
            .collect(Collectors.joining(" or "))
        + ofNobody(keys.getFirst().from(), columns);
  }

  /// What to know of rows that lack what should tie them to a tenant.
  private String ofNobody(TableName name, List<String> columns) {
    boolean required =
        !table(name).kind().isTable()
            || columns.stream().allMatch(column -> column(name, column).notNull());
    return required ? "" : "; rows without it belong to nobody";
  }

  private void offer(TableName name, RowScope scope, String why) throws SQLException {
    var draft = draft(name, scope, why);
    refusal(draft).ifPresentOrElse(refusal -> refuse(name, refusal), () -> put(draft));
  }

  private void refuse(TableName name, String refusal) {
    refusals.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(refusal);
  }

  private void put(TableDraft draft) {
    var twin =
        placed.keySet().stream()
            .filter(other -> other.name().equals(draft.name().name()))
            .findFirst();
    if (twin.isPresent()) {
      refuse(draft.name(), "its view would have the name of the one of %s".formatted(twin.get()));
      return;
    }
    placed.put(draft.name(), draft);
    drafted.put(draft.name(), draft);
    left.remove(draft.name());
  }

  private Optional<String> refusal(TableDraft draft) {
    var known = new ArrayList<TableDraft>();
    draft.scope().parents().forEach(up -> addAncestors(up.parent(), known));
    return check.refusal(draft, known);
  }

  private List<TableDraft> ancestors(TableName name) {
    var known = new ArrayList<TableDraft>();
    addAncestors(name, known);
    return known;
  }

  /// Adds a placed table and all that it takes its tenant through.
  private void addAncestors(TableName name, List<TableDraft> known) {
    TableDraft at = placed.get(name);
    if (at != null && !known.contains(at)) {
      known.add(at);
      at.scope().parents().forEach(up -> addAncestors(up.parent(), known));
    }
  }

  /// Adds links to a table that this placed, if the reader and the checks take them. Why not, if
  /// they do not.
  Optional<String> refer(TableDraft table, List<LinkCandidate> links) {
    var referring = table.referring(links);
    Set<TableDraft> others = new LinkedHashSet<>();
    table.scope().parents().forEach(up -> others.addAll(ancestors(up.parent())));
    links.forEach(link -> others.addAll(ancestors(link.key().table())));
    others.removeIf(other -> other.name().equals(table.name()));
    var refusal = check.refusal(referring, List.copyOf(others));
    if (refusal.isEmpty()) {
      placed.put(table.name(), referring);
      drafted.put(table.name(), referring);
    }
    return refusal;
  }

  private TableDraft draft(TableName name, RowScope scope, String why) throws SQLException {
    var columns =
        personal(name).stream()
            .filter(column -> !scope.isBy(column.column()))
            .filter(column -> !(scope instanceof RowScope.Shared))
            .toList();
    return new TableDraft(name, scope, why, columns);
  }

  /// What the table's columns seem to hold; looked at once.
  List<ColumnDraft> personal(TableName name) throws SQLException {
    var seen = personal.get(name);
    if (seen == null) {
      var table = table(name);
      Set<String> keys = new TreeSet<>();
      outline.keysOf(name).forEach(key -> keys.addAll(key.columns()));
      seen = PersonalColumns.of(table, samples.shapes(table), keys);
      personal.put(name, seen);
    }
    return seen;
  }

  /// A small table without personal columns, of which samples show that tenants share rows.
  private boolean isShared(TableName name) throws SQLException {
    boolean tells =
        personal(name).stream()
            .anyMatch(column -> column.content() != ColumnDraft.Content.ANYTHING);
    if (tells || outline.estimate(name) > MOST_REFERENCE_ROWS) {
      return false;
    }
    for (DeclaredKey key : outline.keysInto(name)) {
      var from = placed.get(key.from());
      if (key.isSingle()
          && from != null
          && from.scope() instanceof RowScope.ByColumn own
          && samples.crossing(key.from(), own.column(), key.column()) > 0) {
        return true;
      }
    }
    return false;
  }

  private SchemaTable table(TableName name) {
    return outline.schema().table(name).orElseThrow();
  }

  /// What this placed, without the tables that were known before.
  List<TableDraft> drafted() {
    return drafted.values().stream()
        .map(table -> isSparse(table) ? table.joiningParent() : table)
        .toList();
  }

  /// Whether a tenant's rows are few among many, by what PostgreSQL counted of the column at the
  /// end of its parents.
  private boolean isSparse(TableDraft table) {
    if (!(table.scope() instanceof RowScope.ByParent parent)
        || outline.schema().version().major() < JOINS_ONCE
        || outline.estimate(table.name()) < MANY_ROWS) {
      return false;
    }
    double tenants = tenants(table);
    return tenants >= MANY_TENANTS && outline.estimate(parent.parent()) / tenants <= FEW_PARENTS;
  }

  private double tenants(TableDraft table) {
    TableDraft at = table;
    while (at != null && at.scope() instanceof RowScope.ByParent up) {
      at = placed.get(up.parent());
    }
    return at != null && at.scope() instanceof RowScope.ByColumn own
        ? outline.values(at.name().column(own.column()))
        : 0;
  }

  /// Known tables and new ones.
  Map<TableName, TableDraft> placed() {
    return placed;
  }

  /// Whether a table is placed and its rows are of tenants.
  boolean isTenants(TableName name) {
    var table = placed.get(name);
    return table != null && !(table.scope() instanceof RowScope.Shared);
  }

  /// The tables that are left.
  Set<TableName> left() {
    return left;
  }

  /// Why the reader or the checks refused to place a table; empty if nothing led to a tenant.
  Set<String> refusals(TableName name) {
    return refusals.getOrDefault(name, Set.of());
  }
}
