package org.openlockbox.server.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.IncorrectUpdateSemanticsDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.SqlProvider;

/// Statements, each a transaction of its own where the caller has none; then its commit is
/// confirmed as that of any other.
///
/// An insert of values that says nothing of conflicts inserts its row, or fails: a trigger or a
/// rule that makes the row vanish does not go unnoticed.
final class ConfirmedStatements extends JdbcTemplate {
  private static final Pattern ONE_ROW =
      Pattern.compile("\\s*insert\\s+into\\s+\\w+\\s*\\([^)]*\\)\\s*values\\b.*", Pattern.DOTALL);

  /// Somebody holds a row for too long, as a commit does that waits for the standby: an outage.
  private static final String LOCK_TIMEOUT = "55P03";

  private final Replication replication;

  ConfirmedStatements(DataSource connections, Replication replication) {
    super(connections);
    this.replication = replication;
    setIgnoreWarnings(false);
  }

  /// pgjdbc reads on until PostgreSQL is ready again, so a warning of the commit is here as well.
  @Override
  protected void handleWarnings(Statement statement) throws SQLException {
    var connection = statement.getConnection();
    if (statement.getWarnings() != null && connection.getAutoCommit()) {
      try {
        replication.confirm(connection);
      } catch (SQLException e) {
        throw new UnknownCommit(e);
      }
    }
  }

  @Override
  protected DataAccessException translateException(
      String task, @Nullable String sql, SQLException fault) {
    if (LOCK_TIMEOUT.equals(fault.getSQLState())) {
      return new CannotAcquireLockException(task, fault);
    }
    var translated = super.translateException(task, sql, fault);
    if (translated instanceof DataAccessResourceFailureException) {
      replication.doubt();
    }
    return translated;
  }

  @Override
  public int update(PreparedStatementCreator creator) {
    int rows = super.update(creator);
    if (rows != 1 && creator instanceof SqlProvider provider) {
      Optional.ofNullable(provider.getSql())
          .filter(ConfirmedStatements::insertsOneRow)
          .ifPresent(sql -> refuse(sql, rows));
    }
    return rows;
  }

  static boolean insertsOneRow(String sql) {
    var text = sql.toLowerCase(Locale.ROOT);
    int conflict = text.indexOf("on conflict");
    return ONE_ROW.matcher(text).matches()
        && (conflict < 0 || isAlwaysUpdated(text.substring(conflict)));
  }

  private static boolean isAlwaysUpdated(String conflict) {
    return conflict.contains("do update") && !conflict.contains("where");
  }

  private static void refuse(String sql, int rows) {
    throw new IncorrectUpdateSemanticsDataAccessException(
        "the database stored %d rows instead of one: %s"
            .formatted(rows, sql.strip().lines().findFirst().orElse("")));
  }
}
