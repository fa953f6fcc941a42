package org.openlockbox.node.logging;

/// How a node writes its log to standard error.
///
/// @param traces whether the stack trace of a failure is written whole, instead of its causes alone
public record LogSettings(LogFormat format, boolean traces) {
  /// What is meant where nothing is said.
  public static final LogSettings STANDARD = new LogSettings(LogFormat.TEXT, false);

  /// The form of one event.
  public enum LogFormat {
    /// A line for people.
    TEXT,

    /// A line of JSON, as the Elastic Common Schema names its members.
    ECS
  }
}
