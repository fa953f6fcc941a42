package org.openlockbox.gateway.session;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.thread.LastingRounds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The live sessions of a protocol whose clients have no connection of their own: one for each key
/// that is shown, such as a token. Whoever shows it first opens the session, and all others are
/// part of it, or wait until it is open. It ends with the access, or after a time without use; the
/// next one who shows the key is then admitted anew.
public final class SessionSlots<K, S extends SessionSlots.SlotSession> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionSlots.class);
  private static final LastingRounds ROUNDS =
      new LastingRounds(LOG, "the look for unused sessions");
  private static final long LOOK_SECONDS = 5;

  /// A session without a connection.
  public interface SlotSession {
    /// Whether something may begin in it.
    boolean isOpen();

    /// Whether nothing was asked of it for so long, and nothing is under way.
    boolean isIdleFor(Duration time);

    /// Ends it, because nobody uses it any more.
    void endUnused();
  }

  private static final class Slot<S extends SlotSession> {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable S live;

    Optional<S> open() {
      return Optional.ofNullable(live).filter(SlotSession::isOpen);
    }
  }

  private final Map<K, Slot<S>> slots = new ConcurrentHashMap<>();
  private final Duration idle;
  private final ScheduledExecutorService looks;

  /// @param name that of the thread which looks for unused sessions
  /// @param idle how long a session goes on without use
  public SessionSlots(String name, Duration idle) {
    this.idle = idle;
    this.looks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon().factory());
    var _ = looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /// The open session of this key, made an answer by `joined`; or whatever `opens` answers, which
  /// gives the session that it opens to the consumer. May wait.
  ///
  /// @param fits whether the one that is there will do, asked under its lock; if not, another takes
  ///   its place
  public <R> R enter(
      K key, Predicate<S> fits, Function<S, R> joined, Function<Consumer<S>, R> opens) {
    while (true) {
      Slot<S> slot = slots.computeIfAbsent(key, _ -> new Slot<>());
      slot.lock.lock();
      try {
        Optional<S> open = slot.open().filter(fits);
        if (open.isPresent()) {
          return joined.apply(open.get());
        }
        if (slots.get(key) == slot) {
          return opened(slot, key, opens);
        }
      } finally {
        slot.lock.unlock();
      }
    }
  }

  private <R> R opened(Slot<S> slot, K key, Function<Consumer<S>, R> opens) {
    slot.live = null;
    try {
      return opens.apply(session -> slot.live = session);
    } finally {
      if (slot.live == null) {
        slots.remove(key, slot);
      }
    }
  }

  /// An open session and its key.
  public record OpenSlot<K, S>(K key, S session) {}

  /// The open sessions, in no order.
  public Stream<OpenSlot<K, S>> open() {
    return slots.entrySet().stream()
        .flatMap(
            each -> each.getValue().open().stream().map(it -> new OpenSlot<>(each.getKey(), it)));
  }

  /// A look that failed would be the last one.
  private void look() {
    try {
      ROUNDS.run(() -> slots.forEach(this::look));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(K key, Slot<S> slot) {
    S live = slot.live;
    if (live == null || !slot.lock.tryLock()) {
      return;
    }
    try {
      if (!live.isOpen()) {
        slots.remove(key, slot);
      } else if (live.isIdleFor(idle)) {
        live.endUnused();
      }
    } finally {
      slot.lock.unlock();
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
