package org.openlockbox.gateway.admission;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.thread.LastingRounds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes an end that a lease told of a session here final: whoever told it cannot take it back, not
/// even by a restart of this gateway.
///
/// Hears it on the lease's thread and does not wait there; the memory is written on a thread of its
/// own, again and again until it is. A crash before that forgets an end of which the log has the
/// entry.
public final class RequestEnds implements AutoCloseable {
  private static final long RETRY_MILLIS = 1000;
  private static final Logger LOG = LoggerFactory.getLogger(RequestEnds.class);

  private final Admission admission;
  private final Supplier<List<Permit>> live;
  private final InstantSource clock;
  private final LinkedBlockingDeque<Permit> toKeep = new LinkedBlockingDeque<>();
  private final Set<SessionId> heard = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private @Nullable Permit inHand;

  /// @param live the permits of the sessions that are open
  public RequestEnds(Admission admission, Supplier<List<Permit>> live, InstantSource clock) {
    this.admission = admission;
    this.live = live;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("request-ends").daemon().unstarted(this::run);
  }

  public RequestEnds start() {
    thread.start();
    return this;
  }

  /// Takes note of the ends before their time.
  public void heed(LeaseAnswer answer) {
    if (answer.ended().isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    List<Permit> open = live.get();
    heard.retainAll(open.stream().map(Permit::session).collect(Collectors.toSet()));
    for (Permit permit : open) {
      if (answer.ended().contains(permit.request())
          && now.isBefore(permit.terms().window().notAfter())
          && !heard.contains(permit.session())) {
        admission.ended(permit);
        toKeep.add(permit);
        heard.add(permit.session()); // last: what went wrong before that is done again
      }
    }
  }

  private void run() {
    LastingRounds rounds = new LastingRounds(LOG, "keeping ends of access");
    try {
      while (true) {
        rounds.run(this::keepNext);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What was taken and is not kept yet stays in hand, also where something goes wrong here.
  private void keepNext() throws InterruptedException {
    Permit permit = inHand == null ? toKeep.take() : inHand;
    inHand = permit;
    boolean kept = isKept(permit);
    if (!kept) {
      toKeep.add(permit); // behind those that another database may take
    }
    inHand = null;
    if (!kept) {
      Thread.sleep(RETRY_MILLIS);
    }
  }

  private boolean isKept(Permit permit) {
    try {
      admission.keepEnd(permit);
      return true;
    } catch (RuntimeException | Error e) {
      LOG.warn("the end of {} is not kept yet: {}", permit.request(), e.toString());
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
