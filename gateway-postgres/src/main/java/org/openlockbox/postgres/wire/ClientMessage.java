package org.openlockbox.postgres.wire;

import org.openlockbox.core.canonical.Bytes;

/// What a client may say in a session, as far as the gateway looks into it. Messages that it does
/// not know are refused by [ClientMessages#parse].
public sealed interface ClientMessage {
  /// Simple query: SQL text, one or more statements.
  record Query(Bytes sql) implements ClientMessage {}

  /// Parse; `namesTypes` if it declares a parameter of a type whose values are read as names of
  /// types ([ClientMessages#namesTypes]).
  record Parse(String statement, Bytes sql, boolean namesTypes) implements ClientMessage {}

  /// Bind, with the number of parameters and their bytes as sent (formats and values).
  record Bind(String portal, String statement, int parameters, Bytes values)
      implements ClientMessage {}

  /// Describe of a prepared statement (`S`) or portal (`P`).
  record Describe(char kind, String name) implements ClientMessage {}

  record Execute(String portal) implements ClientMessage {}

  /// Close of a prepared statement (`S`) or portal (`P`).
  record Close(char kind, String name) implements ClientMessage {}

  /// A function by its number, without any SQL text. None is passed on.
  record FunctionCall(int function) implements ClientMessage {}

  record Sync() implements ClientMessage {}

  record Flush() implements ClientMessage {}

  record Terminate() implements ClientMessage {}

  /// CopyData; its payload lies in the buffer.
  record CopyData() implements ClientMessage {}

  record CopyDone() implements ClientMessage {}

  record CopyFail() implements ClientMessage {}
}
