package org.openlockbox.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;

/// The server's connections to its database. Two kinds of work have connections of their own,
/// because gateways wait for them: they do not stand in line behind calls that wait for a lock, a
/// long answer or a slow disk.
///
/// @param work for everything else
/// @param appends one, of those who append in one statement, one after another
/// @param prompt for the questions for a lease, and for who asks; writes nothing that must last
record Pools(HikariDataSource work, HikariDataSource appends, HikariDataSource prompt)
    implements AutoCloseable {
  private static final int PROMPT = 4;

  /// Connects, and brings the tables up to date.
  static Pools open(ServerConfig.Database database) {
    return new Pools(work(database), appends(database), prompt(database));
  }

  /// Connects for work alone, and brings the tables up to date.
  static HikariDataSource work(ServerConfig.Database database) {
    var work = new HikariDataSource(pool(database));
    try {
      Flyway.configure().dataSource(work).locations("classpath:db/migration").load().migrate();
      return work;
    } catch (FlywayValidateException e) {
      work.close();
      throw new IllegalStateException(
          "the database was made by another version of Lockbox, and nothing leads from that to this"
              + " one. Begin with an empty database (the demo: ./lockbox demo --reset)",
          e);
    }
  }

  /// To plan an append anew each time would cost the database more than to carry it out.
  private static HikariDataSource appends(ServerConfig.Database database) {
    var pool = pool(database);
    pool.setMaximumPoolSize(1);
    pool.setPoolName("lockbox-append");
    pool.setConnectionInitSql(
        pool.getConnectionInitSql() + "; set plan_cache_mode = force_generic_plan");
    return new HikariDataSource(pool);
  }

  /// A commit here waits for no disk, so a lease is renewed while one is slow.
  private static HikariDataSource prompt(ServerConfig.Database database) {
    var pool = pool(database);
    pool.setMaximumPoolSize(PROMPT);
    pool.setPoolName("lockbox-prompt");
    pool.setConnectionInitSql(pool.getConnectionInitSql() + "; set synchronous_commit = off");
    return new HikariDataSource(pool);
  }

  private static HikariConfig pool(ServerConfig.Database database) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(database.jdbcUrl());
    pool.setUsername(database.user());
    pool.setPassword(database.password().get());
    pool.setMaximumPoolSize(database.connections());
    pool.setConnectionTimeout(5000);
    pool.setPoolName("lockbox");
    // Less than a gateway waits for an answer. And no statement here is long enough that it paid to
    // compile it; the wrong guess of a plan's cost would hold up what waits for it.
    pool.setConnectionInitSql("set lock_timeout = '4s'; set jit = off");
    return pool;
  }

  @Override
  public void close() {
    prompt.close();
    appends.close();
    work.close();
  }
}
