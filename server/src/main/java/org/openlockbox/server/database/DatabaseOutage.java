package org.openlockbox.server.database;

import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import org.openlockbox.server.problem.Outage;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tells an outage of the whole database from one of a single log in it.
public final class DatabaseOutage {
  private DatabaseOutage() {}

  /// Whether nobody else could be served either. Not so where one log's rows were locked for too
  /// long or took too long; nor where they could not be read from the disk, if the database answers
  /// all the same.
  ///
  /// @param answers asks the database
  public static boolean isOfAll(Exception e, BooleanSupplier answers) {
    return Outage.isOne(e)
        && switch (state(e)) {
          case "55P03", "57014" -> false; // lock_timeout, query_canceled
          case String state when state.startsWith("58") -> !answers.getAsBoolean();
          case String state when state.startsWith("40") || state.startsWith("54") -> false;
          default -> true;
        };
  }

  /// Asks the database whether it answers.
  public static boolean isOver(JdbcClient jdbc) {
    try {
      return jdbc.sql("select 1").query(Integer.class).single() == 1;
    } catch (RuntimeException e) {
      if (Outage.isOne(e)) {
        return false;
      }
      throw e;
    }
  }

  /// The SQLSTATE; empty if the database said none.
  private static String state(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException said) {
        return String.valueOf(said.getSQLState());
      }
    }
    return "";
  }
}
