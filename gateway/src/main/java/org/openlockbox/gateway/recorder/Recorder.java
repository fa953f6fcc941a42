package org.openlockbox.gateway.recorder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayEntry;
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
/// A crash here loses what was not durable, and of that nothing was released.
public final class Recorder implements AutoCloseable {
  private static final int MAX_BATCH = 1_000;
  private static final int MAX_BATCH_WEIGHT = 4 * 1024 * 1024;
  private static final long MAX_QUEUED_WEIGHT = 64L * 1024 * 1024;
  private static final long FIRST_RETRY_NANOS = 20_000_000L;
  private static final long LAST_RETRY_NANOS = 500_000_000L;
  private static final long LAST_WISH_NANOS = 3_000_000_000L;
  private static final long TRAIL_NANOS = 5_000_000L;
  private static final long GATHER_NANOS = 300_000L;
  private static final int GATHER_FROM = 16;
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  private final ControlPlane controlPlane;
  private final EntrySigner signer;
  private final AtomicReference<@Nullable PendingEntry> newest = new AtomicReference<>();
  private final AtomicLong queuedWeight = new AtomicLong();
  private final FairQueue queue = new FairQueue();
  private final Map<PendingEntry, GatewayEntry> batch = new LinkedHashMap<>();
  private final Map<TenantId, Long> counters = new HashMap<>();

  /// Tenants of which nobody knows any more which counter is next: nothing more of them is sent.
  private final Set<TenantId> uncounted = new HashSet<>();

  private final Set<SessionId> neverOpened = new HashSet<>();
  private final Thread thread;
  private volatile Rest rest = Rest.BUSY;
  private volatile boolean closed;
  private @Nullable PendingEntry arrived;
  private int batchWeight;
  private boolean batchIsSent;
  private boolean gathered;
  private int lastBatch;

  /// What the recorder's thread is doing, for those who might have to wake it.
  private enum Rest {
    BUSY,
    IDLE,
    TRAILING,
    GATHERING
  }

  public Recorder(ControlPlane controlPlane, EntrySigner signer) {
    this.controlPlane = controlPlane;
    this.signer = signer;
    this.thread = Thread.ofPlatform().name("recorder").daemon().unstarted(this::run);
  }

  public Recorder start() {
    thread.start();
    return this;
  }

  /// A queue for the entries of one more access of this tenant.
  public AccessQueue access(TenantId tenant) {
    return new AccessQueue(tenant, this);
  }

  PendingEntry push(PendingEntry entry) {
    weighs(entry, entry.weight());
    PendingEntry before;
    do {
      before = newest.get();
      entry.next = before;
    } while (!newest.compareAndSet(before, entry));
    Rest now = rest;
    if (now == Rest.IDLE || (now == Rest.TRAILING && !entry.isTrailing())) {
      LockSupport.unpark(thread);
    }
    return entry;
  }

  private void weighs(PendingEntry entry, long more) {
    queuedWeight.addAndGet(more);
    entry.access().weighs(more);
  }

  /// False while so much of all is queued that whoever has much of it should wait.
  boolean hasRoom() {
    return queuedWeight.get() < MAX_QUEUED_WEIGHT;
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
    settle(batch.keySet(), false);
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
    if (queue.isEmpty() && batch.isEmpty()) {
      rest(Rest.IDLE, Long.MAX_VALUE);
    } else if (batch.isEmpty() && trailsFor() > 0) {
      rest(Rest.TRAILING, trailsFor());
    } else if (batch.isEmpty() && lastBatch >= GATHER_FROM && !gathered) {
      rest(Rest.GATHERING, GATHER_NANOS);
      gathered = true;
    } else {
      fillBatch();
      appendBatch();
      gathered = false;
    }
  }

  /// Whoever queues an entry after the look at `newest` sees what the thread is doing and wakes it.
  private void rest(Rest kind, long nanos) {
    rest = kind;
    if (kind == Rest.GATHERING || newest.get() == null) {
      LockSupport.parkNanos(this, nanos);
    }
    rest = Rest.BUSY;
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

  /// What has been sent once is sent again as it was.
  private void fillBatch() {
    if (batch.isEmpty()) {
      queue.beginBatch(System.nanoTime());
    }
    PendingEntry entry = queue.peek();
    while (entry != null
        && !batchIsSent
        && batch.size() < MAX_BATCH
        && batchWeight < MAX_BATCH_WEIGHT) {
      if (mustNotFollow(entry) || closesWhatNeverOpened(entry)) {
        queue.remove(entry);
        settle(List.of(entry), false);
      } else {
        GatewayEntry numbered = numbered(entry);
        batch.put(entry, numbered);
        counters.put(entry.tenant(), numbered.counter() + 1);
        queue.remove(entry);
        batchWeight += entry.weight();
      }
      entry = queue.peek();
    }
  }

  private GatewayEntry numbered(PendingEntry entry) {
    long counter = counters.getOrDefault(entry.tenant(), 0L);
    Optional<Bytes> signature =
        entry.body().type().isSignedByGateway()
            ? Optional.of(signer.sign(entry.tenant(), entry.body(), counter))
            : Optional.empty();
    return new GatewayEntry(entry.tenant(), entry.body(), counter, signature, entry.texts());
  }

  private void appendBatch() {
    lastBatch = batch.size();
    batchIsSent = true;
    if (!batch.isEmpty()) {
      if (append(List.copyOf(batch.values()))) {
        settle(batch.keySet(), true);
      } else {
        appendRefused();
      }
    }
    forgetBatch();
  }

  private void forgetBatch() {
    batch.clear();
    batchWeight = 0;
    batchIsSent = false;
  }

  private void appendRefused() {
    try {
      appendByTenant();
    } catch (RuntimeException | Error e) {
      batch.keySet().stream()
          .filter(entry -> !entry.isSettled())
          .forEach(entry -> uncounted.add(entry.tenant()));
      settle(batch.keySet(), false);
      throw e;
    } finally {
      forgetBatch();
    }
  }

  /// Of a batch that was refused as a whole nothing was written, so its counters are given anew.
  private void appendByTenant() {
    Map<TenantId, List<PendingEntry>> byTenant = new LinkedHashMap<>();
    batch
        .keySet()
        .forEach(e -> byTenant.computeIfAbsent(e.tenant(), t -> new ArrayList<>()).add(e));
    byTenant.forEach(
        (tenant, entries) -> {
          List<GatewayEntry> own =
              entries.stream().map(e -> Objects.requireNonNull(batch.get(e))).toList();
          if (byTenant.size() > 1 && append(own)) {
            settle(entries, true);
          } else {
            counters.put(tenant, own.getFirst().counter());
            entries.forEach(this::appendAlone);
          }
        });
  }

  private void appendAlone(PendingEntry entry) {
    TenantId tenant = entry.tenant();
    if (mustNotFollow(entry) || closesWhatNeverOpened(entry)) {
      settle(List.of(entry), false);
      return;
    }
    GatewayEntry numbered = numbered(entry);
    boolean taken = append(List.of(numbered));
    if (taken) {
      counters.put(tenant, numbered.counter() + 1);
    } else if (entry.body() instanceof SessionEvent.Opened opening) {
      neverOpened.add(opening.of());
    } else {
      entry.access().end();
    }
    settle(List.of(entry), taken);
  }

  /// An entry that is missing must not be followed by others of its access.
  private boolean mustNotFollow(PendingEntry entry) {
    return entry.access().hasEnded() || uncounted.contains(entry.tenant());
  }

  private boolean closesWhatNeverOpened(PendingEntry entry) {
    return entry.body() instanceof SessionEvent.Closed closing && neverOpened.remove(closing.of());
  }

  /// True when durable, false when refused or when the gateway is closing; else it keeps trying.
  private boolean append(List<GatewayEntry> entries) {
    long pause = FIRST_RETRY_NANOS;
    while (true) {
      try {
        controlPlane.append(entries);
        if (pause > FIRST_RETRY_NANOS) {
          LOG.info("the log can be written again");
        }
        return true;
      } catch (ControlPlane.AppendRefused e) {
        LOG.error("the log refuses entries of {}: {}", entries.getFirst().tenant(), e.getMessage());
        return false;
      } catch (RuntimeException | Error e) {
        if (pause == FIRST_RETRY_NANOS) {
          LOG.warn("the log cannot be written, results are held: {}", e.toString());
        }
      }
      if (closed) {
        return false;
      }
      LockSupport.parkNanos(this, pause);
      pause = Math.min(pause * 2, LAST_RETRY_NANOS);
    }
  }

  /// All of a batch are settled before anybody is woken, so that whoever is needs to look once.
  private void settle(Iterable<PendingEntry> entries, boolean durable) {
    for (PendingEntry entry : entries) {
      if (entry.settle(durable)) {
        weighs(entry, -entry.weight());
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
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(6));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
