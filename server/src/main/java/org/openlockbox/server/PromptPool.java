package org.openlockbox.server;

import org.openlockbox.server.problem.Outage;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Connections for the questions for a lease, and for who asks: they wait for nobody's work or
/// disk. What is written here need not last. A type of its own, so that nobody is given the pool of
/// the work in its place.
public record PromptPool(JdbcClient jdbc) {
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
