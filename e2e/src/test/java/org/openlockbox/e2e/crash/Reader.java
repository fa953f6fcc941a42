package org.openlockbox.e2e.crash;

import java.util.Set;

/// An engineer's program that reads through the gateway. Each operation carries a marker of its
/// own: a marker whose result came back is one that was released.
sealed interface Reader permits HttpReader, JdbcReader, PsqlReader {
  String tenant();

  /// Begins a round, which gives its name to the round's markers.
  void begin(String round);

  /// Reads until stopped; whenever the connection breaks, connects again.
  void run();

  void stop();

  /// Whether something was asked whose end did not come.
  boolean isUnderWay();

  /// Markers of this round that came back.
  Set<String> received();
}
