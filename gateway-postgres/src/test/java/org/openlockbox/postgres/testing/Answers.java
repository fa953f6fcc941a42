package org.openlockbox.postgres.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// What a database answers to a text, in one word that tests compare.
public final class Answers {
  private Answers() {}

  /// Of the last statement in the text: the first column of its first row, `no row`, the number of
  /// rows that it changed (`2 rows`), or `refused` with the SQLSTATE.
  public static String last(Connection connection, String sql) {
    try (var statement = connection.createStatement()) {
      boolean rows = statement.execute(sql);
      String last = "";
      while (rows || statement.getUpdateCount() >= 0) {
        last = rows ? first(statement) : statement.getUpdateCount() + " rows";
        rows = statement.getMoreResults();
      }
      return last;
    } catch (SQLException e) {
      return "refused " + e.getSQLState();
    }
  }

  private static String first(Statement statement) throws SQLException {
    try (var rows = statement.getResultSet()) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "no row";
    }
  }
}
