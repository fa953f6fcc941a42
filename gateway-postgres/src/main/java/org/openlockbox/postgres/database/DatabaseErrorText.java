package org.openlockbox.postgres.database;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What the database said when something failed, for the gateway's log: message and detail on one
/// line of at most 1,000 characters. Its context is left out: it quotes statements, and the one
/// that makes a role has the verifier of a password in it.
record DatabaseErrorText(String line) {
  private static final int LONGEST = 1_000;

  static DatabaseErrorText of(SQLException e) {
    String words = words(e).replaceAll("[\\s\\p{C}\\p{Z}]+", " ").strip();
    return new DatabaseErrorText(
        words.length() > LONGEST ? words.substring(0, LONGEST) + "…" : words);
  }

  private static String words(SQLException e) {
    ServerErrorMessage answer = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    if (answer == null) {
      return String.valueOf(e.getMessage());
    }
    String detail = answer.getDetail();
    return answer.getMessage() + (detail == null ? "" : " (" + detail + ")");
  }
}
