package org.openlockbox.server.export;

import java.util.List;

/// The way to one sink. A delivery ends within 30 seconds, one way or another.
public interface Channel extends AutoCloseable {
  /// Tells the sink these events, in this order.
  Delivery tell(List<Event> events);

  @Override
  void close();
}
