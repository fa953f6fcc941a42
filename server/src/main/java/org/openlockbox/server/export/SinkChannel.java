package org.openlockbox.server.export;

import java.util.List;

/// The way to one sink. A delivery ends within 30 seconds, one way or another.
interface SinkChannel extends AutoCloseable {
  /// Tells the sink these events, in this order.
  SinkDelivery tell(List<ExportEvent> events);

  @Override
  void close();
}
