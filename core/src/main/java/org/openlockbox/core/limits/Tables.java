package org.openlockbox.core.limits;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.SqlName;

/// Which tables of a resource may be reached: those named, or every table of its catalogue.
///
/// `all` is never written out: an absent member means it. A list is sorted and free of doubles. A
/// name is a [SqlName], with its schema or without.
public record Tables(boolean isAll, List<String> names) {
  /// Every table that the catalogue lists.
  public static final Tables ALL = new Tables(true, List.of());

  /// The most names one request may list.
  public static final int MOST = 200;

  public Tables {
    names = List.copyOf(new TreeSet<>(names));
    if (isAll != names.isEmpty()) {
      throw new IllegalArgumentException("tables are either all, or at least one name");
    }
    if (names.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " tables: " + names.size());
    }
    for (String name : names) {
      if (!SqlName.isOfDocument(name)) {
        throw new IllegalArgumentException(
            "not a table name: %s. Write it as PostgreSQL does: tickets, crm.tickets, \"Tenant\""
                .formatted(name));
      }
    }
  }

  /// Exactly these tables; at least one.
  public static Tables of(Collection<String> names) {
    return new Tables(false, List.copyOf(names));
  }

  /// The names among words of ours.
  public String line() {
    return names.stream().map(SqlName::shown).collect(Collectors.joining(", "));
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
