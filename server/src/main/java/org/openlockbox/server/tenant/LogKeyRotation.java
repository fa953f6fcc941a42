package org.openlockbox.server.tenant;

import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.problem.RepeatedFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/// Hands the logs of all tenants over to the next pair of log keys, once the operator said so
/// (`lockbox log-keys rotate`). Each log by itself, in a transaction of its own: killed anywhere,
/// the next round on whichever server goes on.
public final class LogKeyRotation {
  private static final Logger LOG = LoggerFactory.getLogger(LogKeyRotation.class);
  private static final int AT_ONCE = 200;

  private final RepeatedFailures lasting = new RepeatedFailures(LOG);
  private final Tenants tenants;
  private final LogKeyRows rows;
  private final LogKeys keys;
  private final TransactionTemplate transaction;

  public LogKeyRotation(
      Tenants tenants, LogKeyRows rows, LogKeys keys, TransactionTemplate transaction) {
    this.tenants = tenants;
    this.rows = rows;
    this.keys = keys;
    this.transaction = transaction;
  }

  /// One that cannot be handed over, because its log is behind what was signed, keeps no other from
  /// it.
  ///
  /// @return how many were handed over
  public int round() {
    keys.readAgain();
    var next = keys.next("x");
    if (next.isEmpty()) {
      return 0;
    }
    int done = 0;
    for (var tenant : rows.others(next.get(), AT_ONCE)) {
      var subject = "the log of " + tenant;
      try {
        transaction.executeWithoutResult(_ -> tenants.rotateLogKeys(tenant));
        lasting.over(subject, "is handed over to the next log keys");
        done++;
      } catch (RuntimeException e) {
        lasting.warn(subject, "is not handed over to the next log keys: " + e.getMessage());
      }
    }
    if (done > 0) {
      LOG.info("{} logs were handed over to the next log keys", done);
    }
    return done;
  }
}
