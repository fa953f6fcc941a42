package org.openlockbox.server.export;

/// What came of telling a sink some events.
sealed interface SinkDelivery {
  /// The sink has all of them.
  record Delivered() implements SinkDelivery {}

  /// Nobody knows whether the sink has them; it will be told again.
  record SinkUnreachable(String why) implements SinkDelivery {}

  /// The sink answers and does not want these events as they are.
  record SinkRefusal(String why) implements SinkDelivery {}
}
