package org.openlockbox.e2e.crash;

/// An engineer's program that reads through the gateway.
sealed interface Reader permits HttpReader, JdbcReader, PsqlReader {
  String tenant();

  Markers markers();

  /// Reads until the markers are stopped; whenever the connection breaks, connects again.
  void run();
}
