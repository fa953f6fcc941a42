package org.openlockbox.e2e.crash;

import java.util.Set;

/// An engineer's program that reads through the gateway. Each statement carries a marker of its
/// own, which is also in its result: a marker that came back is a result that was released.
sealed interface Reader permits JdbcReader, PsqlReader {
  String tenant();

  /// Begins a round, which gives its name to the round's markers.
  void begin(String round);

  /// Reads until stopped; whenever the connection breaks, connects again.
  void run();

  void stop();

  /// Markers of this round that came back.
  Set<String> received();
}
