package org.openlockbox.server.backup;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.log.append.LogRows;
import org.openlockbox.server.log.entry.BatchBytes;
import org.openlockbox.server.log.head.SignedHeads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;

/// The database as it was at one moment. `pg_dump` can look at the same moment by its [#id], for as
/// long as the work with it lasts: so a backup and what is written down about it belong together.
public final class DatabaseSnapshot {
  private static final String LOGS =
      """
      select h.tenant_id, t.origin, h.size, h.range, b.entries
        from log_head h
        join tenant t on t.id = h.tenant_id
        join log_batch b on b.tenant_id = h.tenant_id and b.first_seq = 0
       order by h.tenant_id
      """;

  private final JdbcClient jdbc;
  private final String id;

  private DatabaseSnapshot(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.id = jdbc.sql("select pg_export_snapshot()").query(String.class).single();
  }

  /// Does this work with a snapshot of its own. The transaction writes nothing.
  public static <T> T with(Database database, Function<DatabaseSnapshot, T> work) {
    var transaction = database.transactions();
    transaction.setReadOnly(true);
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    return transaction.execute(_ -> work.apply(new DatabaseSnapshot(database.statements())));
  }

  /// The name by which other connections look at the same moment.
  public String id() {
    return id;
  }

  /// Number of the newest migration.
  public String schema() {
    return jdbc.sql(
            """
            select version from flyway_schema_history
             where success and version is not null order by installed_rank desc limit 1
            """)
        .query(String.class)
        .single();
  }

  /// Every tenant's log.
  public List<BackupHead> logs() {
    return jdbc.sql(LOGS).query((row, n) -> state(row)).list();
  }

  private static BackupHead state(ResultSet row) throws SQLException {
    var head = LogRows.head(row);
    var genesis = BatchBytes.entries(0, row.getBytes("entries")).getFirst();
    return new BackupHead(head.origin(), genesis.sha256(), SignedHeads.TreeHead.of(head.range()));
  }
}
