package org.openlockbox.gateway.recorder;

import io.opentelemetry.api.trace.SpanContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.RecordedText;

/// The entries of one access on their way into its tenant's log, in order. The sessions of an
/// access share it; [FairQueue] gives each access its turn.
public final class AccessQueue extends QueueMember {
  /// So much of each access may wait, however much of others does.
  static final long ALWAYS = 64L * 1024;

  /// So much of one access may wait: two of the heaviest batches.
  static final long MOST = 8L * 1024 * 1024;

  private final TenantId tenant;
  private final Recorder recorder;
  private final AtomicLong weight = new AtomicLong();
  private @Nullable PendingEntry first;
  private @Nullable PendingEntry last;
  private boolean ended;

  AccessQueue(TenantId tenant, Recorder recorder) {
    this.tenant = tenant;
    this.recorder = recorder;
  }

  /// Queues an entry behind all of this access that were queued before; never blocks.
  ///
  /// @param wake called when the entry is durable or refused, and perhaps once more
  public PendingEntry append(EntryBody body, List<RecordedText> texts, Runnable wake) {
    return recorder.push(new PendingEntry(this, body, texts, Optional.of(wake)));
  }

  /// The same of a part of what is traced so.
  public PendingEntry append(
      EntryBody body, List<RecordedText> texts, Runnable wake, SpanContext trace) {
    return recorder.push(new PendingEntry(this, body, texts, Optional.of(wake), trace));
  }

  /// Queues an entry that nothing waits for; it may take a few milliseconds longer.
  public void appendTrailing(EntryBody body) {
    recorder.push(new PendingEntry(this, body, List.of(), Optional.empty()));
  }

  /// False while so much of this access is queued, or of all together, that whoever makes its
  /// entries should wait. Little may wait for a log that cannot be written while others can.
  public boolean hasRoom() {
    long own = weight.get();
    return own < ALWAYS || (own < MOST && recorder.hasRoom() && !recorder.isStalled(tenant));
  }

  TenantId tenant() {
    return tenant;
  }

  /// One of its entries was refused for good: none after it is recorded.
  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  /// So much more of it is on its way; less, if negative. By any thread.
  void weighs(long more) {
    weight.addAndGet(more);
  }

  void add(PendingEntry entry) {
    entry.next = null;
    if (last == null) {
      first = entry;
    } else {
      last.next = entry;
    }
    last = entry;
  }

  @Override
  @Nullable PendingEntry peek(BatchShare share) {
    return first;
  }

  @Override
  void remove(PendingEntry entry, BatchShare share) {
    first = entry.next;
    entry.next = null;
    last = first == null ? null : last;
  }

  @Override
  boolean isEmpty() {
    return first == null;
  }
}
