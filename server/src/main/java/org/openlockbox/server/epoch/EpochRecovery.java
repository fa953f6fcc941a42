package org.openlockbox.server.epoch;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Rows;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.notify.mail.LogNotices;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Lets the epoch log go on after epochs that were signed or witnessed are lost: as the next
/// generation, under a name that no witness knows yet, after an entry in every tenant's log that
/// says so (ADR 17). No server may run. A crash leaves all as it was, or all of it done.
public final class EpochRecovery {
  private final JdbcClient jdbc;
  private final EpochRows rows;
  private final TransactionTemplate transaction;
  private final TenantLogs logs;
  private final LogKeys keys;
  private final SignedHeads heads;
  private final Witnesses witnesses;
  private final LogNotices notices;
  private final InstantSource clock;
  private final SecureRandom random;

  public EpochRecovery(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      TenantLogs logs,
      LogKeys keys,
      SignedHeads heads,
      Witnesses witnesses,
      LogNotices notices,
      InstantSource clock,
      SecureRandom random) {
    this.jdbc = jdbc;
    this.rows = new EpochRows(jdbc);
    this.transaction = transaction;
    this.logs = logs;
    this.keys = keys;
    this.heads = heads;
    this.witnesses = witnesses;
    this.notices = notices;
    this.clock = clock;
    this.random = random;
  }

  /// What was signed of the newest generation that anybody knows.
  private record SignedGeneration(EpochLog log, SignedHeads.TreeHead head) {}

  /// Throws [IllegalStateException] if nothing is lost, and a problem if a tenant's log is behind,
  /// which has to be recovered first.
  public RecoveryEvent.EpochsLost goOn(String logHost, String reason) {
    var here = new LogReader(jdbc).epochs(logHost);
    var lost =
        newest(here)
            .filter(signed -> !continues(here, signed))
            .orElseThrow(
                () -> new IllegalStateException("no epoch that was signed is missing in " + here));
    var recovery =
        new RecoveryEvent.EpochsLost(
            lost.log().generation() + 1, lost.head().size(), lost.head().root(), reason);
    transaction.executeWithoutResult(
        _ -> {
          rows.lock(true);
          rows.begin(recovery, clock.instant());
          tenants().forEach(tenant -> tell(tenant, recovery));
        });
    return recovery;
  }

  private Optional<SignedGeneration> newest(EpochLog here) {
    var newest = signed(here);
    var next = signed(here.at(here.generation() + 1));
    while (next.isPresent()) {
      newest = next;
      next = signed(here.at(next.get().log().generation() + 1));
    }
    return newest;
  }

  /// By this server's own memory, and by that of the witnesses.
  private Optional<SignedGeneration> signed(EpochLog log) {
    var witnessed =
        witnesses
            .last(keys.verifiers(log.origin()))
            .map(checkpoint -> new SignedHeads.TreeHead(checkpoint.size(), checkpoint.root()));
    return Stream.of(heads.last(log.origin()), witnessed)
        .flatMap(Optional::stream)
        .max(Comparator.comparingLong(SignedHeads.TreeHead::size))
        .map(head -> new SignedGeneration(log, head));
  }

  private boolean continues(EpochLog here, SignedGeneration signed) {
    long size = rows.size();
    return signed.log().equals(here)
        && signed.head().size() <= size
        && rows.tree(signed.head().size()).root().equals(signed.head().root());
  }

  private Stream<TenantId> tenants() {
    return jdbc
        .sql("select id from tenant order by id")
        .query((row, n) -> new TenantId(row.getString("id")))
        .list()
        .stream();
  }

  /// Epochs are counted anew, so heads are salted anew, or a neighbour saw who has not changed
  /// since the epoch of the same number.
  private void tell(TenantId tenant, RecoveryEvent.EpochsLost recovery) {
    var secret = new byte[Hash.LENGTH];
    random.nextBytes(secret);
    Rows.one(
        jdbc.sql("update tenant set head_secret = ? where id = ?")
            .params(secret, tenant.value())
            .update());
    var batch = logs.lock(tenant);
    batch.append(tenant, recovery);
    logs.write(batch);
    notices.recovered(tenant, recovery);
  }
}
