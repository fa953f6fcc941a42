package org.openlockbox.gateway.protocol;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.gate.SocketStates;

/// Turns for the costly part of a login, after its credential has been shown: the proof of the
/// history, the record of the opening, a role in the database.
///
/// If all who come at once were served at once, each would take as long as all of them. Clients
/// would give up, and come again while work is still done for those who left: such a storm keeps
/// itself up. So a few are served, and the others wait: tenants in rotation, within one in the
/// order they came. Nothing is done for a client that has left meanwhile. Who waits too long is
/// told to come again.
///
/// A turn that takes longer than [#SLOW] waits for something, such as a log that cannot be written.
/// It counts no more, so it keeps nobody out.
public final class LoginTurns {
  /// A login waits as often as it works: for the control plane, the log, the database.
  static final int AT_ONCE = Math.max(32, 16 * Runtime.getRuntime().availableProcessors());

  static final Duration SLOW = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private final SocketStates states;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();

  /// Those that count, the oldest first.
  private final SequencedSet<LoginTurn> running = new LinkedHashSet<>();

  /// The tenant that is next comes first. None has an empty queue.
  private final Map<TenantId, Deque<WaitingLogin>> waiting = new LinkedHashMap<>();

  /// @param states tells whether a client has left
  public LoginTurns(LongSupplier nanoTime, SocketStates states) {
    this(nanoTime, states, PATIENCE);
  }

  LoginTurns(LongSupplier nanoTime, SocketStates states, Duration patience) {
    this.nanoTime = nanoTime;
    this.states = states;
    this.patience = patience;
  }

  /// A turn, or why there is none.
  public sealed interface LoginTurnResult permits LoginTurn, NoTurn {}

  /// Why there is none.
  public enum NoTurn implements LoginTurnResult {
    /// None came in time.
    TOO_LATE,
    /// The client had left when it came.
    HAS_LEFT
  }

  /// Somebody's turn, until it is closed.
  public final class LoginTurn implements LoginTurnResult, AutoCloseable {
    private final long began = nanoTime.getAsLong();

    private LoginTurn() {}

    private long slowInNanos() {
      return began + SLOW.toNanos() - nanoTime.getAsLong();
    }

    @Override
    public void close() {
      lock.lock();
      try {
        running.remove(this);
        callNext();
      } finally {
        lock.unlock();
      }
    }
  }

  private final class WaitingLogin {
    private final TenantId tenant;

    /// Empty if the kernel does not know the connection.
    private final Optional<SocketStates.Endpoints> client;

    private final Condition called = lock.newCondition();
    private @Nullable LoginTurnResult result;

    WaitingLogin(TenantId tenant, Optional<SocketStates.Endpoints> client) {
      this.tenant = tenant;
      this.client = client.filter(states::isConnected);
    }
  }

  /// Waits for a turn. A thread that is interrupted waits no longer.
  ///
  /// @param client the two ends of its connection, where it has one for itself
  public LoginTurnResult take(TenantId tenant, Optional<SocketStates.Endpoints> client) {
    lock.lock();
    try {
      if (waiting.isEmpty() && hasRoom()) {
        return begun();
      }
      var own = new WaitingLogin(tenant, client);
      waiting.computeIfAbsent(tenant, _ -> new ArrayDeque<>()).add(own);
      return awaited(own);
    } finally {
      lock.unlock();
    }
  }

  private LoginTurnResult awaited(WaitingLogin own) {
    long left = patience.toNanos();
    try {
      while (own.result == null && left > 0) {
        long part = Math.min(left, untilRoom());
        left -= part - Math.max(own.called.awaitNanos(part), 0);
        callNext();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (own.result != null) {
      return own.result;
    }
    leaves(own);
    return NoTurn.TOO_LATE;
  }

  private void leaves(WaitingLogin own) {
    waiting.computeIfPresent(
        own.tenant,
        (_, queue) -> {
          queue.remove(own);
          return queue.isEmpty() ? null : queue;
        });
  }

  int waiting() {
    lock.lock();
    try {
      return waiting.values().stream().mapToInt(Deque::size).sum();
    } finally {
      lock.unlock();
    }
  }

  /// How long until the oldest turn counts no more; a little at least.
  private long untilRoom() {
    long least = Duration.ofMillis(1).toNanos();
    return running.isEmpty() ? least : Math.max(running.getFirst().slowInNanos(), least);
  }

  private boolean hasRoom() {
    if (running.size() >= AT_ONCE && running.getFirst().slowInNanos() <= 0) {
      running.removeFirst();
    }
    return running.size() < AT_ONCE;
  }

  private LoginTurn begun() {
    var turn = new LoginTurn();
    running.add(turn);
    return turn;
  }

  private void callNext() {
    while (!waiting.isEmpty() && hasRoom()) {
      WaitingLogin next = next();
      next.result = next.client.filter(states::isGone).isPresent() ? NoTurn.HAS_LEFT : begun();
      next.called.signal();
    }
  }

  /// Takes out whoever is next; the tenant's other logins wait for the next round.
  private WaitingLogin next() {
    var first = waiting.entrySet().iterator().next();
    Deque<WaitingLogin> queue = first.getValue();
    waiting.remove(first.getKey());
    WaitingLogin next = queue.remove();
    if (!queue.isEmpty()) {
      waiting.put(next.tenant, queue);
    }
    return next;
  }
}
