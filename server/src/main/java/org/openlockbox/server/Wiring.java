package org.openlockbox.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.openlockbox.server.api.Edge;
import org.openlockbox.server.api.HealthApi;
import org.openlockbox.server.identity.Tokens;
import org.openlockbox.server.log.CheckpointSigner;
import org.openlockbox.server.log.LogKey;
import org.openlockbox.server.log.LogReader;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.notify.Outbox;
import org.openlockbox.server.tenant.Tenants;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Every part of a server and what it is given, by constructors. Opening it connects to the
/// database and brings its tables up to date; closing it stops the background work first.
final class Wiring implements AutoCloseable {
  private final HikariDataSource database;
  private final Rounds rounds = new Rounds();
  private final Tokens tokens;

  private Wiring(ServerConfig config) {
    var key = LogKey.read(config.logKey());
    database = connect(config.database());
    Flyway.configure().dataSource(database).locations("classpath:db/migration").load().migrate();
    var random = new SecureRandom();
    var jdbc = JdbcClient.create(database);
    var transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    tokens = new Tokens(jdbc, config.clock(), random);
    var signer = new CheckpointSigner(jdbc);
    var logs = new TenantLogs(jdbc, key, config.clock(), signer::note);
    var reader = new LogReader(jdbc);
    var founding = new Tenants.Founding(config.logHost(), config.gateways());
    var tenants = new Tenants(jdbc, logs, reader, key, founding, config.clock());
    var outbox = new Outbox(jdbc, config.clock(), config.logHost());
    rounds.every(CheckpointSigner.ROUND, "checkpoints", () -> signer.signNoted(logs));
    rounds.every(Duration.ofSeconds(5), "checkpoints left behind", () -> signer.signAll(logs));
  }

  static Wiring open(ServerConfig config) {
    return new Wiring(config);
  }

  private static HikariDataSource connect(ServerConfig.Database database) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(database.jdbcUrl());
    pool.setUsername(database.user());
    pool.setPassword(database.password().get());
    pool.setMaximumPoolSize(database.connections());
    pool.setConnectionTimeout(5000);
    pool.setPoolName("lockbox");
    return new HikariDataSource(pool);
  }

  /// Gives Spring what handles calls; nothing else is Spring's.
  void register(GenericApplicationContext context) {
    context.registerBean(Edge.class);
    context.registerBean(Tokens.class, () -> tokens);
    context.registerBean(HealthApi.class, HealthApi::new);
  }

  Tokens tokens() {
    return tokens;
  }

  @Override
  public void close() {
    rounds.close();
    database.close();
  }
}
