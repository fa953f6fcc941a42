package org.openlockbox.postgres.personal;

import java.util.Comparator;
import java.util.List;

/// How well the name of a table fits what a column names: `user_groups` fits `group_id`. The best
/// fit is the smallest.
///
/// @param apart how many words of the two stand before or behind what they have in common
public record TableNameFit(Part part, int apart) implements Comparable<TableNameFit> {
  /// What of a table's name the column says, from the best fit to none.
  public enum Part {
    /// `group_id`, `groups`.
    WHOLE,
    /// `group_id`, `keycloak_group`.
    END,
    /// `group_id`, `group_of_users`.
    BEGINNING,
    /// `parent_group_id`, `keycloak_group`: the last words are the same.
    COMMON_END,
    NOTHING
  }

  private static final Comparator<TableNameFit> CLOSEST =
      Comparator.comparing(TableNameFit::part).thenComparingInt(TableNameFit::apart);

  /// How a column's name fits a table's.
  ///
  /// @param named what the column names, in words: `group` of `group_id`
  /// @param table the table's name
  public static TableNameFit of(String named, String table) {
    List<String> stem = NameWords.of(named).singulars();
    List<String> row = NameWords.of(table).row();
    int end = commonEnd(stem, row);
    boolean begins = row.size() > stem.size() && row.subList(0, stem.size()).equals(stem);
    Part part = end == stem.size() ? whole(end == row.size()) : lesser(begins, end);
    int common = part == Part.BEGINNING ? stem.size() : end;
    return new TableNameFit(part, stem.size() + row.size() - 2 * common);
  }

  private static Part whole(boolean alone) {
    return alone ? Part.WHOLE : Part.END;
  }

  private static Part lesser(boolean begins, int end) {
    return begins ? Part.BEGINNING : end > 0 ? Part.COMMON_END : Part.NOTHING;
  }

  private static int commonEnd(List<String> one, List<String> other) {
    int common = 0;
    while (common < Math.min(one.size(), other.size())
        && one.get(one.size() - 1 - common).equals(other.get(other.size() - 1 - common))) {
      common++;
    }
    return common;
  }

  @Override
  public int compareTo(TableNameFit other) {
    return CLOSEST.compare(this, other);
  }
}
