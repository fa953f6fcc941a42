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
import org.openlockbox.server.log.TenantLogs;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

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
    tokens = new Tokens(jdbc, config.clock(), random);
    var signer = new CheckpointSigner(jdbc);
    var logs = new TenantLogs(jdbc, key, config.clock(), signer::note);
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
