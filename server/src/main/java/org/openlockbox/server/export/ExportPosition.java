package org.openlockbox.server.export;

import java.util.regex.Pattern;

/// Where an event stands in a tenant's export: at a log entry, or right after it where the entry
/// completes a request's closing record. What comes after a position never changes, so a reader
/// that keeps the last one it has goes on from there.
public record ExportPosition(long index, boolean closing) implements Comparable<ExportPosition> {
  /// Before the first entry.
  public static final ExportPosition START = new ExportPosition(-1, true);

  private static final Pattern SHAPE = Pattern.compile("(0|[1-9][0-9]{0,14})(\\.closing)?");

  /// Reads what [#toString] writes.
  public static ExportPosition parse(String text) {
    var match = SHAPE.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("a position is an index, or an index and '.closing'");
    }
    return new ExportPosition(Long.parseLong(match.group(1)), match.group(2) != null);
  }

  @Override
  public int compareTo(ExportPosition other) {
    return index == other.index
        ? Boolean.compare(closing, other.closing)
        : Long.compare(index, other.index);
  }

  @Override
  public String toString() {
    return index + (closing ? ".closing" : "");
  }
}
