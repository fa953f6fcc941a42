package org.openlockbox.gateway.fence;

import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why the role of a session that is over may still be in the database.
///
/// @param by what keeps it
/// @param said what the database said, on one line, for the gateway's log alone: it may name what
///   belongs to others
public record Kept(By by, String said) {
  /// What keeps a role. The words are the provider's and the tenant's to read: no name in them is
  /// the database's.
  public enum By {
    /// It did not answer, or the gateway did not come to ask.
    SILENCE("the database could not be asked"),
    /// A statement of the session does not heed its termination.
    BACKEND("a backend of it has not ended"),
    /// PostgreSQL drops no role that owns something in another database, or has a right there.
    DEPENDENTS("it owns something in another database of the server, or has a right there"),
    /// Anything else that the database says no to.
    REFUSAL("the database refuses to drop it");

    private final String words;

    By(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  static final Kept BY_A_BACKEND = new Kept(By.BACKEND, "a backend has not ended in two seconds");

  static Kept of(SQLException e) {
    String said = String.valueOf(e.getMessage()).replaceAll("[\\s\\p{Cntrl}]+", " ");
    return new Kept(by(e.getSQLState()), said);
  }

  /// No state, or one of the classes "connection", "resources" and "operator".
  private static By by(@Nullable String state) {
    return switch (state == null ? "" : state.substring(0, 2).toUpperCase(Locale.ROOT)) {
      case "", "08", "53", "57" -> By.SILENCE;
      case "2B" -> By.DEPENDENTS;
      default -> By.REFUSAL;
    };
  }
}
