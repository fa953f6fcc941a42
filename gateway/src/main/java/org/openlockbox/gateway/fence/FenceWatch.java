package org.openlockbox.gateway.fence;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every few seconds at the fence of each database that has sessions, so that a migration or
/// a hand that opens it ends them.
///
/// When this thread dies, no fence is seen any more, and sessions end as if it had drifted.
public final class FenceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FenceWatch.class);

  /// Less than the three seconds for which a login may use a look, so that it seldom has to wait
  /// for one.
  private static final Duration EVERY = Duration.ofMillis(2500);

  private final List<SessionRoles> databases;
  private final Thread thread;
  private volatile boolean stopping;

  public FenceWatch(Collection<SessionRoles> databases) {
    this.databases = List.copyOf(databases);
    this.thread = Thread.ofPlatform().name("fence-watch").daemon().unstarted(this::run);
  }

  public FenceWatch start() {
    thread.start();
    return this;
  }

  private void run() {
    while (!stopping) {
      databases.forEach(FenceWatch::look);
      LockSupport.parkNanos(EVERY.toNanos());
    }
  }

  private static void look(SessionRoles roles) {
    try {
      roles
          .drift()
          .ifPresent(
              deviation ->
                  LOG.error(
                      "{}: the fence broke, sessions end: {}", roles.resource().id(), deviation));
    } catch (RuntimeException | Error e) {
      LOG.error("{}: the fence could not be looked at", roles.resource().id(), e);
    }
  }

  @Override
  public void close() {
    stopping = true;
    LockSupport.unpark(thread);
  }
}
