package org.openlockbox.server.database;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Connections for the questions for a lease, and for who asks: they wait for nobody's work or
/// disk. What is written here need not last. A type of its own, so that nobody is given the pool of
/// the work in its place.
///
/// @param standbys proves that what was asked was asked of the primary
/// @param database what the connections lead to
public record PromptPool(JdbcClient jdbc, StandbyProof standbys, Database database) {
  /// Less than a lease lasts.
  private static final Duration PATIENCE = Duration.ofMillis(500);

  public static PromptPool over(Database database) {
    return new PromptPool(database.statements(), database.standbyProof(PATIENCE), database);
  }

  /// Has one connection answer all questions of this work. It opens no transaction.
  public <T> T onOneConnection(Supplier<T> work) {
    return database.onOneConnection(work);
  }

  /// Whether the database answers at the moment.
  public boolean answers() {
    return DatabaseOutage.isOver(jdbc);
  }
}
