package org.openlockbox.postgres.fence;

import static org.openlockbox.postgres.fence.Deviation.breaks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.schema.CatalogSnapshot;

/// A fence that is taken down while the application's own migration runs, and stands again
/// afterwards: views cannot stay while types change and columns go.
///
/// Between the two nobody sees anything: the views are gone, sessions have ended, and none opens.
/// Each way is one transaction; a crash within it leaves the state before it, and a crash of the
/// migration leaves the fence suspended. What the views showed is remembered, so that columns which
/// the migration adds stay unseen until somebody applies the plan.
///
/// | state | by | to |
/// |---|---|---|
/// | stands | the SQL of [#suspend] | suspended |
/// | suspended | the same | suspended, since the first time |
/// | suspended | the SQL of [FencePlan#resuming] | stands, with the columns from before |
/// | suspended | the SQL of [FencePlan#of] | stands, with all columns |
///
/// @param since when, as a text in UTC
/// @param shown what the views showed, as `view.column` in the words of [SqlName]
public record FenceSuspension(String since, String by, SortedSet<String> shown) {
  static final String KIND = "fence-suspended";

  public FenceSuspension {
    shown = Collections.unmodifiableSortedSet(new TreeSet<>(shown));
  }

  /// The SQL that suspends a fence.
  public static String suspend(ResourceSpec spec) {
    return FenceUndo.removal(
        "suspend.sql",
        spec,
        Map.of(
            "view_columns",
            CatalogSnapshot.sql("view-columns.sql").strip(),
            "drop_views",
            CatalogSnapshot.sql("drop-views.sql").strip()));
  }

  /// The suspension of a fence, as the gateway's role sees it; empty for one that stands, or is
  /// none, or is older than suspensions.
  public static Optional<FenceSuspension> read(Connection connection) throws SQLException {
    boolean known =
        CatalogSnapshot.rows(connection, "suspension-known.sql", rows -> rows.getBoolean(1))
            .getFirst();
    if (!known) {
      return Optional.empty();
    }
    record Line(String since, String by, String shown) {}
    List<Line> lines =
        CatalogSnapshot.rows(
            connection,
            "suspension.sql",
            rows -> new Line(rows.getString(1), rows.getString(2), rows.getString(3)));
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    var shown = new TreeSet<String>();
    lines.stream().map(Line::shown).filter(line -> !line.isEmpty()).forEach(shown::add);
    return Optional.of(new FenceSuspension(lines.getFirst().since(), lines.getFirst().by(), shown));
  }

  Deviation deviation(ResourceSpec spec) {
    return breaks(
        KIND,
        spec.id().value(),
        "The fence is suspended for a migration since %s (by %s): nobody sees anything."
            .formatted(since, by),
        "when the migration is over, apply the output of `lockbox resource resume %s`."
            .formatted(spec.id()));
  }
}
