package org.openlockbox.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;

/// The server's connections to its database. Two kinds of work have connections of their own,
/// because gateways wait for them: they do not stand in line behind calls that wait for a lock, a
/// long answer or a slow disk.
///
/// A database that hangs without a word, as a suspended primary does, keeps no call for longer than
/// the driver's timeouts below; what the URL itself says of them counts instead. Whether a
/// transaction that was cut off so has committed is unknown, as with a connection that was lost.
///
/// @param work for everything else
/// @param appends one, of those who append in one statement, one after another
/// @param prompt for the questions for a lease, and for who asks; writes nothing that must last
record Pools(HikariDataSource work, HikariDataSource appends, HikariDataSource prompt)
    implements AutoCloseable {
  private static final int PROMPT = 4;

  /// In seconds: how long the database may say nothing in the middle of an answer. No statement of
  /// a server takes so long: each waits four seconds for a lock at most.
  private static final String ANSWERS_WITHIN = "10";

  /// In seconds: for what brings the tables up to date, and for an operator's own work.
  private static final String LONG_WORK_WITHIN = "3600";

  private static final String SOCKET_TIMEOUT = "socketTimeout";

  /// What a commit promises is not left to the settings of a role or a database: it waits for the
  /// disk, and for the standbys if there are any; and nothing hides the warning of a commit that
  /// did not.
  private static final String COMMITS =
      """
      set client_min_messages = warning;
      select set_config('synchronous_commit', 'on', false)
       where current_setting('synchronous_commit') in ('off', 'local')""";

  /// Connects, and brings the tables up to date.
  static Pools open(ServerConfig.DatabaseConfig database) {
    bringUpToDate(database);
    return new Pools(new HikariDataSource(pool(database)), appends(database), prompt(database));
  }

  /// Connects for an operator's work alone, and brings the tables up to date.
  static HikariDataSource forMaintenance(ServerConfig.DatabaseConfig database) {
    bringUpToDate(database);
    return asIs(database);
  }

  /// Connects for an operator's work alone, with the tables as they are.
  static HikariDataSource asIs(ServerConfig.DatabaseConfig database) {
    return new HikariDataSource(patient(database));
  }

  /// Also where the URL names a timeout, which is meant for the server's own statements.
  private static HikariConfig patient(ServerConfig.DatabaseConfig database) {
    var pool = pool(database);
    pool.setJdbcUrl(
        database.jdbcUrl().replaceAll("(?<=[?&]" + SOCKET_TIMEOUT + "=)[0-9]+", LONG_WORK_WITHIN));
    pool.addDataSourceProperty(SOCKET_TIMEOUT, LONG_WORK_WITHIN);
    return pool;
  }

  /// A step of it may take long, so its connections have a long patience.
  private static void bringUpToDate(ServerConfig.DatabaseConfig database) {
    var pool = patient(database);
    pool.setMaximumPoolSize(2);
    pool.setPoolName("lockbox-tables");
    try (var tables = new HikariDataSource(pool)) {
      Flyway.configure().dataSource(tables).locations("classpath:db/migration").load().migrate();
    } catch (FlywayValidateException e) {
      throw new IllegalStateException(
          "the database was made by another version of Lockbox, and nothing leads from that to this"
              + " one. Begin with an empty database (the demo: ./lockbox demo --reset)",
          e);
    }
  }

  /// To plan an append anew each time would cost the database more than to carry it out.
  private static HikariDataSource appends(ServerConfig.DatabaseConfig database) {
    var pool = pool(database);
    pool.setMaximumPoolSize(1);
    pool.setPoolName("lockbox-append");
    pool.setConnectionInitSql(
        pool.getConnectionInitSql() + "; set plan_cache_mode = force_generic_plan");
    return new HikariDataSource(pool);
  }

  /// A commit here waits for no disk, so a lease is renewed while one is slow.
  private static HikariDataSource prompt(ServerConfig.DatabaseConfig database) {
    var pool = pool(database);
    pool.setMaximumPoolSize(PROMPT);
    pool.setPoolName("lockbox-prompt");
    pool.setConnectionInitSql(pool.getConnectionInitSql() + "; set synchronous_commit = off");
    return new HikariDataSource(pool);
  }

  private static HikariConfig pool(ServerConfig.DatabaseConfig database) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(database.jdbcUrl());
    pool.setUsername(database.user());
    pool.setPassword(database.password().get());
    pool.setMaximumPoolSize(database.connections());
    pool.setConnectionTimeout(5000);
    // Idle connections to a primary that hangs are found out and thrown away one after the other.
    pool.setValidationTimeout(2000);
    pool.addDataSourceProperty(SOCKET_TIMEOUT, ANSWERS_WITHIN);
    pool.addDataSourceProperty("connectTimeout", "3");
    pool.addDataSourceProperty("loginTimeout", "5");
    // A host that accepts and says nothing leaves time for the next one of the URL.
    pool.addDataSourceProperty("sslResponseTimeout", "2000");
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    pool.setPoolName("lockbox");
    // Less than a gateway waits for an answer. And no statement here is long enough that it paid to
    // compile it; the wrong guess of a plan's cost would hold up what waits for it.
    pool.setConnectionInitSql(COMMITS + "; set lock_timeout = '4s'; set jit = off");
    return pool;
  }

  /// Has the pools tell how busy they are.
  void measuredBy(MeterRegistry registry) {
    for (var pool : List.of(work, appends, prompt)) {
      pool.setMetricRegistry(registry);
    }
  }

  @Override
  public void close() {
    prompt.close();
    appends.close();
    work.close();
  }
}
