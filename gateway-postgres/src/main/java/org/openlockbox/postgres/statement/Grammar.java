package org.openlockbox.postgres.statement;

import org.openlockbox.core.canonical.Bytes;

/// PostgreSQL's grammar, wherever it runs.
public interface Grammar extends AutoCloseable {
  /// What the grammar makes of an SQL text. Answers within a bounded time, whatever the text is.
  Answer read(Bytes sql);

  /// Whether it is there at all.
  boolean isThere();

  @Override
  void close();

  /// What a grammar answers.
  sealed interface Answer {
    /// The parse trees, in JSON.
    record Trees(Bytes json) implements Answer {}

    /// PostgreSQL would not understand it either, or only a newer one.
    record Rejected(String message) implements Answer {}

    /// Nobody knows: the text was too much for it, or nobody was there to ask.
    record Failed(String why) implements Answer {}
  }

  /// A host without the program.
  static Grammar missing() {
    return new Grammar() {
      @Override
      public Answer read(Bytes sql) {
        return new Answer.Failed("this gateway cannot read statements");
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
