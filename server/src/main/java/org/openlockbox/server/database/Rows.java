package org.openlockbox.server.database;

import org.springframework.dao.IncorrectUpdateSemanticsDataAccessException;

/// How many rows a statement has to change. Where the caller knows, it says so: a row that a
/// trigger or a rule made vanish fails the transaction.
public final class Rows {
  private Rows() {}

  /// Throws unless it was one.
  public static void one(int changed) {
    exactly(1, changed);
  }

  /// Throws unless it was as many as this.
  public static void exactly(int due, int changed) {
    if (changed != due) {
      throw new IncorrectUpdateSemanticsDataAccessException(
          "the database stored %d rows, not %d".formatted(changed, due));
    }
  }
}
