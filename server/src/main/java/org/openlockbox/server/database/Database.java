package org.openlockbox.server.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The control plane's database as everybody else here may use it: statements and transactions that
/// return only once PostgreSQL has confirmed their commit ([Replication]), and inserts that insert
/// ([ConfirmedStatements]). Nobody else makes a connection, a statement or a transaction.
public final class Database {
  private final SettledConnections connections;
  private final Replication replication;
  private final TransactionTemplate oneConnection;

  private Database(DataSource connections, Replication replication) {
    this.connections = new SettledConnections(connections, replication);
    this.replication = replication;
    this.oneConnection = new TransactionTemplate(new Transactions(this.connections, replication));
    oneConnection.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
  }

  public static Database over(DataSource connections) {
    return new Database(connections, new Replication());
  }

  /// The same database through other connections: what is in doubt for one is in doubt for both.
  public Database also(DataSource others) {
    return new Database(others, replication);
  }

  /// Makes statements: in the transaction of the caller, or each in one of its own.
  public JdbcClient statements() {
    return JdbcClient.create(new ConfirmedStatements(connections, replication));
  }

  /// Makes transactions for [#statements] over the same connections.
  public TransactionTemplate transactions() {
    return new TransactionTemplate(new Transactions(connections, replication));
  }

  /// Proves, for who asks through these connections, that the standbys follow this primary.
  StandbyProof standbyProof(Duration patience) {
    return new StandbyProof(connections, connections::evict, patience);
  }

  /// Has all statements of this work go through one connection, so that one PostgreSQL answers them
  /// all. Each is a transaction of its own, as without this. The caller has no transaction.
  public <T> T onOneConnection(Supplier<T> work) {
    return Objects.requireNonNull(oneConnection.execute(_ -> work.get()));
  }

  /// Makes a transaction of the caller that may write nothing wait, when it commits, until all that
  /// it has read is durable: to answer from rows that are there already.
  public static void awaitReplication(JdbcClient jdbc) {
    jdbc.sql(Replication.BARRIER).query((row, n) -> List.of()).list();
  }

  /// The same for a transaction of the caller that is rolled back, because what is there already
  /// refuses it: the refusal is an answer as well.
  public static void awaitReplicationIfRefused() {
    TransactionSynchronizationManager.registerSynchronization(new Transactions.Refusable());
  }

  /// Hands out connections when there is no doubt.
  private static final class SettledConnections extends DelegatingDataSource {
    private final Replication replication;

    SettledConnections(DataSource connections, Replication replication) {
      super(connections);
      this.replication = replication;
    }

    @Override
    public Connection getConnection() throws SQLException {
      var connection = connection();
      try {
        replication.settle(connection);
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }

    /// Replaces the connections of a pool by new ones, each once nobody uses it.
    void evict() {
      if (getTargetDataSource() instanceof HikariDataSource pool) {
        pool.getHikariPoolMXBean().softEvictConnections();
      }
    }

    /// Where none can be had, the database was away: what it shows when it is back is in doubt.
    private Connection connection() throws SQLException {
      try {
        return super.getConnection();
      } catch (SQLException e) {
        replication.doubt();
        throw e;
      }
    }
  }
}
