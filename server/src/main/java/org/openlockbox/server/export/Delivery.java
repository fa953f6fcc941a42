package org.openlockbox.server.export;

/// What came of telling a sink some events.
public sealed interface Delivery {
  /// The sink has all of them.
  record Delivered() implements Delivery {}

  /// Nobody knows whether the sink has them; it will be told again.
  record Unreachable(String why) implements Delivery {}

  /// The sink answers and does not want these events as they are.
  record Refused(String why) implements Delivery {}
}
