package org.openlockbox.server.database;

import java.time.Duration;
import org.openlockbox.server.problem.Outage;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Connections for the questions for a lease, and for who asks: they wait for nobody's work or
/// disk. What is written here need not last. A type of its own, so that nobody is given the pool of
/// the work in its place.
///
/// @param standbys proves that what was asked was asked of the primary
public record PromptPool(JdbcClient jdbc, StandbyProof standbys) {
  /// Less than a lease lasts.
  private static final Duration PATIENCE = Duration.ofMillis(500);

  public static PromptPool over(Database database) {
    return new PromptPool(database.statements(), database.standbyProof(PATIENCE));
  }

  /// Whether the database answers at the moment.
  public boolean answers() {
    try {
      return jdbc.sql("select 1").query(Integer.class).single() == 1;
    } catch (RuntimeException e) {
      if (Outage.isOne(e)) {
        return false;
      }
      throw e;
    }
  }
}
