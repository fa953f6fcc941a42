package org.openlockbox.e2e.crash;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What one reader asked and received in a round: each operation carries a marker of its own, and a
/// marker whose result came back is one that was released.
final class Markers {
  private final String reader;
  private final Set<String> received = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;
  private volatile boolean underWay;
  private String round = "";
  private int number;

  Markers(String reader) {
    this.reader = reader;
  }

  void begin(String name) {
    round = name;
    received.clear();
    underWay = false;
    stopped = false;
  }

  String next() {
    return "%s-%s-%d".formatted(round, reader, number++);
  }

  void received(String marker) {
    received.add(marker);
  }

  Set<String> received() {
    return Set.copyOf(received);
  }

  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /// Something is asked now, or its end came.
  void underWay(boolean now) {
    underWay = now;
  }

  boolean isUnderWay() {
    return underWay;
  }
}
