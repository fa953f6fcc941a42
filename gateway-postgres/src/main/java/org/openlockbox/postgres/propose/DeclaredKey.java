package org.openlockbox.postgres.propose;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.TableName;

/// A foreign key as the database declares it: `columns` of `from` hold what stands in `keys` of
/// `to`, in the same order. One that cascades says that the rows of `from` belong to those of `to`.
/// A stated one is not in the database: whoever asked for the draft says so ([StatedLink]).
record DeclaredKey(
    TableName from,
    List<String> columns,
    TableName to,
    List<String> keys,
    boolean cascades,
    boolean stated) {

  DeclaredKey {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
  }

  /// Whether one column alone makes the link.
  boolean isSingle() {
    return columns.size() == 1;
  }

  /// What ties the rows of `from` to those of `to`.
  RowScope.ByParent scope() {
    var links = new ArrayList<RowScope.ByParent.KeyLink>();
    for (int i = 0; i < columns.size(); i++) {
      links.add(new RowScope.ByParent.KeyLink(columns.get(i), keys.get(i)));
    }
    return new RowScope.ByParent(links, to);
  }

  String column() {
    return columns.getFirst();
  }

  String key() {
    return keys.getFirst();
  }
}
