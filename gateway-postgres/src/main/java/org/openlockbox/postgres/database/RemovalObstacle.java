package org.openlockbox.postgres.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Why the role of a session that is over may still be in the database.
///
/// @param by what keeps it
/// @param said what the database said, on one line, for the gateway's log alone: it may name what
///   belongs to others
public record RemovalObstacle(ObstacleKind by, String said) {
  /// What keeps a role. The words are the provider's and the tenant's to read: no name in them is
  /// the database's.
  public enum ObstacleKind {
    /// It did not answer, or let the gateway's login not in.
    SILENCE("the database could not be asked"),
    /// It was asked and did not come to it: something was in the way, or there was no room.
    PRESSURE("the database did not come to it in time"),
    /// A statement of the session does not heed its termination.
    BACKEND("a backend of it has not ended"),
    /// PostgreSQL drops no role that owns something in another database, or is named there.
    DEPENDENTS("something on the database server belongs to it or names it"),
    /// Anything else that the database says no to.
    REFUSAL("the database refuses to drop it");

    private final String words;

    ObstacleKind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  static final RemovalObstacle BY_A_BACKEND =
      new RemovalObstacle(ObstacleKind.BACKEND, "a backend has not ended in two seconds");

  static RemovalObstacle of(SQLException e) {
    return new RemovalObstacle(by(e.getSQLState()), DatabaseErrorText.of(e).line());
  }

  /// By the SQLSTATE; what has none, or none worth the name, came from no database.
  private static ObstacleKind by(@Nullable String state) {
    if (state == null || state.length() != 5 || state.startsWith("57P")) {
      return ObstacleKind.SILENCE;
    }
    return switch (state.substring(0, 2)) {
      case "08", "28", "3D" -> ObstacleKind.SILENCE;
      case "40", "53", "55", "57" -> ObstacleKind.PRESSURE;
      case "2B" -> ObstacleKind.DEPENDENTS;
      default -> ObstacleKind.REFUSAL;
    };
  }
}
