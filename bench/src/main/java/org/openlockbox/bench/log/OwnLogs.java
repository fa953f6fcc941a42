package org.openlockbox.bench.log;

import java.nio.file.Path;
import java.time.InstantSource;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.log.EndCounter;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.checkpoint.CheckpointSigner;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.server.log.head.SigningState;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The server's own append code over one connection, for entries that a benchmark writes itself.
final class OwnLogs implements AutoCloseable {
  private final SingleConnectionDataSource database;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final SignedHeadsFile heads;
  private final TenantLogs logs;

  /// @param signed where it remembers what it signed
  OwnLogs(LogSite site, Path signed) {
    database = site.connection();
    jdbc = JdbcClient.create(database);
    transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    heads = SignedHeadsFile.open(signed);
    var signing = new SigningState(heads, InstantSource.system());
    var guard = new HeadGuard(signing);
    logs =
        new TenantLogs(
            jdbc,
            jdbc,
            guard,
            site.texts(),
            InstantSource.system(),
            new CheckpointSigner(Database.over(database), site.logKeys(), guard, signing),
            new EndCounter(InstantSource.system()));
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  TransactionTemplate transaction() {
    return transaction;
  }

  TenantLogs logs() {
    return logs;
  }

  @Override
  public void close() {
    heads.close();
    database.destroy();
  }
}
