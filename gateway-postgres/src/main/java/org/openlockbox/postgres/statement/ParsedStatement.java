package org.openlockbox.postgres.statement;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;

/// What became of the attempt to understand an SQL text.
sealed interface ParsedStatement {
  /// PostgreSQL reads it as these statements, in this order; none if it is empty.
  ///
  /// @param instead what is sent in its place where the catalogs are closed, if that differs
  record Understood(List<SqlStatement> statements, Optional<Bytes> instead)
      implements ParsedStatement {
    public Understood {
      statements = List.copyOf(statements);
    }
  }

  /// PostgreSQL's grammar does not accept it, and says why; a newer one might.
  record Malformed(String message) implements ParsedStatement {}

  /// Nobody knows what it is; where it must be known, it does not pass.
  record NotUnderstood(String why) implements ParsedStatement {}
}
