package org.openlockbox.server.notify;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.openlockbox.server.notify.outbox.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the calls of one channel of the [Outbox], many at once and few of one tenant, so that a
/// slow receiver keeps nobody else waiting. A call that fails with a bug of ours is left to its
/// claim, and made again.
final class OutboxCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxCalls.class);
  private static final int AT_ONCE = 16;
  private static final int AT_ONCE_OF_A_TENANT = 2;

  private final Outbox outbox;
  private final Outbox.DeliveryChannel channel;
  private final Consumer<Outbox.OutboxRow> call;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore free = new Semaphore(AT_ONCE);

  OutboxCalls(Outbox outbox, Outbox.DeliveryChannel channel, Consumer<Outbox.OutboxRow> call) {
    this.outbox = outbox;
    this.channel = channel;
    this.call = call;
  }

  /// Makes the calls that are due; returns when none is left to begin.
  void round() {
    while (!Thread.currentThread().isInterrupted() && free.tryAcquire()) {
      var due = claimed();
      if (due.isEmpty()) {
        return;
      }
      threads.execute(() -> make(due.get()));
    }
  }

  private Optional<Outbox.OutboxRow> claimed() {
    var due = Optional.<Outbox.OutboxRow>empty();
    try {
      due = outbox.claim(channel, AT_ONCE_OF_A_TENANT);
      return due;
    } finally {
      if (due.isEmpty()) {
        free.release();
      }
    }
  }

  private void make(Outbox.OutboxRow due) {
    try {
      call.accept(due);
    } catch (RuntimeException broken) {
      LOG.warn("a {} to {} of {} is left", channel, due.header().recipient(), due.tenant(), broken);
    } finally {
      free.release();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
