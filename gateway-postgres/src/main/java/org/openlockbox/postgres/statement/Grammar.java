package org.openlockbox.postgres.statement;

import org.openlockbox.core.canonical.Bytes;

/// PostgreSQL's grammar, wherever it runs.
interface Grammar extends AutoCloseable {
  /// What the grammar makes of an SQL text. Answers within a bounded time, whatever the text is.
  ParseResult read(Bytes sql);

  /// Whether it is there at all.
  boolean isThere();

  @Override
  void close();

  /// What a grammar answers.
  sealed interface ParseResult {
    /// The parse trees, in JSON.
    record ParseTrees(Bytes json) implements ParseResult {}

    /// PostgreSQL would not understand it either, or only a newer one.
    record SyntaxError(String message) implements ParseResult {}

    /// Nobody knows: the text was too much for it, or nobody was there to ask.
    record NotParsed(String why) implements ParseResult {}
  }

  /// A host without the program.
  static Grammar missing() {
    return new Grammar() {
      @Override
      public ParseResult read(Bytes sql) {
        return new ParseResult.NotParsed("this gateway cannot read statements");
      }

      @Override
      public boolean isThere() {
        return false;
      }

      @Override
      public void close() {}
    };
  }
}
