package org.openlockbox.server.prune;

import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Deletes rows that nothing depends on any more, a few at a time, so that nobody waits for it. The
/// logs keep all that anybody can be held to. Safe on several servers at once; a crash leaves rows
/// for the next round.
public final class RowPruner {
  static final int AT_ONCE = 500;

  private static final String DELIVERIES =
      """
      delete from outbox
       where (tenant_id, id) in (
               select tenant_id, id from outbox
                where coalesce(sent_at, dead_at) < :before
                  and (sent_at is not null or dead_at is not null)
                limit :most for update skip locked)
      """;

  private static final String CONNECT_STATEMENTS =
      """
      delete from connect_statement
       where (tenant_id, user_name) in (
               select tenant_id, user_name from connect_statement
                where not_after < :before
                limit :most for update skip locked)
      """;

  /// The newest boot of each key stays: it says which keys the gateway's name has shown.
  private static final String BOOTS =
      """
      delete from gateway_boot
       where (gateway, boot) in (
               select b.gateway, b.boot from gateway_boot b
                where b.gone_at < :before
                  and exists (select from gateway_boot later
                               where later.gateway = b.gateway and later.key_id = b.key_id
                                 and later.renewed_at > b.renewed_at)
                  and not exists (select from session s
                                   where s.gateway = b.gateway and s.boot = b.boot
                                     and s.state = 'open')
                limit :most for update skip locked)
      """;

  private final JdbcClient jdbc;
  private final PruneAges ages;
  private final InstantSource clock;

  public RowPruner(JdbcClient jdbc, PruneAges ages, InstantSource clock) {
    this.jdbc = jdbc;
    this.ages = ages;
    this.clock = clock;
  }

  /// Deletes all that is old enough.
  public void round() {
    delete(DELIVERIES, ages.deliveries());
    delete(CONNECT_STATEMENTS, ages.connectStatements());
    delete(BOOTS, ages.boots());
  }

  private void delete(String few, Duration age) {
    var before = OffsetDateTime.ofInstant(clock.instant().minus(age), ZoneOffset.UTC);
    int deleted;
    do {
      deleted = jdbc.sql(few).param("before", before).param("most", AT_ONCE).update();
    } while (deleted == AT_ONCE && !Thread.currentThread().isInterrupted());
  }
}
