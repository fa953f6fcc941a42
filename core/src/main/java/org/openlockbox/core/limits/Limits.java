package org.openlockbox.core.limits;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What bounds an access beside its level and its time. Approvers can only narrow each of these;
/// the gateway holds a session to all of them.
public record Limits(
    RowBudget rowBudget,
    ByteBudget byteBudget,
    Tables tables,
    Timeout statementTimeout,
    Timeout idleTimeout,
    Concurrency sessions,
    Hours hours,
    Profile profile,
    ExactStatements statements,
    SoftEnd softEnd) {
  /// More than anybody can ask for.
  public static final Limits WIDEST =
      new Limits(
          RowBudget.UNLIMITED,
          ByteBudget.UNLIMITED,
          Tables.ALL,
          Timeout.NONE,
          Timeout.NONE,
          Concurrency.UNLIMITED,
          Hours.ALWAYS,
          Profile.EXPERT,
          ExactStatements.ANY,
          SoftEnd.LONGEST);

  /// What holds where no limit is written: no bound, but only guarded statements and an end on
  /// time.
  public static final Limits UNWRITTEN =
      WIDEST.withProfile(Profile.GUARDED).withSoftEnd(SoftEnd.NONE);

  /// What is asked for by whoever says so: as a request always names how many sessions may be open
  /// at once, one that says nothing of them asks for [Concurrency#USUAL].
  public Limits asked() {
    return sessions.isUnlimited() ? withSessions(new Concurrency(Concurrency.USUAL)) : this;
  }

  /// In which of them this allows more than `other`.
  public Set<Limit> widerIn(Limits other) {
    var wider = EnumSet.noneOf(Limit.class);
    for (var limit : Limit.values()) {
      if (isWiderIn(limit, other)) {
        wider.add(limit);
      }
    }
    return wider;
  }

  private boolean isWiderIn(Limit limit, Limits other) {
    return switch (limit) {
      case ROW_BUDGET -> rowBudget.isWiderThan(other.rowBudget);
      case BYTE_BUDGET -> byteBudget.isWiderThan(other.byteBudget);
      case TABLES -> tables.isWiderThan(other.tables);
      case STATEMENT_TIMEOUT -> statementTimeout.isWiderThan(other.statementTimeout);
      case IDLE_TIMEOUT -> idleTimeout.isWiderThan(other.idleTimeout);
      case SESSIONS -> sessions.isWiderThan(other.sessions);
      case HOURS -> hours.isWiderThan(other.hours);
      case PROFILE -> profile.isWiderThan(other.profile);
      case STATEMENTS -> statements.isWiderThan(other.statements);
      case SOFT_END -> softEnd.isWiderThan(other.softEnd);
    };
  }

  public boolean isWiderThan(Limits other) {
    return !widerIn(other).isEmpty();
  }

  /// What both allow; empty if that is no table, or no statement.
  public Optional<Limits> narrower(Limits other) {
    if (tables.excludes(other.tables) || statements.excludes(other.statements)) {
      return Optional.empty();
    }
    return Optional.of(
        new Limits(
            rowBudget.narrower(other.rowBudget),
            byteBudget.narrower(other.byteBudget),
            tables.narrower(other.tables),
            statementTimeout.narrower(other.statementTimeout),
            idleTimeout.narrower(other.idleTimeout),
            sessions.narrower(other.sessions),
            hours.narrower(other.hours),
            profile.narrower(other.profile),
            statements.narrower(other.statements),
            softEnd.narrower(other.softEnd)));
  }

  /// These, where they take something away from [#WIDEST]; `asked` where they do not. Hours that
  /// are taken away are so on top of those asked.
  public Limits over(Limits asked) {
    return new Limits(
        rowBudget.isUnlimited() ? asked.rowBudget : rowBudget,
        byteBudget.isUnlimited() ? asked.byteBudget : byteBudget,
        tables.isAll() ? asked.tables : tables,
        statementTimeout.after().isEmpty() ? asked.statementTimeout : statementTimeout,
        idleTimeout.after().isEmpty() ? asked.idleTimeout : idleTimeout,
        sessions.isUnlimited() ? asked.sessions : sessions,
        hours.narrower(asked.hours),
        profile.narrower(asked.profile),
        statements.isAny() ? asked.statements : statements,
        softEnd.equals(SoftEnd.LONGEST) ? asked.softEnd : softEnd);
  }

  /// Each limit that is written, in plain words.
  public Map<Limit, String> words() {
    var words = new EnumMap<Limit, String>(Limit.class);
    for (var limit : UNWRITTEN.widerIn(this)) {
      words.put(limit, words(limit));
    }
    for (var limit : widerIn(UNWRITTEN)) {
      words.put(limit, words(limit));
    }
    return words;
  }

  private String words(Limit limit) {
    return switch (limit) {
      case ROW_BUDGET -> "at most " + rowBudget;
      case BYTE_BUDGET -> "at most " + byteBudget;
      case TABLES -> "only " + tables.line();
      case STATEMENT_TIMEOUT -> "each operation at most " + spoken(statementTimeout);
      case IDLE_TIMEOUT -> "ends after " + spoken(idleTimeout) + " without an operation";
      case SESSIONS -> "at most " + sessions;
      case HOURS -> "only " + String.join(" and ", hours.words());
      case PROFILE ->
          "EXPERT: statements are not judged; only the rights in the database limit them";
      case STATEMENTS -> "only %d texts, word for word".formatted(statements.commitments().size());
      case SOFT_END ->
          "an operation that runs at the end may take %s more".formatted(softEnd.grace());
    };
  }

  private static String spoken(Timeout timeout) {
    return timeout.after().map(Duration::toString).orElse("any time");
  }

  public Limits withRowBudget(RowBudget rows) {
    return changed(draft -> draft.rowBudget = rows);
  }

  public Limits withByteBudget(ByteBudget bytes) {
    return changed(draft -> draft.byteBudget = bytes);
  }

  public Limits withTables(Tables only) {
    return changed(draft -> draft.tables = only);
  }

  public Limits withStatementTimeout(Timeout timeout) {
    return changed(draft -> draft.statementTimeout = timeout);
  }

  public Limits withIdleTimeout(Timeout timeout) {
    return changed(draft -> draft.idleTimeout = timeout);
  }

  public Limits withSessions(Concurrency atOnce) {
    return changed(draft -> draft.sessions = atOnce);
  }

  public Limits withHours(Hours open) {
    return changed(draft -> draft.hours = open);
  }

  public Limits withProfile(Profile which) {
    return changed(draft -> draft.profile = which);
  }

  public Limits withStatements(ExactStatements exact) {
    return changed(draft -> draft.statements = exact);
  }

  public Limits withSoftEnd(SoftEnd end) {
    return changed(draft -> draft.softEnd = end);
  }

  private Limits changed(Consumer<LimitsBuilder> change) {
    var draft = new LimitsBuilder(this);
    change.accept(draft);
    return draft.limits();
  }

  /// Limits that are being changed.
  private static final class LimitsBuilder {
    private RowBudget rowBudget;
    private ByteBudget byteBudget;
    private Tables tables;
    private Timeout statementTimeout;
    private Timeout idleTimeout;
    private Concurrency sessions;
    private Hours hours;
    private Profile profile;
    private ExactStatements statements;
    private SoftEnd softEnd;

    LimitsBuilder(Limits from) {
      rowBudget = from.rowBudget;
      byteBudget = from.byteBudget;
      tables = from.tables;
      statementTimeout = from.statementTimeout;
      idleTimeout = from.idleTimeout;
      sessions = from.sessions;
      hours = from.hours;
      profile = from.profile;
      statements = from.statements;
      softEnd = from.softEnd;
    }

    Limits limits() {
      return new Limits(
          rowBudget,
          byteBudget,
          tables,
          statementTimeout,
          idleTimeout,
          sessions,
          hours,
          profile,
          statements,
          softEnd);
    }
  }
}
