package org.openlockbox.server.log.checkpoint;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.LogRows;
import org.openlockbox.server.log.head.LogGrowth;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Keeps this server from signing a second history of a log: whatever it signs has to continue what
/// it signed last, by a memory that the database's restore does not reach. A log that does not is
/// refused until somebody recovers it: no entry, no checkpoint.
public final class HeadGuard {
  private static final Logger LOG = LoggerFactory.getLogger(HeadGuard.class);

  private final SignedHeads heads;
  private final Set<String> behind = ConcurrentHashMap.newKeySet();

  public HeadGuard(SignedHeads heads) {
    this.heads = heads;
  }

  /// Whether the log has fewer entries than were signed, or other ones: what can be told from its
  /// head alone. A head that was not read under the lock of its log may only be too old: more may
  /// have been committed and signed since.
  public boolean isBehind(String origin, CompactRange now) {
    return heads.last(origin).filter(last -> isBehind(last, now)).isPresent();
  }

  private static boolean isBehind(SignedHeads.TreeHead last, CompactRange now) {
    return last.size() > now.size()
        || (last.size() == now.size() && !last.root().equals(now.root()));
  }

  /// Whether the log begins with what was signed. Its head is locked, or nobody else is there.
  ///
  /// @param rootAt the root of the log's first so many entries
  boolean continues(String origin, CompactRange now, LongFunction<Hash> rootAt) {
    return continues(origin, () -> now, rootAt);
  }

  /// Whether the log begins with what was signed, while it grows. Its head is read after what was
  /// signed: that had been committed before, and is in it.
  boolean continues(String origin, Supplier<CompactRange> committed, LongFunction<Hash> rootAt) {
    var signed = heads.last(origin);
    var now = committed.get();
    return signed
        .map(
            last ->
                !isBehind(last, now)
                    && (last.size() == now.size() || rootAt.apply(last.size()).equals(last.root())))
        .orElse(true);
  }

  /// Whether the log begins with what was signed. Nothing has to be read if that is where it grew
  /// from.
  boolean continues(LogGrowth growth, LongFunction<Hash> rootAt) {
    return heads
        .last(growth.origin().value())
        .map(last -> continues(last, growth, rootAt))
        .orElse(true);
  }

  private static boolean continues(
      SignedHeads.TreeHead last, LogGrowth growth, LongFunction<Hash> rootAt) {
    return last.equals(growth.from())
        || last.equals(growth.to())
        || (last.size() < growth.to().size() && rootAt.apply(last.size()).equals(last.root()));
  }

  /// Throws if the log does not begin with what was signed.
  void require(LogGrowth growth, LongFunction<Hash> rootAt) {
    if (!continues(growth, rootAt)) {
      throw refused(growth.origin().value(), growth.to().size());
    }
  }

  /// Throws if the log does not begin with what was signed.
  public void require(String origin, CompactRange now, LongFunction<Hash> rootAt) {
    if (!continues(origin, now, rootAt)) {
      throw refused(origin, now.size());
    }
  }

  /// The logs that were refused, and have not been found whole since.
  public Set<String> behind() {
    return Set.copyOf(behind);
  }

  /// The log was looked at again, and continues what was signed.
  void isWhole(String origin) {
    behind.remove(origin);
  }

  Optional<SignedHeads.TreeHead> last(String origin) {
    return heads.last(origin);
  }

  /// Goes on from a head of the log although another one was signed. Only a recorded recovery may
  /// do that.
  void goOn(String origin, SignedHeads.TreeHead signed, SignedHeads.TreeHead from) {
    heads.recover(origin, signed, from);
    behind.remove(origin);
  }

  /// Remembers heads as signed; durable on return.
  public void signed(Map<String, SignedHeads.TreeHead> signed) {
    heads.advance(signed);
  }

  /// Whether what is signed now of these logs could be remembered after its commit. Where servers
  /// share a memory, it is asked, so that what others signed counts as well.
  public boolean canRemember(Set<String> origins) {
    try {
      heads.makeRoom();
      heads.ask(origins);
      return true;
    } catch (SignedHeads.HeadsNotWritable e) {
      return false;
    }
  }

  /// The same without waiting for another machine, as far as is known: for what ends access.
  public boolean canRememberAtOnce() {
    return heads.isReady();
  }

  /// Takes what is remembered of a log as it is now, also where another server has recovered it.
  void refresh(String origin) {
    heads.refresh(origin);
  }

  /// Before a server signs anything. Throws [IllegalStateException] if nothing is remembered here
  /// of the logs that the database says were signed: the memory was lost, renamed or not mounted,
  /// or this server is new, and only its operator can tell. Says loudly which logs are behind.
  public HeadGuard begin(JdbcClient jdbc) {
    var rows = new LogRows(jdbc);
    if (heads.origins().isEmpty()) {
      new CheckpointRows(jdbc).anySigned().ifPresent(HeadGuard::forgotten);
    }
    var gone = new HashSet<>(heads.origins());
    gone.removeIf(origin -> EpochLog.named(origin).isPresent());
    rows.forEachHead(
        head -> {
          var origin = head.origin().value();
          gone.remove(origin);
          if (isBehind(origin, head.range())) {
            refused(origin, head.range().size());
          }
        },
        origin -> {
          gone.remove(origin.value());
          LOG.error(
              "THE LOG {} IS DAMAGED: its head cannot be read, and nothing is appended to it."
                  + " Restore it from a backup.",
              origin);
        });
    gone.forEach(origin -> refused(origin, 0));
    return this;
  }

  private static void forgotten(TenantId tenant) {
    throw new IllegalStateException(
        """
        nothing is remembered here of the logs that were signed before, that of %s among them, so \
        this server cannot tell whether the database was set back. If it ran before, give it back \
        the directory that server.signedHeads names. If it is new, or that directory is lost and \
        the database is the newest there is: lockbox remember --config FILE\
        """
            .formatted(tenant));
  }

  /// Remembers, where nothing is remembered yet, every tenant's log as the database has it.
  ///
  /// @return how many
  public int remember(JdbcClient jdbc) {
    if (!heads.origins().isEmpty()) {
      throw new IllegalStateException("what was signed is remembered already; nothing was changed");
    }
    var found = new HashMap<String, SignedHeads.TreeHead>();
    new LogRows(jdbc)
        .forEachHead(
            head -> found.put(head.origin().value(), SignedHeads.TreeHead.of(head.range())),
            origin -> {
              throw new IllegalStateException(
                  "the head of %s cannot be read, so it cannot be remembered".formatted(origin));
            });
    heads.advance(found);
    return found.size();
  }

  /// What everybody is told who needs this log, and once, loudly, the operator.
  public Problem refused(String origin, long size) {
    var why =
        "%s has %d entries, and %s were signed: the database was rolled back or changed"
            .formatted(
                origin, size, heads.last(origin).map(last -> "" + last.size()).orElse("others"));
    if (behind.add(origin)) {
      LOG.error(
          "NOTHING IS SIGNED OR APPENDED: {}. Restore a newer backup; if there is none:"
              + " lockbox recover --config FILE --log {} --reason TEXT",
          why,
          origin);
    }
    return Problem.rolledBack(why);
  }
}
