package org.openlockbox.gateway.recorder;

import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.trace.TracedStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the gateway's entries into the tenant logs, in order, with natural group commit: one
/// batch is in flight; when it is durable, everything that has queued meanwhile is the next batch.
/// Entries that nobody waits for do not start a batch of their own: they go along with the next
/// one, or after a few milliseconds. Under load a batch waits a moment for more.
///
/// A batch whose answer is lost is sent again with the same counters until there is an answer, so
/// an entry is in the log once. A session whose opening the control plane refuses is not opened,
/// and nothing else happens. Any other entry that it refuses ends its own access for the rest of
/// this boot: no later entry of that access is sent, so its sessions end. All other accesses go on.
///
/// A batch that the control plane fails at, or does not answer for a second, is sent tenant by
/// tenant. Where that fails for one tenant, what was sent of it is set aside ([StalledLogs]) and
/// its other entries wait behind that, in order; the batches of all others go on without it. A
/// crash here loses what was not durable, and of that nothing was released.
public final class Recorder implements AutoCloseable {
  private static final long MAX_QUEUED_WEIGHT = 64L * 1024 * 1024;
  private static final long FIRST_RETRY_NANOS = 20_000_000L;
  private static final long LAST_WISH_NANOS = 3_000_000_000L;
  private static final long TRAIL_NANOS = 5_000_000L;
  private static final long GATHER_NANOS = 300_000L;
  private static final int GATHER_FROM = 16;
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  private final AtomicReference<@Nullable PendingEntry> newest = new AtomicReference<>();
  private final RecordListener listener;
  private final AtomicLong queuedWeight = new AtomicLong();
  private final FairQueue queue = new FairQueue();
  private final StalledLogs stalled;
  private final EntryDelivery delivery;
  private final Thread thread;
  private volatile RecorderState rest = RecorderState.BUSY;
  private volatile boolean closed;
  private @Nullable PendingEntry arrived;
  private boolean gathered;
  private int lastBatch;

  /// What the recorder's thread is doing, for those who might have to wake it.
  private enum RecorderState {
    BUSY,
    IDLE,
    TRAILING,
    GATHERING
  }

  /// Hears what goes to the log, how long it takes and how much goes together. Must not wait.
  public interface RecordListener {
    /// One that does not care.
    RecordListener NONE =
        new RecordListener() {
          @Override
          public void queued(EntryBody body) {}

          @Override
          public void durable(long nanos) {}

          @Override
          public void sent(int entries) {}

          @Override
          public TracedStep sending(List<SpanContext> traced) {
            return TracedStep.NONE;
          }
        };

    void queued(EntryBody body);

    void durable(long nanos);

    void sent(int entries);

    /// A batch is on its way until the step is over.
    ///
    /// @param traced what its entries are parts of, as far as that is traced
    TracedStep sending(List<SpanContext> traced);
  }

  public Recorder(ControlPlane controlPlane, EntrySigner signer) {
    this(controlPlane, signer, RecordListener.NONE);
  }

  public Recorder(ControlPlane controlPlane, EntrySigner signer, RecordListener listener) {
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("recorder").daemon().unstarted(this::run);
    this.stalled = new StalledLogs(controlPlane, () -> LockSupport.unpark(thread));
    this.delivery =
        new EntryDelivery(
            controlPlane,
            signer,
            queue,
            stalled,
            this::takeQueued,
            this::settle,
            listener::sending);
  }

  public Recorder start() {
    stalled.start();
    thread.start();
    return this;
  }

  /// Whether its thread is there.
  public boolean isRunning() {
    return thread.isAlive();
  }

  /// A queue for the entries of one more access of this tenant.
  public AccessQueue access(TenantId tenant) {
    return new AccessQueue(tenant, this);
  }

  PendingEntry push(PendingEntry entry) {
    weighs(entry, entry.weight());
    listener.queued(entry.body());
    PendingEntry before;
    do {
      before = newest.get();
      entry.next = before;
    } while (!newest.compareAndSet(before, entry));
    RecorderState now = rest;
    if (now == RecorderState.IDLE || (now == RecorderState.TRAILING && !entry.isTrailing())) {
      LockSupport.unpark(thread);
    }
    return entry;
  }

  private void weighs(PendingEntry entry, long more) {
    queuedWeight.addAndGet(more);
    entry.access().weighs(more);
  }

  /// How many bytes wait for the log.
  public long waitingBytes() {
    return queuedWeight.get();
  }

  /// How many tenants' logs cannot be written while others can.
  public int stalledLogs() {
    return stalled.shares().size();
  }

  /// False while so much of all is queued that whoever has much of it should wait.
  boolean hasRoom() {
    return queuedWeight.get() < MAX_QUEUED_WEIGHT;
  }

  /// Whether this tenant's log cannot be written while others can.
  boolean isStalled(TenantId tenant) {
    return stalled.contains(tenant);
  }

  /// Whatever goes wrong, as memory may be short for a moment, the next round takes up where this
  /// one was: an entry waits or is of the batch until it is settled.
  private void run() {
    while (!closed) {
      try {
        round();
      } catch (RuntimeException | Error e) {
        LockSupport.parkNanos(this, FIRST_RETRY_NANOS);
        said(e);
      }
    }
    takeQueued();
    delivery.refuseAll();
    queue.releaseAll();
    while (!queue.isEmpty()) {
      refuseNext();
    }
  }

  private void refuseNext() {
    queue.beginBatch(System.nanoTime());
    PendingEntry entry = Objects.requireNonNull(queue.peek());
    queue.remove(entry);
    settle(List.of(entry), false);
  }

  private static void said(Throwable why) {
    try {
      LOG.error("the recorder stumbled and goes on", why);
    } catch (RuntimeException | Error e) {
      // there is no memory even for that; what cannot be written is held and nothing comes back
    }
  }

  private void round() {
    takeQueued();
    delivery.goOnWithAnswered();
    if (queue.isEmpty() && delivery.isEmpty()) {
      rest(RecorderState.IDLE, Long.MAX_VALUE);
    } else if (delivery.isEmpty() && trailsFor() > 0) {
      rest(RecorderState.TRAILING, trailsFor());
    } else if (delivery.isEmpty() && lastBatch >= GATHER_FROM && !gathered) {
      rest(RecorderState.GATHERING, GATHER_NANOS);
      gathered = true;
    } else {
      lastBatch = delivery.next();
      if (lastBatch > 0) {
        listener.sent(lastBatch);
      }
      gathered = false;
    }
  }

  /// Whoever queues an entry after the look at `newest` sees what the thread is doing and wakes it.
  private void rest(RecorderState kind, long nanos) {
    rest = kind;
    if (kind == RecorderState.GATHERING || newest.get() == null) {
      LockSupport.parkNanos(this, nanos);
    }
    rest = RecorderState.BUSY;
  }

  /// How long the queued entries may still wait for company; 0 if somebody waits for one of them.
  private long trailsFor() {
    return queue.isEmpty() || queue.isAwaited()
        ? 0
        : Math.max(0, queue.oldest() + TRAIL_NANOS - System.nanoTime());
  }

  /// Gives each access what it has queued since, in order.
  private void takeQueued() {
    giveOut();
    PendingEntry newer = newest.getAndSet(null);
    while (newer != null) {
      PendingEntry older = newer.next;
      newer.next = arrived;
      arrived = newer;
      newer = older;
    }
    giveOut();
  }

  /// An entry is here or in its queue, whatever is thrown between.
  private void giveOut() {
    while (arrived != null) {
      PendingEntry next = arrived.next;
      queue.add(arrived);
      arrived = next;
    }
  }

  /// All of a batch are settled before anybody is woken, so that whoever is needs to look once.
  private void settle(Iterable<PendingEntry> entries, boolean durable) {
    long now = System.nanoTime();
    for (PendingEntry entry : entries) {
      if (entry.settle(durable)) {
        weighs(entry, -entry.weight());
        if (durable && !entry.isTrailing()) {
          listener.durable(now - entry.queuedAt());
        }
      }
    }
    entries.forEach(PendingEntry::wake);
  }

  /// Gives what is queued a few seconds to become durable, then stops; the rest is refused.
  @Override
  public void close() {
    long deadline = System.nanoTime() + LAST_WISH_NANOS;
    while (queuedWeight.get() > 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(FIRST_RETRY_NANOS);
    }
    closed = true;
    delivery.close();
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(6));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
