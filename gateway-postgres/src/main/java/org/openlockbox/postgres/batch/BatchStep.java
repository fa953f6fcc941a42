package org.openlockbox.postgres.batch;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.statement.FilterResult;
import org.openlockbox.postgres.statement.SqlNames;

/// One client message that the server will answer, or one of the gateway's own ([#hidden]).
public final class BatchStep {
  public enum StepKind {
    PARSE,
    BIND,
    CLOSE,
    DESCRIBE,
    EXECUTE,
    QUERY,
    SYNC
  }

  /// What has come of the server's answer, of which more is to come. A `Describe` of a statement
  /// goes from `NOTHING` to `PARAMETERS`, a simple query from `NOTHING` to `COMMAND` or `EMPTY`; no
  /// other kind has an answer in parts.
  private enum ReplyProgress {
    NOTHING,
    PARAMETERS,
    COMMAND,

    /// It held nothing to run.
    EMPTY
  }

  /// About what one takes in memory beside its texts.
  static final long WEIGHT = 256;

  private final StepKind kind;
  private final boolean portal;
  private final String name;

  private final boolean renames;

  private final @Nullable NamedStatement meaning;
  private Bytes values = Bytes.empty();
  private FilterResult judgement = AsyncFilter.MADE_IN_SQL;
  private Bytes text = Bytes.empty();
  private final boolean hidden;
  private ReplyProgress answer = ReplyProgress.NOTHING;
  private SessionRecord.@Nullable RecordedOperation recorded;

  BatchStep(
      StepKind kind,
      boolean portal,
      String name,
      @Nullable NamedStatement meaning,
      boolean renames) {
    this(kind, portal, name, meaning, renames, false);
  }

  private BatchStep(
      StepKind kind,
      boolean portal,
      String name,
      @Nullable NamedStatement meaning,
      boolean renames,
      boolean hidden) {
    this.kind = kind;
    this.portal = portal;
    this.name = name;
    this.meaning = meaning;
    this.renames = renames;
    this.hidden = hidden;
  }

  public StepKind kind() {
    return kind;
  }

  boolean isOfPortal() {
    return portal;
  }

  String name() {
    return name;
  }

  /// True for an Execute or Query whose text could make or drop names by itself.
  boolean renames() {
    return renames;
  }

  /// What the name stands for from here on, or what is executed.
  public Optional<NamedStatement> meaning() {
    return Optional.ofNullable(meaning);
  }

  /// What was said about the text that it brings.
  public FilterResult judgement() {
    return judgement;
  }

  public BatchStep judged(FilterResult said) {
    judgement = said;
    return this;
  }

  /// A simple query with its text.
  public BatchStep with(Bytes sql) {
    text = sql;
    return this;
  }

  /// The text of a query, or that which is parsed or executed.
  public Bytes text() {
    return meaning().map(NamedStatement::text).orElse(text);
  }

  /// What its text does with names.
  SqlNames names() {
    return meaning().map(NamedStatement::names).orElse(judgement.names());
  }

  /// Whether nobody knows what its text does.
  boolean isUnknown() {
    return meaning().map(NamedStatement::facts).orElse(judgement.facts()).isUnknown();
  }

  /// The values that a Bind gives its portal, as they are recorded.
  Bytes values() {
    return values;
  }

  BatchStep values(Bytes bound) {
    values = bound;
    return this;
  }

  /// What it holds by itself: the text that it brings, and the values of its portal.
  Stream<Bytes> texts() {
    Stream<Bytes> brought =
        kind == StepKind.PARSE ? meaning().stream().map(NamedStatement::text) : Stream.of();
    return Stream.concat(brought, Stream.of(values));
  }

  /// A Close that no client sent, and of whose answer none hears.
  static BatchStep hiddenClose(boolean portal, String name) {
    return new BatchStep(StepKind.CLOSE, portal, name, null, false, true);
  }

  public boolean isHidden() {
    return hidden;
  }

  /// A command of a simple query is complete, or the query turns out to hold nothing to run.
  void commandAnswered(boolean empty) {
    answer = empty || answer == ReplyProgress.EMPTY ? ReplyProgress.EMPTY : ReplyProgress.COMMAND;
  }

  /// Whether a simple query may be over.
  boolean isAnswered() {
    return switch (answer) {
      case COMMAND, EMPTY -> true;
      case NOTHING, PARAMETERS -> false;
    };
  }

  boolean wasEmpty() {
    return answer == ReplyProgress.EMPTY;
  }

  /// Whether it asks for the parameters of a statement, of which none have come yet.
  boolean awaitsParameters() {
    return kind == StepKind.DESCRIBE && !portal && answer == ReplyProgress.NOTHING;
  }

  void hasParameters() {
    answer = ReplyProgress.PARAMETERS;
  }

  /// Its `statement` entry; empty as long as there is none.
  public Optional<SessionRecord.RecordedOperation> recorded() {
    return Optional.ofNullable(recorded);
  }

  public void recordedAs(SessionRecord.RecordedOperation entry) {
    recorded = entry;
  }

  /// Whether it runs a statement.
  boolean runs() {
    return kind == StepKind.EXECUTE || kind == StepKind.QUERY;
  }

  /// Whether it may run more than one statement.
  boolean runsSeveral() {
    return kind == StepKind.QUERY && judgement.several();
  }

  /// Whether it changes what its name stands for.
  boolean defines() {
    return kind == StepKind.PARSE || kind == StepKind.BIND || kind == StepKind.CLOSE;
  }

  /// Whether it may change what any name stands for.
  boolean mayDefineAny() {
    return renames || kind == StepKind.QUERY;
  }
}
