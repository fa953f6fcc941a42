package org.openlockbox.postgres.batch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.postgres.statement.SqlNames;

/// Which statement of the session made each prepared statement and cursor, as far as that is
/// certain: the database has answered, and nothing came after it that may have changed the name.
/// What is not certain is not here, so that the record never names a wrong statement.
public final class NameOrigins {
  private static final int MOST = 500;
  private static final int LONGEST_TEXT = 2048;

  /// A statement of the session's record: its number, and its text unless that is long.
  record Origin(long number, Optional<Bytes> text) {}

  private final Map<String, Origin> statements = new HashMap<>();
  private final Map<String, Origin> cursors = new HashMap<>();

  Optional<Origin> of(boolean cursor, String name) {
    return Optional.ofNullable((cursor ? cursors : statements).get(name));
  }

  /// A Parse has made a prepared statement.
  void parsed(BatchStep step) {
    if (step.name().isEmpty()) {
      return;
    }
    statements.remove(step.name());
    step.recorded()
        .ifPresent(recorded -> add(statements, step.name(), recorded.number(), text(step)));
  }

  /// A Bind has made a portal, whatever a cursor of that name was.
  void bound(BatchStep step) {
    cursors.remove(step.name());
  }

  /// Cursors end with their transaction, but those WITH HOLD: the record then names no statement.
  void transactionEnded() {
    cursors.clear();
  }

  void closed(BatchStep step) {
    (step.isOfPortal() ? cursors : statements).remove(step.name());
  }

  /// A text has run, or failed: then nobody knows how far it came.
  void ran(BatchStep step, boolean completed) {
    SqlNames names = step.names();
    if (names.forgets() || (step.renames() && step.isUnknown())) {
      statements.clear();
      cursors.clear();
    }
    if (names.changesNothing()) {
      return;
    }
    ran(statements, names.statements(), step, completed);
    ran(cursors, names.cursors(), step, completed);
  }

  private static void ran(
      Map<String, Origin> origins, SqlNames.NameUse use, BatchStep step, boolean completed) {
    use.dropped().forEach(origins::remove);
    use.made().forEach(origins::remove);
    if (completed) {
      use.made().stream()
          .filter(name -> !use.dropped().contains(name))
          .forEach(
              name ->
                  step.recorded()
                      .ifPresent(recorded -> add(origins, name, recorded.number(), text(step))));
    }
  }

  private static void add(Map<String, Origin> origins, String name, long number, Bytes text) {
    if (origins.size() < MOST) {
      Optional<Bytes> kept =
          Optional.of(text).filter(t -> !t.isEmpty() && t.size() <= LONGEST_TEXT);
      origins.put(name, new Origin(number, kept));
    }
  }

  private static Bytes text(BatchStep step) {
    return step.text();
  }

  /// With the statement that made what a text executes by its name, if it is one name.
  public static SqlFacts traced(SqlFacts facts, SqlNames names, PreparedStatements now) {
    Set<String> prepared = names.statements().used();
    Set<String> cursors = names.cursors().used();
    if (prepared.size() + cursors.size() != 1 || !names.changesNothing()) {
      return facts;
    }
    boolean cursor = prepared.isEmpty();
    String name = (cursor ? cursors : prepared).iterator().next();
    return now.origin(cursor, name).map(origin -> facts.preparedBy(origin.number())).orElse(facts);
  }
}
