package org.openlockbox.core.limits;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Which tables of a resource may be reached: those named, or every table of its catalogue.
///
/// `all` is never written out: an absent member means it. A list is sorted and free of doubles.
public record Tables(boolean isAll, List<String> names) {
  /// Every table that the catalogue lists.
  public static final Tables ALL = new Tables(true, List.of());

  /// The most names one request may list.
  public static final int MOST = 200;

  private static final Pattern SHAPE = Pattern.compile("[a-z_][a-z0-9_.$]{0,126}");

  public Tables {
    names = List.copyOf(new TreeSet<>(names));
    if (isAll != names.isEmpty()) {
      throw new IllegalArgumentException("tables are either all, or at least one name");
    }
    if (names.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " tables: " + names.size());
    }
    for (String name : names) {
      if (!SHAPE.matcher(name).matches()) {
        throw new IllegalArgumentException("not a table name: " + name);
      }
    }
  }

  /// Exactly these tables; at least one.
  public static Tables of(Collection<String> names) {
    return new Tables(false, List.copyOf(names));
  }

  public boolean contains(String name) {
    return isAll || names.contains(name);
  }

  public boolean isWiderThan(Tables other) {
    return !other.isAll && (isAll || !other.names.containsAll(names));
  }

  /// Whether no table is in both.
  public boolean excludes(Tables other) {
    return !isAll && !other.isAll && names.stream().noneMatch(other.names::contains);
  }

  /// The tables in both, which must not exclude each other.
  public Tables narrower(Tables other) {
    if (isAll) {
      return other;
    }
    return other.isAll ? this : of(names.stream().filter(other.names::contains).toList());
  }
}
