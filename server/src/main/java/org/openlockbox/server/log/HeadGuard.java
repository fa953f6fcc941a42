package org.openlockbox.server.log;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.CompactRange;
import org.openlockbox.tlog.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Keeps this server from signing a second history of a log: whatever it signs has to continue what
/// it signed last, by a memory that the database's restore does not reach. A log that does not is
/// refused until somebody recovers it: no entry, no checkpoint.
public final class HeadGuard {
  private static final Logger LOG = LoggerFactory.getLogger(HeadGuard.class);

  private final SignedHeads heads;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  public HeadGuard(SignedHeads heads) {
    this.heads = heads;
  }

  /// Whether the log has fewer entries than were signed, or other ones: what can be told from its
  /// head alone. The head must be committed, and the newest.
  boolean isBehind(String origin, CompactRange now) {
    return heads
        .last(origin)
        .filter(
            last ->
                last.size() > now.size()
                    || (last.size() == now.size() && !last.root().equals(now.root())))
        .isPresent();
  }

  /// Whether the log begins with what was signed.
  ///
  /// @param rootAt the root of the log's first so many entries
  public boolean continues(String origin, CompactRange now, LongFunction<Hash> rootAt) {
    return !isBehind(origin, now)
        && heads
            .last(origin)
            .filter(last -> last.size() < now.size())
            .map(last -> rootAt.apply(last.size()).equals(last.root()))
            .orElse(true);
  }

  /// Whether the log begins with what was signed. Nothing has to be read if that is where it grew
  /// from.
  boolean continues(Growth growth, LongFunction<Hash> rootAt) {
    return heads
        .last(growth.origin().value())
        .map(last -> continues(last, growth, rootAt))
        .orElse(true);
  }

  private static boolean continues(
      SignedHeads.Head last, Growth growth, LongFunction<Hash> rootAt) {
    return last.equals(growth.from())
        || last.equals(growth.to())
        || (last.size() < growth.to().size() && rootAt.apply(last.size()).equals(last.root()));
  }

  /// Throws if the log does not begin with what was signed.
  void require(Growth growth, LongFunction<Hash> rootAt) {
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

  /// Remembers heads as signed; durable on return.
  public void signed(Map<String, SignedHeads.Head> signed) {
    heads.advance(signed);
  }

  /// Says loudly that the database is believed, since nothing of what was signed is remembered
  /// here. Right at a server's first start; wrong where its memory was lost, renamed or not
  /// mounted.
  public HeadGuard begin(JdbcClient jdbc) {
    if (heads.isEmpty()) {
      new LogRows(jdbc)
          .anySigned()
          .ifPresent(
              tenant ->
                  LOG.warn(
                      "NOTHING IS REMEMBERED of the logs that were signed before, that of {} among"
                          + " them, so the database is believed as it is. Right for a server that"
                          + " is new. If this one ran before, stop it, and give it back the"
                          + " directory that server.signedHeads names.",
                      tenant));
    }
    return this;
  }

  /// What everybody is told who needs this log, and once, loudly, the operator.
  Problem refused(String origin, long size) {
    var why =
        "%s has %d entries, and %s were signed: the database was rolled back or changed"
            .formatted(
                origin, size, heads.last(origin).map(last -> "" + last.size()).orElse("others"));
    if (told.add(origin)) {
      LOG.error(
          "NOTHING IS SIGNED OR APPENDED: {}. Restore a newer backup; if there is none:"
              + " lockbox recover --config FILE --log {} --reason TEXT",
          why,
          origin);
    }
    return Problem.rolledBack(why);
  }
}
