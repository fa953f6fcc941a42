package org.openlockbox.postgres.wire;

/// An answer of the database that says all it says by its type: what was asked for is done, or
/// there is nothing.
public final class FieldlessMessage {
  private static final String TYPES = "123Icns";

  private FieldlessMessage() {}

  /// Whatever more it held would pass unseen by the record and the budgets.
  public static void check(MessageBuffer buffer) {
    if (TYPES.indexOf(buffer.type()) >= 0 && buffer.length() != 4) {
      throw new WireViolation("an answer from the database that holds more than it says");
    }
  }
}
