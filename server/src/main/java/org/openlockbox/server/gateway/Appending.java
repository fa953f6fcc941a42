package org.openlockbox.server.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.evidence.EntryType;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.LogBatch;
import org.openlockbox.server.log.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Appends what gateways record. A batch is one transaction over all its tenants; when the answer
/// goes out, it is durable. Sent again (the answer was lost), the same entries get the same
/// indices: each gateway boot numbers its entries of a tenant contiguously, and a gap is refused.
public final class Appending {
  private final Store store;
  private final Effects effects;

  public Appending(Store store, Effects effects) {
    this.store = store;
    this.effects = effects;
  }

  /// The index of each entry, in the order sent.
  public List<Long> append(GatewayId gateway, String boot, List<Sent> entries) {
    for (var sent : entries) {
      if (!sent.stamp().id().equals(gateway) || !sent.stamp().boot().equals(boot)) {
        throw Problem.refused("stamp", "an entry carries another gateway's mark");
      }
      checkSignature(sent);
    }
    return store.within(() -> new Batch(gateway, boot, entries).write());
  }

  private void checkSignature(Sent sent) {
    if (!sent.body().type().isSignedByGateway()) {
      return;
    }
    var key = store.tenants().keyring(sent.tenant()).gateway(sent.stamp().id());
    if (key.filter(k -> sent.stamp().isSignedBy(k.key(), sent.tenant(), sent.body())).isEmpty()) {
      throw Problem.refused(
          "signature",
          "%s is not signed by the key that the genesis of %s names for gateway %s"
              .formatted(sent.body().type().word(), sent.tenant(), sent.stamp().id()));
    }
  }

  /// A run of contiguous counters that got contiguous indices.
  private static final class Run {
    final long gwSeq;
    final long seq;
    int count;

    Run(long gwSeq, long seq) {
      this.gwSeq = gwSeq;
      this.seq = seq;
    }
  }

  /// One call's work inside its transaction.
  private final class Batch {
    private final GatewayId gateway;
    private final String boot;
    private final List<Sent> entries;
    private final LogBatch log;
    private final Map<TenantId, Long> next;
    private final Map<TenantId, Run> runs = new HashMap<>();

    Batch(GatewayId gateway, String boot, List<Sent> entries) {
      this.gateway = gateway;
      this.boot = boot;
      this.entries = entries;
      var tenants = entries.stream().map(Sent::tenant).distinct().toList();
      this.log = store.logs().lock(tenants);
      this.next = nextCounters(store.jdbc(), gateway, boot, tenants);
    }

    List<Long> write() {
      var indices = new ArrayList<Long>(entries.size());
      boolean sign = false;
      for (var sent : entries) {
        long expected = next.getOrDefault(sent.tenant(), 0L);
        if (sent.stamp().seq() > expected) {
          throw Problem.conflict(
              "gap",
              "the next entry of %s has counter %d, not %d"
                  .formatted(sent.tenant(), expected, sent.stamp().seq()));
        }
        if (sent.stamp().seq() < expected) {
          indices.add(sameAsBefore(sent));
        } else {
          indices.add(append(sent));
          sign |= isSignedAtOnce(sent.body().type());
        }
      }
      writeRuns();
      if (sign) {
        store.logs().writeSigned(log);
      } else {
        store.logs().write(log);
      }
      return indices;
    }

    private long append(Sent sent) {
      var entry = log.append(sent.tenant(), sent.body(), Optional.of(sent.stamp()));
      sent.texts().forEach(text -> log.keep(sent.tenant(), text));
      next.put(sent.tenant(), sent.stamp().seq() + 1);
      runs.computeIfAbsent(sent.tenant(), _ -> new Run(sent.stamp().seq(), entry.seq())).count++;
      effects.apply(sent, log, entry.seq());
      return entry.seq();
    }

    /// The index that this counter got when it was sent before; refuses another entry under it.
    private long sameAsBefore(Sent sent) {
      var run = runs.get(sent.tenant());
      if (run != null && sent.stamp().seq() >= run.gwSeq) {
        throw Problem.refused("counter", "a counter twice in one batch");
      }
      long seq = earlierIndex(sent);
      var stored = store.reader().entries(sent.tenant(), seq, 1).getFirst();
      if (!isSame(stored, sent)) {
        throw Problem.conflict("counter_reused", "another entry has this counter already");
      }
      return seq;
    }

    private boolean isSame(StoredEntry stored, Sent sent) {
      var entry = stored.read();
      return entry.body().equals(sent.body())
          && entry.gateway().filter(sent.stamp()::equals).isPresent();
    }

    private long earlierIndex(Sent sent) {
      return store
          .jdbc()
          .sql(
              """
              select seq + (? - gw_seq) as seq from gateway_run
               where tenant_id = ? and gateway = ? and boot = ? and gw_seq <= ?
               order by gw_seq desc limit 1
              """)
          .params(
              sent.stamp().seq(), sent.tenant().value(), gateway.value(), boot, sent.stamp().seq())
          .query((row, n) -> row.getLong("seq"))
          .single();
    }

    private void writeRuns() {
      for (var run : runs.entrySet()) {
        store
            .jdbc()
            .sql(
                """
                insert into gateway_run (tenant_id, gateway, boot, gw_seq, count, seq)
                values (?, ?, ?, ?, ?, ?)
                """)
            .params(
                run.getKey().value(),
                gateway.value(),
                boot,
                run.getValue().gwSeq,
                run.getValue().count,
                run.getValue().seq)
            .update();
      }
    }
  }

  private static boolean isSignedAtOnce(EntryType type) {
    return switch (type) {
      case SESSION_OPEN, SESSION_CLOSE, REMOVAL_FAILED -> true;
      case STATEMENT, OUTCOME -> false;
      case GENESIS,
          KEY_ADD,
          KEY_REMOVE,
          REQUEST,
          REVIEW,
          DECISION,
          REVOKE,
          WITHDRAW,
          LAPSE,
          END,
          SESSION_LOST ->
          throw new IllegalStateException("not a gateway's entry: " + type.word());
    };
  }

  private static Map<TenantId, Long> nextCounters(
      JdbcClient jdbc, GatewayId gateway, String boot, List<TenantId> tenants) {
    var next = new HashMap<TenantId, Long>();
    jdbc.sql(
            """
            select t.id as tenant_id, last.next
              from unnest(?::text[]) as t (id)
             cross join lateral (
                   select gw_seq + count as next from gateway_run
                    where tenant_id = t.id and gateway = ? and boot = ?
                    order by gw_seq desc limit 1) as last
            """)
        .param(tenants.stream().map(TenantId::value).toArray(String[]::new))
        .param(gateway.value())
        .param(boot)
        .query(
            row -> {
              next.put(new TenantId(row.getString("tenant_id")), row.getLong("next"));
            });
    return next;
  }
}
