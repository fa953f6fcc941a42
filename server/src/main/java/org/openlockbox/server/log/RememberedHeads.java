package org.openlockbox.server.log;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.cache.RecentlyUsed;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.BlockMentions;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.log.append.LogRows;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.entry.CounterLine;

/// The heads of logs as this server left them, and the counters that it knows of them. Nothing but
/// a guess: another server may have appended since, so whoever goes on from one has the database
/// compare. Bounded; what is not remembered is read.
public final class RememberedHeads {
  private static final int MOST_HEADS = 10_000;
  private static final int MOST_LINES = 64;

  /// A head, the next counters of some lines at that moment, and what its newest block mentions.
  record RememberedHead(
      LogRows.LockedHead locked, Map<CounterLine, Long> counters, BlockMentions mentioned) {
    RememberedHead {
      counters = Map.copyOf(counters);
    }

    long size() {
      return locked.head().range().size();
    }

    /// What is known after a change. Other lines' counters stay what they were if it goes on from
    /// here, and what is mentioned stays so.
    private RememberedHead after(LogBatch.LogChange change, RememberedHead next) {
      if (!locked.head().range().equals(change.log().before)) {
        return next;
      }
      var both = mentioned.and(next.mentioned);
      if (counters.size() + next.counters.size() > MOST_LINES) {
        return new RememberedHead(next.locked, next.counters, both);
      }
      var all = new HashMap<>(counters);
      all.putAll(next.counters);
      return new RememberedHead(next.locked, all, both);
    }
  }

  private final HeadGuard guard;
  private final Map<TenantId, RememberedHead> heads = new RecentlyUsed<>(MOST_HEADS);

  public RememberedHeads(HeadGuard guard) {
    this.guard = guard;
  }

  /// Empty also where more was signed since: then somebody has gone on, or the log was set back,
  /// and its head, once it is locked, says which.
  public synchronized Optional<RememberedHead> of(TenantId tenant) {
    return Optional.ofNullable(heads.get(tenant)).filter(known -> !isBehind(known.locked.head()));
  }

  private boolean isBehind(LogRows.TenantLogHead head) {
    return guard.isBehind(head.origin().value(), head.range());
  }

  /// Takes note of what was committed.
  public synchronized void committed(LogBatch.LogChange change) {
    var log = change.log();
    var head = new LogRows.TenantLogHead(change.tenant(), log.origin, change.range());
    var next =
        new RememberedHead(
            new LogRows.LockedHead(head, log.keyringSeq, log.keyNo), log.counters, log.mentioned());
    heads.merge(
        change.tenant(),
        next,
        (before, _) -> before.size() > next.size() ? before : before.after(change, next));
  }

  synchronized void forget(Collection<TenantId> tenants) {
    tenants.forEach(heads::remove);
  }
}
