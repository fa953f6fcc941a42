package org.openlockbox.gateway.recorder;

import io.opentelemetry.api.trace.SpanContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.RecordedText;

/// An entry on its way into the log. Its waiters look at [#isDurable]; they are woken when that or
/// [#isRefused] has become true.
public final class PendingEntry {
  private enum EntryState {
    QUEUED,
    DURABLE,
    REFUSED
  }

  private static final int OVERHEAD = 1024;

  private final AccessQueue access;
  private final EntryBody body;
  private final List<RecordedText> texts;
  private final Optional<Runnable> wake;
  private final SpanContext trace;
  private final long queuedAt = System.nanoTime();
  private volatile EntryState state = EntryState.QUEUED;

  /// The one that was queued before it, until the recorder takes it; then the one of its access
  /// that waits behind it.
  @Nullable PendingEntry next;

  PendingEntry(
      AccessQueue access, EntryBody body, List<RecordedText> texts, Optional<Runnable> wake) {
    this(access, body, texts, wake, SpanContext.getInvalid());
  }

  PendingEntry(
      AccessQueue access,
      EntryBody body,
      List<RecordedText> texts,
      Optional<Runnable> wake,
      SpanContext trace) {
    this.access = access;
    this.body = body;
    this.texts = List.copyOf(texts);
    this.wake = wake;
    this.trace = trace;
  }

  /// In the log for good: what depends on it may happen.
  public boolean isDurable() {
    return state == EntryState.DURABLE;
  }

  /// It will never be in the log: what depends on it must not happen.
  public boolean isRefused() {
    return state == EntryState.REFUSED;
  }

  boolean isSettled() {
    return state != EntryState.QUEUED;
  }

  /// Nobody waits for it.
  boolean isTrailing() {
    return wake.isEmpty();
  }

  long queuedAt() {
    return queuedAt;
  }

  /// What it is a part of, if that is traced.
  SpanContext trace() {
    return trace;
  }

  AccessQueue access() {
    return access;
  }

  TenantId tenant() {
    return access.tenant();
  }

  EntryBody body() {
    return body;
  }

  List<RecordedText> texts() {
    return texts;
  }

  /// An estimate of what it weighs in memory and on the wire.
  public int weight() {
    int weight = OVERHEAD;
    for (RecordedText text : texts) {
      weight += text.text().size();
    }
    return weight;
  }

  /// Once; answers whether it was this time.
  boolean settle(boolean durable) {
    if (state != EntryState.QUEUED) {
      return false;
    }
    state = durable ? EntryState.DURABLE : EntryState.REFUSED;
    return true;
  }

  /// Tells whoever waits for it that it is settled.
  void wake() {
    wake.ifPresent(Runnable::run);
  }
}
