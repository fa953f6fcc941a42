package org.openlockbox.postgres.propose;

import java.util.List;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.personal.ColumnDraft;

/// What a draft says about one table under `tables`: whose its rows are, why, and its columns that
/// are masked or hidden, or lead somewhere.
///
/// @param joinsParent whether its views are to be joined with the parent ([TableSpec#joinsParent])
record TableDraft(
    TableName name,
    RowScope scope,
    String why,
    List<ColumnDraft> columns,
    List<LinkCandidate> references,
    boolean joinsParent) {
  TableDraft {
    columns = List.copyOf(columns);
    references = List.copyOf(references);
  }

  TableDraft(TableName name, RowScope scope, String why, List<ColumnDraft> columns) {
    this(name, scope, why, columns, List.of(), false);
  }

  /// The same with links that no key declares, and that its sampled values keep.
  TableDraft referring(List<LinkCandidate> links) {
    return new TableDraft(name, scope, why, columns, links, joinsParent);
  }

  /// The same, joined with its parent.
  TableDraft joiningParent() {
    return new TableDraft(name, scope, why, columns, references, true);
  }

  /// A table that a catalogue lists already. Only its scope matters here.
  static TableDraft known(TableSpec table) {
    return new TableDraft(table.name(), table.scope(), "", List.of());
  }

  List<ColumnDraft> masked() {
    return columns.stream().filter(column -> !column.isHidden()).toList();
  }

  List<ColumnDraft> hidden() {
    return columns.stream().filter(ColumnDraft::isHidden).toList();
  }
}
