package org.openlockbox.server.log.checkpoint;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Heads that were signed in transactions whose end nobody knows, because the answer to the commit
/// was lost. If one has committed, others have seen its checkpoint: then it is remembered as any
/// other that was signed.
final class HeadsInDoubt {
  /// A log has the head if a batch of it ends there with that root. If it is as long and has
  /// another one there, the transaction did not commit, and never will.
  private static final String LOOK =
      """
      select d.origin, d.size, d.root, h.size >= d.size as reached,
             coalesce(b.size = d.size and b.root = d.root, false) as contained
        from unnest(?::text[], ?::bigint[], ?::bytea[]) as d (origin, size, root)
        join tenant t on t.origin = d.origin
        join log_head h on h.tenant_id = t.id
        left join lateral (
             select first_seq + count as size, root from log_batch
              where tenant_id = t.id and first_seq < d.size
              order by first_seq desc limit 1) as b on true
      """;

  record SignedHead(String origin, SignedHeads.TreeHead head) {}

  /// What a log says of a head that was signed.
  record LogState(SignedHead signed, boolean reached, boolean contained) {
    static LogState of(ResultSet row) throws SQLException {
      var head = new SignedHeads.TreeHead(row.getLong("size"), Hash.of(row.getBytes("root")));
      return new LogState(
          new SignedHead(row.getString("origin"), head),
          row.getBoolean("reached"),
          row.getBoolean("contained"));
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(HeadsInDoubt.class);

  private final JdbcClient jdbc;
  private final HeadGuard guard;
  private final Set<SignedHead> doubted = new HashSet<>();

  HeadsInDoubt(JdbcClient jdbc, HeadGuard guard) {
    this.jdbc = jdbc;
    this.guard = guard;
  }

  synchronized void add(Map<String, SignedHeads.TreeHead> heads) {
    heads.forEach((origin, head) -> doubted.add(new SignedHead(origin, head)));
  }

  synchronized boolean isEmpty() {
    return doubted.isEmpty();
  }

  /// What the logs say of them. It may be less durable than a commit.
  List<LogState> look() {
    var all = all();
    return all.isEmpty() ? List.of() : look(all);
  }

  /// Remembers those that their logs have, and forgets those that they cannot get any more.
  ///
  /// @param found by [#look], and durable since
  void settle(List<LogState> found) {
    for (var one : found) {
      if (one.contained) {
        remember(one.signed);
      }
      if (one.reached) {
        forget(one.signed);
      }
    }
  }

  /// One that contradicts what was signed is refused for good, and keeps no other from it.
  private void remember(SignedHead signed) {
    try {
      guard.signed(Map.of(signed.origin, signed.head));
    } catch (IllegalStateException contradicts) {
      LOG.error("a commit whose answer was lost is not remembered as signed", contradicts);
    }
  }

  private synchronized List<SignedHead> all() {
    return new ArrayList<>(doubted);
  }

  private synchronized void forget(SignedHead signed) {
    doubted.remove(signed);
  }

  private List<LogState> look(List<SignedHead> all) {
    return jdbc.sql(LOOK)
        .params(
            all.stream().map(SignedHead::origin).toArray(String[]::new),
            all.stream().map(one -> one.head.size()).toArray(Long[]::new),
            all.stream().map(one -> one.head.root().bytes()).toArray(byte[][]::new))
        .query((row, n) -> LogState.of(row))
        .list();
  }
}
