package org.openlockbox.bench.log;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.entry.CounterLine;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.log.entry.LogReader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// One tenant's log that grows large: written by the server's own append code, many entries a
/// transaction, without a gateway in front of it.
final class BigLog implements AutoCloseable {
  /// Entries of one transaction, and of one row, as of a busy gateway.
  private static final int BATCH = 100;

  private final OwnLogs own;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final TenantLogs logs;
  private final Histories histories;
  private final Statements statements;
  private final int tenant;
  private final GatewayStamp first;
  private long size;

  BigLog(LogSite site, Path directory, int tenant, long seed) {
    own = new OwnLogs(site, directory.resolve("signed-big"));
    jdbc = own.jdbc();
    transaction = own.transaction();
    logs = own.logs();
    histories = new Histories(new LogReader(jdbc));
    statements = new Statements(new Random(seed));
    this.tenant = tenant;
    var identity = site.identity(site.gatewayOf(tenant));
    first = GatewayStamp.of(identity.id(), identity.boot(), 0);
  }

  /// Appends until there are so many entries, the last of them under a checkpoint.
  void growTo(long wanted) {
    while (size < wanted) {
      long until = Math.min(wanted, size + BATCH);
      transaction.executeWithoutResult(status -> append(until, until == wanted));
      size = until;
    }
  }

  private void append(long until, boolean signed) {
    var id = LogSite.tenant(tenant);
    var batch = logs.lock(Set.of(CounterLine.of(id, first)));
    var request = Optional.of(new RequestId("R-%010d".formatted(tenant)));
    for (long n = size; n < until; n++) {
      var text = statements.text();
      var stamp = GatewayStamp.of(first.id(), first.boot(), n);
      batch.append(id, statements.statement(tenant, n, text), Optional.of(stamp), request);
      batch.keep(id, text);
    }
    if (signed) {
      logs.writeSigned(batch);
    } else {
      logs.write(batch);
    }
  }

  /// Proofs of entries at random indexes, each read from the database anew.
  ///
  /// @return how long each took
  Latencies prove(int count, long seed) {
    var random = new Random(seed);
    var latencies = new Latencies();
    for (int n = 0; n < count; n++) {
      long index = random.nextLong(size);
      long start = System.nanoTime();
      histories.proof(LogSite.tenant(tenant), index);
      latencies.add(System.nanoTime() - start);
    }
    return latencies;
  }

  /// Bytes of one proof as it is sent, its checkpoint included.
  int proofBytes() {
    return CanonicalJson.bytes(histories.proof(LogSite.tenant(tenant), size / 3).orElseThrow())
        .length;
  }

  /// Bytes of the log's tables and their indexes: name, then size.
  List<Long> bytes() {
    jdbc.sql("vacuum analyze").update();
    return List.of("log_batch", "log_tile", "log_mention").stream()
        .map(
            table ->
                jdbc.sql("select pg_total_relation_size(?::regclass)")
                    .param(table)
                    .query(Long.class)
                    .single())
        .toList();
  }

  @Override
  public void close() {
    own.close();
  }
}
