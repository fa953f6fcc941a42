package org.openlockbox.postgres.database;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every few seconds at the fence of each database that has sessions, so that a migration or
/// a hand that opens it ends them. Each database has a thread of its own: one that hangs keeps
/// nobody from looking at the others.
///
/// When such a thread dies, that fence is not seen any more, and its sessions end as if it had
/// drifted.
///
/// These are platform threads: a look may hang in a look-up of the database's name, which would pin
/// a carrier that all virtual threads share.
public final class FenceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FenceWatch.class);

  /// Less than the three seconds for which a login may use a look, so that it seldom has to wait
  /// for one.
  private static final Duration EVERY = Duration.ofMillis(2500);

  private static final Thread.Builder NAMED = Thread.ofPlatform().name("fence-watch-", 0).daemon();

  private final Set<SessionRoles> watched = ConcurrentHashMap.newKeySet();
  private final Map<SessionRoles, Thread> threads = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  public FenceWatch(Collection<SessionRoles> databases) {
    this.watched.addAll(databases);
  }

  public synchronized FenceWatch start() {
    for (SessionRoles roles : watched) {
      threads.computeIfAbsent(roles, each -> NAMED.start(() -> watch(each)));
    }
    return this;
  }

  /// Watches these from now on. Of the others each is watched until no session relies on it.
  public synchronized void watchOnly(Collection<SessionRoles> databases) {
    watched.addAll(databases);
    start();
    watched.retainAll(databases);
  }

  private void watch(SessionRoles roles) {
    while (!stopping && (watched.contains(roles) || !roles.isUnused())) {
      look(roles);
      LockSupport.parkNanos(EVERY.toNanos());
    }
    threads.remove(roles);
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
      said(roles, e);
    }
  }

  private static void said(SessionRoles roles, Throwable why) {
    try {
      LOG.error("{}: the fence could not be looked at", roles.resource().id(), why);
    } catch (RuntimeException | Error e) {
      // there is no memory even for that; the next look goes on
    }
  }

  @Override
  public void close() {
    stopping = true;
    threads.values().forEach(LockSupport::unpark);
  }
}
