package org.openlockbox.postgres.statement;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.operation.CalledFunctions;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.postgres.catalogue.ResourceSpec.Catalogs;
import org.openlockbox.postgres.statement.SqlStatement.QualifiedName;

/// Judges the statements of one session, before they are recorded and passed on.
public final class StatementFilter {
  private static final int MOST_CLASSES = 16;
  private static final int MOST_TABLES = 100;
  private static final int MOST_FUNCTIONS = 50;
  private static final String INFORMATION_SCHEMA = "information_schema";

  private final StatementReader reader;
  private final Guard guard;
  private final Profile profile;
  private final Level level;
  private final Map<String, String> tables;
  private final Catalogs catalogs;

  /// @param tables the names of the tables in the resource's catalogue; no other name of a relation
  ///   is recorded
  /// @param catalogs where they are closed, what a text reads of them is what is the session's own
  StatementFilter(
      StatementReader reader,
      Guard guard,
      Profile profile,
      Level level,
      Set<String> tables,
      Catalogs catalogs) {
    this.reader = reader;
    this.guard = guard;
    this.profile = profile;
    this.level = level;
    this.tables = tables.stream().collect(Collectors.toUnmodifiableMap(name -> name, SqlName::of));
    this.catalogs = catalogs;
  }

  /// Whether judging it takes next to no time, wherever that is done.
  public boolean isQuick(Bytes sql) {
    return reader.isQuick(sql);
  }

  /// May take as long as the reader's limit for a long text, and microseconds for what was read
  /// lately.
  public FilterResult judge(Bytes sql) {
    ParsedStatement understanding = reader.understand(sql);
    SqlFacts facts = facts(understanding);
    return refusal(understanding, sql)
        .map(why -> FilterResult.refusing(facts, why))
        .orElseGet(
            () ->
                new FilterResult(
                    facts,
                    Optional.empty(),
                    instead(understanding),
                    shortValues(understanding),
                    names(understanding),
                    !isOne(understanding)));
  }

  private static boolean isOne(ParsedStatement understanding) {
    return understanding instanceof ParsedStatement.Understood(List<SqlStatement> statements, _)
        && statements.size() <= 1;
  }

  private Optional<StatementRefusal> refusal(ParsedStatement understanding, Bytes sql) {
    return DumpDetector.in(sql)
        .or(() -> DeniedStatements.in(understanding, level))
        .or(() -> isGuarded() ? guard.refusal(understanding, level) : Optional.empty())
        .or(
            () ->
                maySet()
                    ? DeniedStatements.perhapsIn(understanding, sql, level)
                    : Optional.empty());
  }

  private static SqlNames names(ParsedStatement understanding) {
    return understanding instanceof ParsedStatement.Understood(List<SqlStatement> statements, _)
        ? SqlNames.of(statements)
        : SqlNames.NONE;
  }

  private boolean shortValues(ParsedStatement understanding) {
    return isGuarded()
        && understanding instanceof ParsedStatement.Understood(List<SqlStatement> statements, _)
        && statements.stream().anyMatch(SqlStatement::shortValues);
  }

  public boolean isGuarded() {
    return profile == Profile.GUARDED;
  }

  /// Whether it may be able to change how the database reads its texts.
  private boolean maySet() {
    return !isGuarded() || level == Level.WRITE;
  }

  private Optional<Bytes> instead(ParsedStatement understanding) {
    return switch (catalogs) {
      case OPEN -> Optional.empty();
      case CLOSED ->
          understanding instanceof ParsedStatement.Understood understood
              ? understood.instead()
              : Optional.empty();
    };
  }

  private SqlFacts facts(ParsedStatement understanding) {
    return switch (understanding) {
      case ParsedStatement.Malformed _, ParsedStatement.NotUnderstood _ ->
          SqlFacts.of(SqlFacts.UNKNOWN);
      case ParsedStatement.Understood(List<SqlStatement> statements, _) -> facts(statements);
    };
  }

  private SqlFacts facts(List<SqlStatement> statements) {
    if (statements.isEmpty()) {
      return SqlFacts.of(StatementClass.EMPTY.word());
    }
    Set<String> classes = new LinkedHashSet<>();
    Set<String> columns = new TreeSet<>();
    Relations relations = new Relations();
    for (SqlStatement statement : statements) {
      statement.classes().forEach(is -> classes.add(is.word()));
      columns.addAll(statement.columns());
      statement.reads().forEach(name -> relations.add(name, statement, relations.reads));
      statement.writes().forEach(name -> relations.add(name, statement, relations.writes));
    }
    return new SqlFacts(
        classes.stream().limit(MOST_CLASSES).toList(),
        columns.size(),
        called(statements),
        relations.reads,
        relations.writes,
        relations.others.size());
  }

  /// The functions of a text: those that are listed by name, the others by their number.
  private CalledFunctions called(List<SqlStatement> statements) {
    var named = new TreeSet<String>();
    Set<QualifiedName> others = new HashSet<>();
    for (SqlStatement statement : statements) {
      for (QualifiedName function : statement.functions()) {
        guard
            .listed(function)
            .filter(name -> named.contains(name) || named.size() < MOST_FUNCTIONS)
            .ifPresentOrElse(named::add, () -> others.add(function));
      }
    }
    return new CalledFunctions(named, others.size());
  }

  /// The relations of a text: those of the catalogue by name, the others by their number.
  private final class Relations {
    private final SortedSet<String> reads = new TreeSet<>();
    private final SortedSet<String> writes = new TreeSet<>();
    private final Set<QualifiedName> others = new LinkedHashSet<>();

    void add(QualifiedName name, SqlStatement statement, SortedSet<String> named) {
      Optional<String> word = word(name);
      if (word.isPresent() && named.size() < MOST_TABLES) {
        named.add(word.get());
      } else if (name.schema().isPresent() || !statement.commonAlone().contains(name.name())) {
        others.add(name);
      }
    }

    private Optional<String> word(QualifiedName name) {
      String schema = name.schema().orElse("");
      boolean own = schema.isEmpty() || schema.startsWith("lb_");
      String listed = own ? tables.get(name.name()) : null;
      if (listed != null) {
        return Optional.of(listed);
      }
      if (name.isOfCatalog()) {
        return Optional.of(QualifiedName.CATALOG);
      }
      return schema.equals(INFORMATION_SCHEMA) ? Optional.of(schema) : Optional.empty();
    }
  }
}
