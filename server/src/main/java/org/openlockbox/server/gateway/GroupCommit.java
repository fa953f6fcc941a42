package org.openlockbox.server.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.problem.RepeatedFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Natural group commit across tenants and gateways: while one group commits, the calls that come
/// gather, and they are the next group. A lone caller waits for nobody, and if its thread is a
/// platform one it commits by itself: two wake-ups less. One thread commits at a time, so a server
/// gives the entries of one tenant their order by construction; between servers the locked heads
/// do.
///
/// Bounded: what waits holds at most [#MOST_WAITING] bytes, and whoever comes then is told to come
/// again.
final class GroupCommit implements AutoCloseable {
  static final long MOST_WAITING = 48L << 20;

  /// About a thousand statements: a few dozen milliseconds of work.
  private static final long MOST_AT_ONCE = 2L << 20;

  /// Whoever shares a transaction with a call that weighs more has to wait long for it.
  static final long HEAVY = 512L << 10;

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  private final RepeatedFailure failure = new RepeatedFailure(LOG);
  private final Consumer<List<AppendCall>> commit;
  private final Thread thread;
  private final LinkedHashMap<AppendCall.CallingBoot, ArrayDeque<AppendCall>> waiting =
      new LinkedHashMap<>();
  private long weight;
  private boolean heavyWasLast;
  private boolean committing;
  private boolean closed;

  /// @param commit answers each call; throws nothing
  GroupCommit(Consumer<List<AppendCall>> commit) {
    this.commit = commit;
    this.thread = Thread.ofPlatform().daemon().name("group-commit").start(this::run);
  }

  /// Queues a call and, if nobody commits at the moment, commits it at once with what waits.
  ///
  /// @return the call whose answer is to be awaited
  AppendCall add(AppendCall call) {
    AppendCall queued = enqueue(call);
    if (!Thread.currentThread().isVirtual() && begin()) {
      commitNext();
    }
    return queued;
  }

  /// Queues a call, unless the very same waits already: its caller has given up waiting for that
  /// and asks again.
  private synchronized AppendCall enqueue(AppendCall call) {
    for (var before : waiting.getOrDefault(call.caller(), new ArrayDeque<>())) {
      if (before.isSame(call)) {
        return before;
      }
    }
    if (closed || weight + call.weight() > MOST_WAITING) {
      throw Problem.busy();
    }
    weight += call.weight();
    waiting.computeIfAbsent(call.caller(), caller -> new ArrayDeque<>()).add(call);
    if (Thread.currentThread().isVirtual()) {
      notifyAll();
    }
    return call;
  }

  /// True if the caller is the one to commit now.
  private synchronized boolean begin() {
    if (committing || closed || waiting.isEmpty()) {
      return false;
    }
    committing = true;
    return true;
  }

  private void commitNext() {
    try {
      var group = next();
      if (!group.isEmpty()) {
        commit.accept(group);
      }
    } finally {
      end();
    }
  }

  private synchronized void end() {
    committing = false;
    if (!waiting.isEmpty() || closed) {
      notifyAll();
    }
  }

  private synchronized void awaitWork() throws InterruptedException {
    while ((waiting.isEmpty() || committing) && !closed) {
      wait();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  boolean isRunning() {
    return thread.isAlive();
  }

  /// How many calls wait for the next group.
  synchronized int size() {
    return waiting.values().stream().mapToInt(ArrayDeque::size).sum();
  }

  private void run() {
    try {
      while (!isClosed()) {
        awaitWork();
        commitWhatWaits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whatever goes wrong, the thread goes on. Who waits for a group that was lost by it gives up,
  /// and asks again.
  private void commitWhatWaits() {
    try {
      if (begin()) {
        commitNext();
      }
    } catch (RuntimeException | Error e) {
      failure.tellIfPossible("a group of appends failed", e);
    }
  }

  /// Of each boot its first, those boots before that have waited longest; none when closed. Where
  /// heavy calls wait and others too, they take turns.
  private synchronized List<AppendCall> next() {
    var group = new ArrayList<AppendCall>();
    long taken = 0;
    heavyWasLast = isWaiting(true) && !(heavyWasLast && isWaiting(false));
    for (var entry : List.copyOf(waiting.entrySet())) {
      var calls = entry.getValue();
      if (isHeavy(calls.getFirst()) != heavyWasLast) {
        continue;
      }
      if (closed || (taken > 0 && taken + calls.getFirst().weight() > MOST_AT_ONCE)) {
        break;
      }
      taken += calls.getFirst().weight();
      group.add(calls.removeFirst());
      waiting.remove(entry.getKey());
      if (!calls.isEmpty()) {
        waiting.putLast(entry.getKey(), calls);
      }
    }
    weight -= taken;
    return group;
  }

  private boolean isWaiting(boolean heavy) {
    return waiting.values().stream().anyMatch(calls -> isHeavy(calls.getFirst()) == heavy);
  }

  private static boolean isHeavy(AppendCall call) {
    return call.weight() > HEAVY;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      for (var calls : waiting.values()) {
        calls.forEach(
            call -> call.answer(new AppendCall.AppendAnswer.NotAppended(Problem.unavailable())));
      }
      waiting.clear();
    }
  }
}
