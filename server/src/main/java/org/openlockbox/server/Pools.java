package org.openlockbox.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.openlockbox.server.log.memory.SigningMemory;

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

  /// To the memory of what was signed, in another PostgreSQL: decisions wait for its answers, so it
  /// has to answer within two seconds.
  static HikariDataSource memory(SigningMemory.Table table) {
    var pool = pool(table.jdbcUrl(), table.user(), table.password().get());
    pool.setMaximumPoolSize(PROMPT);
    pool.setMinimumIdle(1);
    pool.setPoolName("lockbox-memory");
    pool.setConnectionTimeout(2000);
    pool.setValidationTimeout(1000);
    pool.setInitializationFailTimeout(-1);
    pool.addDataSourceProperty(SOCKET_TIMEOUT, "2");
    pool.addDataSourceProperty("connectTimeout", "1");
    pool.addDataSourceProperty("loginTimeout", "2");
    return new HikariDataSource(pool);
  }

  private static HikariConfig pool(ServerConfig.DatabaseConfig database) {
    var pool = pool(database.jdbcUrl(), database.user(), database.password().get());
    pool.setMaximumPoolSize(database.connections());
    return pool;
  }

  private static HikariConfig pool(String url, String user, String password) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(url);
    pool.setUsername(user);
    pool.setPassword(password);
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

  /// The password that is named now, if it is another one than that in force and the database takes
  /// it. Fails with what the database says against it.
  Optional<Credentials> renewed(ServerConfig.DatabaseConfig next) {
    var trial = pool(next);
    if (trial.getPassword().equals(work.getPassword())) {
      return Optional.empty();
    }
    trial.setMaximumPoolSize(1);
    trial.setPoolName("lockbox-trial");
    new HikariDataSource(trial).close();
    return Optional.of(trial.getCredentials());
  }

  /// Opens connections with this from now on. Those that are open go as soon as nobody uses them:
  /// what works afterwards works with the new password.
  void use(Credentials renewed) {
    for (var pool : List.of(work, appends, prompt)) {
      pool.setCredentials(renewed);
      pool.getHikariPoolMXBean().softEvictConnections();
    }
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
