package org.openlockbox.gateway.recorder;

import io.opentelemetry.api.trace.SpanContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.trace.TracedStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Numbers entries, sends them in batches, and deals with the answers.
///
/// A batch that the control plane fails at, or does not answer for a second, is sent tenant by
/// tenant. Where that fails for one tenant, what was sent of it is set aside ([StalledLogs]) and
/// its other entries wait behind that, in order; the batches of all others go on without it.
///
/// Used by the recorder's thread alone, but for [#close].
final class EntryDelivery implements AutoCloseable {
  private static final int MAX_BATCH = 1_000;
  private static final int MAX_BATCH_WEIGHT = 4 * 1024 * 1024;
  private static final long FIRST_RETRY_NANOS = 20_000_000L;
  private static final long LAST_RETRY_NANOS = 500_000_000L;

  /// How long a batch that is not answered is sent as a whole.
  private static final long WHOLE_NANOS = 1_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(EntryDelivery.class);

  private final ControlPlane controlPlane;
  private final EntrySigner signer;
  private final FairQueue queue;
  private final StalledLogs stalled;
  private final Runnable takeQueued;
  private final EntryListener settling;
  private final Function<List<SpanContext>, TracedStep> tracing;
  private final Map<PendingEntry, GatewayEntry> batch = new LinkedHashMap<>();
  private final Map<TenantId, Long> counters = new HashMap<>();

  /// Tenants of which nobody knows any more which counter is next: nothing more of them is sent.
  private final Set<TenantId> uncounted = new HashSet<>();

  private final Set<SessionId> neverOpened = new HashSet<>();
  private volatile boolean closed;
  private int weight;
  private boolean isSent;
  private boolean held;

  /// Tells whoever waits for entries that they are durable, or refused.
  @FunctionalInterface
  interface EntryListener {
    void settle(Iterable<PendingEntry> entries, boolean durable);
  }

  /// @param takeQueued brings into the queue what has come since
  /// @param tracing begins the step of sending entries of which these are traced
  EntryDelivery(
      ControlPlane controlPlane,
      EntrySigner signer,
      FairQueue queue,
      StalledLogs stalled,
      Runnable takeQueued,
      EntryListener settling,
      Function<List<SpanContext>, TracedStep> tracing) {
    this.controlPlane = controlPlane;
    this.signer = signer;
    this.queue = queue;
    this.stalled = stalled;
    this.takeQueued = takeQueued;
    this.settling = settling;
    this.tracing = tracing;
  }

  /// Whether no batch is under way.
  boolean isEmpty() {
    return batch.isEmpty();
  }

  /// Nothing is tried again.
  @Override
  public void close() {
    closed = true;
    stalled.close();
  }

  /// What is not durable by now will not be.
  void refuseAll() {
    settling.settle(batch.keySet(), false);
    stalled.shares().forEach(share -> settling.settle(share.entries(), false));
  }

  /// What has been sent once is sent again as it was.
  private void fill() {
    if (batch.isEmpty()) {
      forget();
      queue.beginBatch(System.nanoTime());
    }
    PendingEntry entry = queue.peek();
    while (entry != null && !isSent && batch.size() < MAX_BATCH && weight < MAX_BATCH_WEIGHT) {
      Optional<GatewayEntry> next = written(entry);
      if (next.isPresent()) {
        batch.put(entry, next.get());
        counters.put(entry.tenant(), next.get().counter() + 1);
        weight += entry.weight();
      }
      queue.remove(entry);
      entry = queue.peek();
    }
  }

  /// The entry as it is sent. Empty if it must not be, and it is refused: also if it cannot be
  /// written at all, which is the fault of its own access and holds up nobody else.
  private Optional<GatewayEntry> written(PendingEntry entry) {
    if (mustNotFollow(entry) || closesWhatNeverOpened(entry)) {
      settling.settle(List.of(entry), false);
      return Optional.empty();
    }
    try {
      return Optional.of(numbered(entry));
    } catch (RuntimeException e) {
      LOG.error("an entry of {} cannot be written, and its session ends", entry.tenant(), e);
      endedBy(entry);
      return Optional.empty();
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

  /// Makes up a batch and tries until it is known what has become of each entry, or its tenant's
  /// log is set aside. Thrown out of, it goes on with the same batch when called again.
  ///
  /// @return how many entries it had
  int next() {
    fill();
    int size = batch.size();
    isSent = true;
    if (size > 0) {
      try (TracedStep _ = tracing.apply(traced())) {
        deliver();
      }
    }
    forget();
    return size;
  }

  private List<SpanContext> traced() {
    return batch.keySet().stream().map(PendingEntry::trace).filter(SpanContext::isSampled).toList();
  }

  private void forget() {
    batch.clear();
    weight = 0;
    isSent = false;
  }

  private void deliver() {
    long began = System.nanoTime();
    long pause = FIRST_RETRY_NANOS;
    while (!isDelivered(began)) {
      if (closed) {
        settling.settle(batch.keySet(), false);
        return;
      }
      goOnWithAnswered();
      LockSupport.parkNanos(this, pause);
      pause = Math.min(pause * 2, LAST_RETRY_NANOS);
    }
  }

  private boolean isDelivered(long began) {
    AppendResult whole = send(List.copyOf(batch.values()));
    return switch (whole) {
      case AppendResult.Durable _ -> {
        settling.settle(batch.keySet(), true);
        yield true;
      }
      case AppendResult.Rejected _, AppendResult.Failed _ -> isDeliveredApart(whole);
      case AppendResult.Unanswered _ ->
          System.nanoTime() - began > WHOLE_NANOS && isDeliveredApart(whole);
    };
  }

  /// Sends the share of each tenant by itself. If none is answered, the control plane may be away
  /// for all of them: they are set aside only for the sake of others.
  private boolean isDeliveredApart(AppendResult whole) {
    List<TenantShare> shares = shares();
    Map<TenantShare, AppendResult> unanswered = new LinkedHashMap<>();
    for (TenantShare share : shares) {
      AppendResult result = shares.size() == 1 ? whole : send(share.sent());
      if (result instanceof AppendResult.Unanswered) {
        unanswered.put(share, result);
      } else {
        dealWith(share, result);
      }
    }
    if (unanswered.size() == shares.size() && !doOthersWait(shares)) {
      return false;
    }
    unanswered.forEach(this::dealWith);
    return true;
  }

  private boolean doOthersWait(List<TenantShare> shares) {
    takeQueued.run();
    return !queue.isEmptyBut(shares.stream().map(TenantShare::tenant).toList());
  }

  private List<TenantShare> shares() {
    Map<TenantId, List<PendingEntry>> byTenant = new LinkedHashMap<>();
    batch
        .keySet()
        .forEach(e -> byTenant.computeIfAbsent(e.tenant(), t -> new ArrayList<>()).add(e));
    List<TenantShare> shares = new ArrayList<>();
    byTenant.forEach(
        (tenant, entries) -> {
          List<GatewayEntry> own =
              entries.stream().map(e -> Objects.requireNonNull(batch.get(e))).toList();
          shares.add(new TenantShare(tenant, entries, own));
        });
    return shares;
  }

  /// What is dealt with leaves the batch. If this goes wrong nobody knows which counter of the
  /// tenant is next; all others go on.
  private void dealWith(TenantShare share, AppendResult result) {
    try {
      deal(share, result);
    } catch (RuntimeException | Error e) {
      giveUp(share);
      throw e;
    }
    share.entries().forEach(batch::remove);
  }

  private void giveUp(TenantShare share) {
    if (!share.entries().stream().allMatch(PendingEntry::isSettled)) {
      uncounted.add(share.tenant());
    }
    settling.settle(share.entries(), false);
    if (!stalled.contains(share.tenant())) {
      queue.release(share.tenant());
    }
    share.entries().forEach(batch::remove);
  }

  private void deal(TenantShare share, AppendResult result) {
    switch (result) {
      case AppendResult.Durable _ -> settling.settle(share.entries(), true);
      case AppendResult.Rejected _ -> {
        counters.put(share.tenant(), share.sent().getFirst().counter());
        appendAlone(share.withNoneSent()).ifPresent(this::stall);
      }
      case AppendResult.Failed(String why) -> stall(share, why);
      case AppendResult.Unanswered(String why) -> stall(share, why);
    }
  }

  private void stall(TenantShare share, String why) {
    LOG.warn(
        "the log of {} cannot be written, its sessions are held, all others go on: {}",
        share.tenant(),
        why);
    stall(share);
  }

  /// Its tenant has no turn until what was sent is answered.
  private void stall(TenantShare share) {
    queue.hold(share.tenant());
    stalled.put(share);
  }

  /// Goes on with those logs that were set aside and have an answer.
  void goOnWithAnswered() {
    Optional<StalledLogs.StalledLog> answered = stalled.answered();
    while (answered.isPresent()) {
      goOnWith(answered.get());
      answered = stalled.answered();
    }
  }

  /// May be repeated, whatever is thrown between.
  private void goOnWith(StalledLogs.StalledLog log) {
    TenantShare share = log.share();
    TenantId tenant = share.tenant();
    if (!share.sent().isEmpty()) {
      if (log.answer() instanceof AppendResult.Durable) {
        settling.settle(share.sentEntries(), true);
        counters.put(tenant, share.sent().getLast().counter() + 1);
      } else {
        counters.put(tenant, share.sent().getFirst().counter());
      }
      log.noneIsSent();
    }
    Optional<TenantShare> left = appendAlone(log.share());
    if (left.isPresent()) {
      stalled.put(left.get());
    } else {
      stalled.remove(tenant);
      queue.release(tenant);
      LOG.info("the log of {} can be written again", tenant);
    }
  }

  /// Of what was refused as a whole nothing was written, so its counters are given anew.
  ///
  /// @return what is left where an entry is not answered
  private Optional<TenantShare> appendAlone(TenantShare share) {
    List<PendingEntry> entries = share.entries();
    for (int i = 0; i < entries.size(); i++) {
      PendingEntry entry = entries.get(i);
      if (entry.isSettled()) {
        continue;
      }
      Optional<GatewayEntry> next = written(entry);
      if (next.isEmpty()) {
        continue;
      }
      switch (send(List.of(next.get()))) {
        case AppendResult.Durable _ -> {
          counters.put(entry.tenant(), next.get().counter() + 1);
          settling.settle(List.of(entry), true);
        }
        case AppendResult.Rejected _ -> endedBy(entry);
        case AppendResult.Failed _, AppendResult.Unanswered _ -> {
          List<PendingEntry> left = entries.subList(i, entries.size());
          return Optional.of(new TenantShare(share.tenant(), left, List.of(next.get())));
        }
      }
    }
    return Optional.empty();
  }

  private void endedBy(PendingEntry refused) {
    if (refused.body() instanceof SessionEvent.Opened opening) {
      neverOpened.add(opening.of());
    } else {
      refused.access().end();
    }
    settling.settle(List.of(refused), false);
  }

  /// An entry that is missing must not be followed by others of its access.
  private boolean mustNotFollow(PendingEntry entry) {
    return entry.access().hasEnded() || uncounted.contains(entry.tenant());
  }

  private boolean closesWhatNeverOpened(PendingEntry entry) {
    return entry.body() instanceof SessionEvent.Closed closing && neverOpened.remove(closing.of());
  }

  private AppendResult send(List<GatewayEntry> entries) {
    AppendResult result = AppendResult.of(controlPlane, entries);
    switch (result) {
      case AppendResult.Durable _ -> {
        if (held) {
          LOG.info("the log can be written again");
          stalled.retryNow();
        }
        held = false;
      }
      case AppendResult.Rejected(String why) ->
          LOG.error("the log refuses entries of {}: {}", entries.getFirst().tenant(), why);
      case AppendResult.Failed(String why) -> held(why);
      case AppendResult.Unanswered(String why) -> held(why);
    }
    return result;
  }

  private void held(String why) {
    if (!held) {
      LOG.warn("the log cannot be written, results are held: {}", why);
    }
    held = true;
  }
}
