package org.openlockbox.gateway.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.statement.Judgement;

/// One client message that the server will answer.
final class Step {
  enum Kind {
    PARSE,
    BIND,
    CLOSE,
    DESCRIBE,
    EXECUTE,
    QUERY,
    SYNC
  }

  static final long UNRECORDED = -1;

  final Kind kind;
  final boolean portal;
  final String name;

  /// True for an Execute or Query whose text could make or drop names by itself.
  final boolean renames;

  private final @Nullable Bytes text;
  private Bytes values = Bytes.empty();
  private Judgement judgement = Judging.MADE_IN_SQL;
  private long recorded;

  Step(Kind kind, boolean portal, String name, @Nullable Bytes text, boolean renames) {
    this.kind = kind;
    this.portal = portal;
    this.name = name;
    this.text = text;
    this.renames = renames;
    this.recorded = UNRECORDED;
  }

  Optional<Bytes> text() {
    return Optional.ofNullable(text);
  }

  /// What was said about the text that it brings.
  Judgement judgement() {
    return judgement;
  }

  Step judged(Judgement said) {
    judgement = said;
    return this;
  }

  /// The values that a Bind gives its portal, as they are recorded.
  Bytes values() {
    return values;
  }

  void values(Bytes bound) {
    values = bound;
  }

  /// Number of its `statement` entry in the session, or [#UNRECORDED].
  long recorded() {
    return recorded;
  }

  void recordedAs(long number) {
    recorded = number;
  }

  boolean defines(boolean ofPortal, String wanted) {
    Kind maker = ofPortal ? Kind.BIND : Kind.PARSE;
    return (kind == maker || kind == Kind.CLOSE) && portal == ofPortal && name.equals(wanted);
  }
}
