package org.openlockbox.postgres.schema;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.openlockbox.core.access.Level;

/// One closed system catalog: which of its columns may be read, and the view in `lb_catalog` that
/// answers a session in its place. The view reads no column but these.
///
/// @param columns the columns that may be read; none for a catalog whose view is empty
/// @param shown the columns of the view
/// @param rows which rows it shows
public record ClosedCatalog(
    String relation, Readers readers, String columns, String shown, String rows) {
  /// Who reads the columns, besides the view: defaults and comments belong to the levels that show
  /// rows.
  enum Readers {
    EVERY_LEVEL,
    LEVELS_WITH_ROWS,
    VIEWS
  }

  static ClosedCatalog of(ResultSet rows) throws SQLException {
    return new ClosedCatalog(
        rows.getString("relation"),
        switch (rows.getString("readers")) {
          case "every level" -> Readers.EVERY_LEVEL;
          case "levels with rows" -> Readers.LEVELS_WITH_ROWS;
          default -> Readers.VIEWS;
        },
        rows.getString("columns"),
        rows.getString("shown"),
        rows.getString("rows"));
  }

  public boolean isFor(Level level) {
    return switch (readers) {
      case EVERY_LEVEL -> true;
      case LEVELS_WITH_ROWS -> level != Level.METADATA;
      case VIEWS -> false;
    };
  }

  public boolean isEmpty() {
    return rows.equals("false");
  }

  public String grantTo(String role) {
    return "grant select (%s) on pg_catalog.%s to %s;".formatted(columns, relation, role);
  }

  /// Whether its rows come out of a function, so that EXPLAIN does not tell how many others there
  /// are: no session may read any column of it otherwise.
  public boolean isHidden() {
    return readers == Readers.VIEWS && !isEmpty();
  }

  /// What the rows of a hidden one come out of.
  public String function() {
    return "lb_catalog.only_" + relation + "()";
  }

  /// Makes the view; what is empty reads nothing at all.
  public String view() {
    if (isEmpty()) {
      return view("where false");
    }
    return isHidden()
        ? only() + view("from " + function())
        : view("from pg_catalog.%s\n   where %s".formatted(relation, rows));
  }

  private String view(String source) {
    return """
    create view lb_catalog.%1$s with (security_barrier) as
      select %2$s
        %3$s;
    alter view lb_catalog.%1$s owner to lb_view;
    """
        .formatted(relation, shown, source);
  }

  private String only() {
    return """
    create view lb_catalog.only_%1$s with (security_barrier) as
      select %2$s from pg_catalog.%1$s where %3$s;
    alter view lb_catalog.only_%1$s owner to lb_view;
    create function lb_catalog.only_%1$s() returns setof lb_catalog.only_%1$s
      language sql stable security definer rows 1 set search_path = pg_catalog, pg_temp
      as 'select * from lb_catalog.only_%1$s';
    alter function lb_catalog.only_%1$s() owner to lb_view;
    revoke all on function lb_catalog.only_%1$s() from public;
    """
        .formatted(relation, columns, rows);
  }
}
