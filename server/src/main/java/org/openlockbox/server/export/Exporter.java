package org.openlockbox.server.export;

import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.openlockbox.server.log.append.LogTexts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Tells one sink what it has not been told: at least once, each tenant's events in their order.
/// Between telling and marking a crash repeats events under the same ids. A sink that fails is left
/// alone for a while and holds up no other; a tenant whose events it refuses holds up no other
/// tenant.
public final class Exporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Exporter.class);
  private static final int PAGE = 250;

  private final EventSink sink;
  private final SinkChannel channel;
  private final ExportCursors cursors;
  private final JdbcClient jdbc;
  private final LogTexts texts;
  private boolean opened;

  Exporter(
      EventSink sink,
      SinkChannel channel,
      JdbcClient jdbc,
      LogTexts texts,
      TransactionTemplate transaction,
      InstantSource clock,
      Random random) {
    this.sink = sink;
    this.channel = channel;
    this.cursors = new ExportCursors(jdbc, transaction, clock, random);
    this.jdbc = jdbc;
    this.texts = texts;
  }

  public EventSink sink() {
    return sink;
  }

  /// Tells all that is due now, unless the sink has failed and is left alone. For one thread.
  public void round() {
    if (!opened) {
      cursors.open(sink);
      opened = true;
    }
    cursors.follow(sink);
    while (!Thread.currentThread().isInterrupted() && cursors.isReady(sink)) {
      var due = cursors.claim(sink);
      if (due.isEmpty()) {
        return;
      }
      deliver(due.get());
    }
  }

  private void deliver(ExportCursors.ExportWork due) {
    List<ExportEvent> events;
    try {
      events =
          new ExportEvents(jdbc, texts, due.tenant(), sink.texts())
              .after(new ExportPosition(due.next() - 1, true), due.size(), PAGE);
      if (events.isEmpty()) {
        throw new IllegalStateException("entry %d is not in the log".formatted(due.next()));
      }
    } catch (RuntimeException unreadable) {
      LOG.warn("sink {}: the log of {} cannot be exported", sink.name(), due.tenant(), unreadable);
      cursors.refused(sink, due, "the log cannot be read: " + unreadable);
      return;
    }
    switch (channel.tell(events)) {
      case SinkDelivery.Delivered() ->
          cursors.delivered(sink, due, events.getLast().position().index() + 1);
      case SinkDelivery.SinkUnreachable(var why) -> {
        LOG.warn("sink {} waits: {}", sink.name(), why);
        cursors.unreachable(sink, due, why);
      }
      case SinkDelivery.SinkRefusal(var why) -> {
        LOG.warn("sink {} refuses events of {}: {}", sink.name(), due.tenant(), why);
        cursors.refused(sink, due, why);
      }
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
