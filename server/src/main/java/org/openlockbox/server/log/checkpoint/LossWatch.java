package org.openlockbox.server.log.checkpoint;

import java.util.HashSet;
import java.util.Set;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.server.log.append.LogRows;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Looks after logs that are behind what this server signed. When another PostgreSQL answers than
/// before, by a failover or a restart, all logs are compared. What is missing is put on record, and
/// a recovery that gives up exactly that is accepted: so `lockbox recover` on one server is enough
/// for all of them (ADR 36).
public final class LossWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LossWatch.class);

  private final JdbcClient jdbc;
  private final LogRows rows;
  private final LogReader reader;
  private final Recoveries recoveries;
  private final HeadGuard guard;
  private final Set<TreeHead> onRecord = new HashSet<>();
  private final Runnable changed;
  private String compared;

  /// The logs have just been compared by [HeadGuard#begin].
  ///
  /// @param changed is told when logs may not be what they were
  public LossWatch(JdbcClient jdbc, LogKeys keys, HeadGuard guard, Runnable changed) {
    this.changed = changed;
    this.jdbc = jdbc;
    this.rows = new LogRows(jdbc);
    this.reader = new LogReader(jdbc);
    this.recoveries = new Recoveries(jdbc, keys);
    this.guard = guard;
    this.compared = answering();
    round();
  }

  /// Which start of which PostgreSQL answers.
  private String answering() {
    return jdbc.sql("select pg_postmaster_start_time()::text").query(String.class).single();
  }

  public void round() {
    var now = answering();
    if (!now.equals(compared)) {
      changed.run();
      compareAll();
      compared = now;
    }
    for (var origin : guard.behind()) {
      if (EpochLog.named(origin).isEmpty()) {
        settleIfReadable(new LogOrigin(origin));
      }
    }
  }

  private void compareAll() {
    rows.forEachHead(
        head -> {
          var origin = head.origin().value();
          if (guard.isBehind(origin, head.range()) && !continues(head.origin())) {
            guard.refused(origin, head.range().size());
          }
        },
        origin -> LOG.debug("the head of {} cannot be read", origin));
  }

  private boolean continues(LogOrigin origin) {
    var tenant = origin.tenant();
    return guard.continues(
        origin.value(), () -> rows.head(tenant).range(), size -> reader.tree(tenant, size).root());
  }

  /// What cannot be read of one log keeps no other from being settled.
  private void settleIfReadable(LogOrigin origin) {
    try {
      settle(origin);
    } catch (IllegalArgumentException e) {
      LOG.debug("the head of {} cannot be read", origin, e);
    }
  }

  private void settle(LogOrigin origin) {
    var tenant = origin.tenant();
    if (reader.size(tenant) == 0) {
      return; // there is nothing that could go on
    }
    guard.refresh(origin.value());
    if (continues(origin)) {
      guard.isWhole(origin.value());
      return;
    }
    var signed = guard.last(origin.value()).orElseThrow();
    var goesOn = recoveries.goesOn(origin, signed);
    if (goesOn.isPresent()) {
      changed.run();
      guard.goOn(origin.value(), signed, goesOn.get());
      LOG.warn(
          "{} goes on from {} entries: a recovery on record gives up the {} that were signed here",
          origin,
          goesOn.get().size(),
          signed.size());
    } else if (onRecord.add(signed)) {
      recoveries.miss(origin.value(), signed);
    }
  }
}
