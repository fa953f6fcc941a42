package org.openlockbox.postgres.wire;

/// Looks whether each DataRow is what it says: as many columns as its result has, each value as
/// long as declared, nothing missing and nothing behind. Takes a row in pieces, because large ones
/// pass through without ever being held whole.
public final class RowCheck {
  private static final int UNKNOWN = -1;

  /// Which part of a row the next byte belongs to.
  private enum RowPart {
    COUNT,
    LENGTH,
    VALUE,
    END
  }

  private int columns = UNKNOWN;
  private RowPart part = RowPart.END;
  private int left;
  private int valuesLeft;
  private int bytesLeft;
  private int number;

  /// Whether messages of this type are rows: of a result, or data that is copied out.
  public static boolean isRow(byte type) {
    return type == 'D' || type == 'd';
  }

  /// A RowDescription's number of columns; throws [WireViolation] if it is malformed.
  public static int describedColumns(byte[] body) {
    Slice slice = new Slice(body, 0, body.length);
    int count = slice.count16();
    for (int i = 0; i < count; i++) {
      slice.untilNul();
      slice.skip(18);
    }
    slice.done();
    return count;
  }

  /// The result that now begins has so many columns.
  public void expect(int count) {
    columns = count;
  }

  /// The result is over.
  public void forget() {
    columns = UNKNOWN;
  }

  public boolean knowsColumns() {
    return columns != UNKNOWN;
  }

  /// A row of so many bytes begins.
  void begin(int length) {
    left = length;
    begin(RowPart.COUNT, 2);
  }

  private void begin(RowPart next, int bytes) {
    part = next;
    bytesLeft = bytes;
    number = 0;
  }

  /// The next bytes of the row.
  void take(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      switch (part) {
        case COUNT, LENGTH -> number = (number << 8) | (bytes[at] & 0xff);
        case VALUE -> {}
        case END -> throw new WireViolation("a row from the database is longer than its values");
      }
      int taken = part == RowPart.VALUE ? Math.min(bytesLeft, to - at) : 1;
      at += taken;
      bytesLeft -= taken;
      if (bytesLeft == 0) {
        goOn();
      }
    }
    left -= to - from;
    if (left == 0 && part != RowPart.END) {
      throw new WireViolation("a row from the database ends before its values do");
    }
  }

  private void goOn() {
    switch (part) {
      case COUNT -> {
        requireColumns(number);
        valuesLeft = number;
        nextValue();
      }
      case LENGTH -> {
        if (number < -1) {
          throw new WireViolation("a row from the database has a value of negative length");
        }
        if (number > 0) {
          int length = number;
          begin(RowPart.VALUE, length);
        } else {
          nextValue();
        }
      }
      case VALUE -> nextValue();
      case END -> throw new IllegalStateException("nothing goes on after the end");
    }
  }

  private void nextValue() {
    if (valuesLeft == 0) {
      part = RowPart.END;
    } else {
      valuesLeft--;
      begin(RowPart.LENGTH, 4);
    }
  }

  private void requireColumns(int count) {
    if (knowsColumns() && count != columns) {
      throw new WireViolation(
          "a row of %d columns from the database, not %d".formatted(count, columns));
    }
    columns = count;
  }
}
