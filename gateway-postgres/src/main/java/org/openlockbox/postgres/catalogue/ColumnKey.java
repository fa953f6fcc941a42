package org.openlockbox.postgres.catalogue;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How PostgreSQL decides which values of a column are equal, and whether two rows can have equal
/// ones. Read from the catalogs: two columns of one [#operand] are compared by the very operator
/// that the btree indexes on them use.
///
/// @param operand the type whose equality compares these values, domains taken off: one of
///   PostgreSQL's own, an enum, or `citext`; empty for other types of extensions and of the
///   application, for lists and ranges
/// @param equality that equality's operator, as a view writes it
/// @param collation the column's collation, qualified; empty for types without one
/// @param deterministic whether only equal bytes are equal texts
/// @param proof what shows that equal values of this column alone are of one row
/// @param indexes the unique indexes on the whole of the table of which the column is a part, and
///   which compare it as it does: each with the number of its parts behind a colon
/// @param ownCast whether a text becomes such a value by a cast that somebody made here
public record ColumnKey(
    Optional<String> operand,
    String equality,
    Optional<String> collation,
    boolean deterministic,
    boolean ownCast,
    Proof proof,
    Set<String> indexes) {

  private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

  /// What shows that equal values are of one row.
  public enum Proof {
    /// A unique index that compares as the column does, on the whole of the table.
    UNIQUE,
    /// A unique index, but with another collation or operator class than the column compares by.
    OTHER,
    /// A unique index, but tables that inherit have rows beside it.
    INHERITED,
    /// None.
    NONE;

    public static Proof of(@Nullable String word) {
      return switch (word) {
        case "unique" -> UNIQUE;
        case "other" -> OTHER;
        case "inherited" -> INHERITED;
        case null, default -> NONE;
      };
    }
  }

  public ColumnKey {
    indexes = Set.copyOf(indexes);
  }

  /// Whether no two rows have equal values in all of these columns, each of which is given once: a
  /// unique index has no other part.
  public static boolean areUnique(Collection<ColumnKey> columns) {
    return columns.stream()
        .flatMap(column -> column.indexes.stream())
        .collect(Collectors.groupingBy(index -> index, Collectors.counting()))
        .entrySet()
        .stream()
        .anyMatch(index -> index.getKey().endsWith(":" + index.getValue()));
  }

  /// Whether equality with a value of the other column is the equality of both columns' indexes:
  /// one type, or two integers, which PostgreSQL compares exactly and keeps in one operator family.
  public boolean isComparedAs(ColumnKey other) {
    return operand.isPresent()
        && (operand.equals(other.operand)
            || (INTEGERS.contains(operand.get())
                && other.operand.filter(INTEGERS::contains).isPresent()));
  }

  /// Whether PostgreSQL would not know by which collation to compare the two.
  public boolean isAtOddsWith(ColumnKey other) {
    return !collation.equals(other.collation);
  }
}
