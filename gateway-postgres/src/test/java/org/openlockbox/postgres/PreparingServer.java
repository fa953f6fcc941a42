package org.openlockbox.postgres;

import static org.openlockbox.postgres.testing.Answers.last;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// A server that lets transactions be prepared (`max_prepared_transactions` above 0), with an
/// application that reads and changes the fenced customers and owns a database besides.
record PreparingServer(ProtectedDatabase database) implements AutoCloseable {
  /// Locks the row of a customer, and changes it.
  static final String HOLD = "begin; update customers set name = 'held' where id = 1006";

  /// Waits for that row.
  static final String TOUCH = "update customers set name = name where id = 1006";

  /// Lets whoever waits for a lock give up soon.
  static final String SOON = "set lock_timeout = '200ms'; ";

  private static final String PASSWORD = "application-0123456789";

  static PreparingServer start() {
    var database = ProtectedDatabase.startWith("max_prepared_transactions", "5");
    try (Connection superuser = database.superuser()) {
      last(superuser, "create role application login password '%s'".formatted(PASSWORD));
      last(superuser, "grant lb_app to application");
      last(superuser, "grant select, update on customers to application");
      last(superuser, "create database elsewhere owner application");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new PreparingServer(database);
  }

  GatewayFixture gateway() {
    return new GatewayFixture(
        LiveSessions.SessionLimits.STANDARD, InstantSource.system(), database.catalogue());
  }

  /// The application in one of its databases: `postgres`, which is fenced, or `elsewhere`.
  Connection application(String in) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(database.port(), in);
    return DriverManager.getConnection(url, "application", PASSWORD);
  }

  long roles() {
    return database.count("select count(*) from pg_roles where rolname like 'lb\\_s\\_%'");
  }

  long prepared() {
    return database.count("select count(*) from pg_prepared_xacts");
  }

  long held() {
    return database.count("select count(*) from customers where name = 'held'");
  }

  /// Backends that wait for a lock in a statement that begins so.
  long waiting(String begins) {
    return database.count(
        """
        select count(*)
          from pg_stat_activity
         where wait_event_type = 'Lock' and starts_with(query, '%s')
        """
            .formatted(begins));
  }

  /// The transactions that are still prepared in the fenced database; none is after that.
  List<String> rollBack() throws SQLException {
    var names = new ArrayList<String>();
    try (Connection superuser = database.superuser();
        var statement = superuser.createStatement();
        var rows = statement.executeQuery("select gid from pg_prepared_xacts")) {
      while (rows.next()) {
        names.add(rows.getString(1));
        last(superuser, "rollback prepared '%s'".formatted(rows.getString(1)));
      }
    }
    return names;
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
