package org.openlockbox.postgres.statement;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.statement.SqlStatement.QualifiedName;
import org.openlockbox.postgres.statement.SqlStatement.Setting;

/// The guarded profile: whether a statement passes, given what it was understood to be. Whatever is
/// not listed does not pass. It is the second line of defence. The fence, the database's own
/// grants, is the first, and holds without it.
final class Guard {
  private static final String FENCE = "lb_";

  private final GuardedLists lists;
  private final Set<String> lookups;

  Guard() {
    this(GuardedLists.load(), Set.of());
  }

  private Guard(GuardedLists lists, Set<String> lookups) {
    this.lists = lists;
    this.lookups = Set.copyOf(lookups);
  }

  /// The same for a resource whose fence has these functions for masked values.
  Guard with(Set<String> lookups) {
    return lookups.isEmpty() ? this : new Guard(lists, lookups);
  }

  /// Why it does not pass at this level; empty if it passes.
  Optional<StatementRefusal> refusal(ParsedStatement understanding, Level level) {
    return switch (understanding) {
      case ParsedStatement.Malformed(String message) ->
          Optional.of(StatementRefusal.malformed(message));
      case ParsedStatement.NotUnderstood(String why) ->
          Optional.of(StatementRefusal.unreadable(why));
      case ParsedStatement.Understood(List<SqlStatement> statements, _) ->
          statements.stream().flatMap(s -> refusal(s, level).stream()).findFirst();
    };
  }

  /// A function's name, if it is listed at any level.
  Optional<String> listed(QualifiedName function) {
    return isLookup(function) ? Optional.of(function.name()) : lists.listed(function);
  }

  private boolean isLookup(QualifiedName function) {
    return lookups.contains(function.name())
        && function.schema().filter(schema -> !schema.startsWith(FENCE)).isEmpty();
  }

  private Optional<StatementRefusal> refusal(SqlStatement statement, Level level) {
    for (StatementClass is : statement.classes()) {
      if (is.least().isEmpty()) {
        return Optional.of(StatementRefusal.of("class", is.spoken() + " is not allowed here"));
      }
      if (is.least().get().isWiderThan(level)) {
        return Optional.of(StatementRefusal.ofLevel(is, level, is.least().get()));
      }
    }
    return statement
        .unstoppable()
        .map(StatementRefusal::unstoppable)
        .or(() -> function(statement, level))
        .or(() -> setting(statement))
        .or(() -> catalog(statement))
        .or(
            () ->
                statement.oddities().stream()
                    .findFirst()
                    .map(odd -> StatementRefusal.of("construct", odd + " is not allowed here")));
  }

  private Optional<StatementRefusal> function(SqlStatement statement, Level level) {
    for (QualifiedName function : statement.functions()) {
      if (!isLookup(function) && !lists.lists(function, level == Level.WRITE)) {
        return Optional.of(
            StatementRefusal.of("function", "the function " + function + " is not allowed here"));
      }
    }
    return Optional.empty();
  }

  private Optional<StatementRefusal> setting(SqlStatement statement) {
    for (Setting setting : statement.settings()) {
      if (!lists.lists(setting)) {
        return Optional.of(
            StatementRefusal.of(
                "setting", "the setting %s must not be changed so".formatted(setting.name())));
      }
    }
    return Optional.empty();
  }

  /// PostgreSQL takes a change of `pg_settings` for SET.
  private static Optional<StatementRefusal> catalog(SqlStatement statement) {
    return statement.writes().stream()
        .filter(QualifiedName::isOfCatalog)
        .findFirst()
        .map(
            name ->
                StatementRefusal.of(
                    "setting", "the catalog %s must not be changed".formatted(name)));
  }
}
