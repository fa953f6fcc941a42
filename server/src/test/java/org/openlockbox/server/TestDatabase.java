package org.openlockbox.server;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/// One database of a cluster: tests look into it, change it behind the servers' back, and set it
/// back to what it was.
record TestDatabase(TestCluster cluster, String name) {
  private static final AtomicInteger MADE = new AtomicInteger();

  /// The tables of a server that nobody has used yet, made once in a JVM.
  private static final class Migrated {
    static final TestDatabase TEMPLATE = make();

    private static TestDatabase make() {
      var empty = empty(TestCluster.SHARED, "migrated");
      Flyway.configure()
          .dataSource(empty.url(), "postgres", "postgres")
          .locations("classpath:db/migration")
          .load()
          .migrate();
      return empty;
    }
  }

  /// A new one on the cluster of the whole JVM, with the tables that a server would make.
  static TestDatabase fresh() {
    String name = "server" + MADE.incrementAndGet();
    Migrated.TEMPLATE.dump(name);
    return new TestDatabase(TestCluster.SHARED, name);
  }

  /// A new one without tables.
  static TestDatabase empty(TestCluster cluster, String name) {
    cluster.execute("create database " + name);
    return new TestDatabase(cluster, name);
  }

  String url() {
    return cluster.url(name);
  }

  /// As it is, under another name; no server may run.
  void dump(String copy) {
    cluster.execute("create database %s template %s".formatted(copy, name));
  }

  /// Brings back what [#dump] kept; no server may run.
  void restore(String copy) {
    cluster.execute("drop database " + name);
    cluster.execute("create database %s template %s".formatted(name, copy));
  }

  void execute(String sql) {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The rows of a query, each as text with its columns apart by a bar.
  List<String> rows(String sql) {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      var rows = new ArrayList<String>();
      while (found.next()) {
        var columns = new StringJoiner("|");
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          columns.add(found.getString(i));
        }
        rows.add(columns.toString());
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
