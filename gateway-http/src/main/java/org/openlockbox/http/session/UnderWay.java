package org.openlockbox.http.session;

/// A request that has not been answered in full.
public interface UnderWay {
  /// Stops what it does at the upstream. Never waits.
  void abort();
}
