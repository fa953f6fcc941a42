package org.openlockbox.gateway.recorder;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ControlPlane;

/// The logs that the control plane cannot write while it writes others, each with what was sent
/// last. That is sent again now and then, by a thread of its own, until there is an answer: no
/// other tenant waits for it.
///
/// One at a time, so many of them that hang are looked at seldom. Bounded by what may be queued.
final class StalledLogs implements AutoCloseable {
  private static final long FIRST_RETRY_NANOS = 100_000_000L;
  private static final long LAST_RETRY_NANOS = 5_000_000_000L;

  /// Where there is no answer the control plane may be away for all, and come back for all.
  private static final long LAST_RETRY_UNANSWERED_NANOS = 500_000_000L;

  private final ControlPlane controlPlane;
  private final Runnable wake;
  private final Map<TenantId, StalledLog> logs = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  /// @param wake called when there is an answer
  StalledLogs(ControlPlane controlPlane, Runnable wake) {
    this.controlPlane = controlPlane;
    this.wake = wake;
    this.thread = Thread.ofPlatform().name("stalled-logs").daemon().unstarted(this::run);
  }

  /// A log that waits. The retries belong to this thread until there is an answer, then all of it
  /// to the recorder's.
  static final class StalledLog {
    private TenantShare share;
    private long pause = FIRST_RETRY_NANOS;
    private volatile long retryAt = System.nanoTime() + FIRST_RETRY_NANOS;
    private volatile @Nullable AppendResult answer;

    private StalledLog(TenantShare share) {
      this.share = share;
    }

    TenantShare share() {
      return share;
    }

    /// It is known what has become of what was sent.
    void noneIsSent() {
      share = share.withNoneSent();
    }

    AppendResult answer() {
      AppendResult given = answer;
      return given == null ? new AppendResult.Unanswered("not yet") : given;
    }

    private boolean isAnswered() {
      return answer != null;
    }
  }

  void start() {
    thread.start();
  }

  /// What was sent of this share is sent again until there is an answer.
  void put(TenantShare share) {
    logs.put(share.tenant(), new StalledLog(share));
    LockSupport.unpark(thread);
  }

  /// The control plane is back, perhaps for these too.
  void retryNow() {
    long now = System.nanoTime();
    logs.values().forEach(log -> log.retryAt = now);
    LockSupport.unpark(thread);
  }

  void remove(TenantId tenant) {
    logs.remove(tenant);
  }

  /// By any thread.
  boolean contains(TenantId tenant) {
    return logs.containsKey(tenant);
  }

  /// One of which it is known what has become of what was sent.
  Optional<StalledLog> answered() {
    return logs.isEmpty()
        ? Optional.empty()
        : logs.values().stream().filter(StalledLog::isAnswered).findAny();
  }

  Collection<TenantShare> shares() {
    return logs.values().stream().map(StalledLog::share).toList();
  }

  private void run() {
    while (!closed) {
      try {
        sendNext();
      } catch (RuntimeException | Error e) {
        LockSupport.parkNanos(this, FIRST_RETRY_NANOS); // memory is short; the next round goes on
      }
    }
  }

  private void sendNext() {
    long now = System.nanoTime();
    Optional<StalledLog> next =
        logs.values().stream()
            .filter(log -> !log.isAnswered())
            .min(Comparator.comparingLong(log -> log.retryAt - now));
    if (next.isEmpty()) {
      LockSupport.park(this);
    } else if (next.get().retryAt - now > 0) {
      LockSupport.parkNanos(this, next.get().retryAt - now);
    } else {
      send(next.get());
    }
  }

  private void send(StalledLog log) {
    AppendResult result = AppendResult.of(controlPlane, log.share.sent());
    switch (result) {
      case AppendResult.Durable _, AppendResult.Rejected _ -> {
        log.answer = result;
        wake.run();
        retryNow();
      }
      case AppendResult.Failed _ -> retryLater(log, LAST_RETRY_NANOS);
      case AppendResult.Unanswered _ -> retryLater(log, LAST_RETRY_UNANSWERED_NANOS);
    }
  }

  private static void retryLater(StalledLog log, long most) {
    log.pause = Math.min(log.pause * 2, most);
    log.retryAt = System.nanoTime() + log.pause;
  }

  /// Sends nothing more; what is under way may still be written.
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
