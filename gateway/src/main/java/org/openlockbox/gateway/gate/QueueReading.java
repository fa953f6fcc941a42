package org.openlockbox.gateway.gate;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.openlockbox.gateway.controlplane.LeaseTerm;

/// One reading of what the kernel holds for sessions whose lease lapses, made on a thread of its
/// own. It begins when nothing is released to them any more, some time before what they have not
/// fetched has to go: to read takes the system some ten milliseconds of work, and on a machine that
/// has no processor to spare a second.
///
/// What was sent after it began is not in it. So it remembers how much each socket had taken
/// before; who has taken more since is not settled ([Connections#isSettled]), and a write that is
/// still under way when the time is over resets by itself.
public final class QueueReading {
  /// For how long sessions whose time is over wait for it.
  private static final Duration PATIENCE = Duration.ofMillis(150);

  /// How many bytes each of the two sockets has taken.
  public record AcceptedBytes(long client, long database) {}

  /// Those of one session: to its client and to the service.
  public interface Connections {
    /// What the sockets have taken by now.
    AcceptedBytes taken();

    /// Whether nothing is on its way that the end of the lease has to stop.
    boolean isSettled(SendQueues.EmptyQueues queues, AcceptedBytes before);
  }

  /// What is known of a session.
  public enum QueueState {
    /// All that was sent has arrived.
    SETTLED,

    /// Something is on its way, or nobody knows.
    OWES,

    /// The reading goes on, and there is time to wait for it.
    OPEN
  }

  private record CoveredLease(LeaseTerm term, AcceptedBytes before) {}

  private final Map<Connections, CoveredLease> sessions;
  private final CompletableFuture<SendQueues.EmptyQueues> empty;
  private final long begun;

  private QueueReading(
      Map<Connections, CoveredLease> sessions,
      CompletableFuture<SendQueues.EmptyQueues> empty,
      long begun) {
    this.sessions = sessions;
    this.empty = empty;
    this.begun = begun;
  }

  /// Begins to read what is queued for these, to whom nothing is released any more, each by its
  /// term.
  public static QueueReading begin(
      SendQueues queues, Map<? extends Connections, LeaseTerm> sessions, long nanos) {
    Map<Connections, CoveredLease> covered =
        sessions.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    each -> new CoveredLease(each.getValue(), each.getKey().taken())));
    var empty = new CompletableFuture<SendQueues.EmptyQueues>();
    try {
      Thread.ofPlatform()
          .name("send-queues")
          .daemon()
          .start(() -> empty.completeAsync(queues::read, Runnable::run));
    } catch (RuntimeException | Error e) {
      empty.completeExceptionally(e); // without a thread nobody is known to have fetched anything
    }
    return new QueueReading(covered, empty, nanos);
  }

  public boolean covers(Connections session, LeaseTerm term) {
    CoveredLease covered = sessions.get(session);
    return covered != null && covered.term().equals(term);
  }

  /// Of a session that it covers, once its time is over.
  public QueueState of(Connections session, long nanos) {
    CoveredLease covered = sessions.get(session);
    if (covered == null || empty.isCompletedExceptionally()) {
      return QueueState.OWES;
    }
    if (!empty.isDone()) {
      return nanos - begun < PATIENCE.toNanos() ? QueueState.OPEN : QueueState.OWES;
    }
    return session.isSettled(empty.join(), covered.before()) ? QueueState.SETTLED : QueueState.OWES;
  }
}
