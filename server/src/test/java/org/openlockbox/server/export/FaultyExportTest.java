package org.openlockbox.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.seal.TenantKeys;
import org.openlockbox.server.seal.WrappingKeyFile;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// Each statement and each commit that an exporter sends to the database fails once in each of two
/// ways: it was not applied, and it was applied but the answer was lost.
final class FaultyExportTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final TestTenant GLOBEX = new TestTenant(SERVER, "globex", 1);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  /// A database that fails at its n-th step.
  private static final class Faulty {
    final boolean applied;
    long left;
    long steps;

    Faulty(long left, boolean applied) {
      this.left = left;
      this.applied = applied;
    }

    DataSource over(DataSource real) {
      return proxy(
          DataSource.class,
          real,
          (name, result) -> name.equals("getConnection") ? connection((Connection) result) : result,
          false);
    }

    private Connection connection(Connection real) {
      return proxy(
          Connection.class,
          real,
          (name, result) ->
              name.equals("prepareStatement")
                  ? proxy(PreparedStatement.class, (PreparedStatement) result, (n, r) -> r, true)
                  : result,
          true);
    }

    private interface Then {
      Object of(String name, Object result);
    }

    private <T> T proxy(Class<T> type, T real, Then then, boolean failing) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                boolean step =
                    failing
                        && (method.getName().startsWith("execute")
                            || method.getName().equals("commit"));
                boolean fails = step && count();
                if (fails && !applied) {
                  undo(real);
                  throw lost();
                }
                try {
                  var result = method.invoke(real, arguments);
                  if (fails) {
                    throw lost();
                  }
                  return result == null ? null : then.of(method.getName(), result);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              }));
    }

    /// A commit that never arrives leaves nothing: the server ends what was begun.
    private static void undo(Object real) throws SQLException {
      if (real instanceof Connection connection && !connection.getAutoCommit()) {
        connection.rollback();
      }
    }

    private boolean count() {
      steps++;
      return --left == 0;
    }

    private static SQLException lost() {
      return new SQLRecoverableException("the answer was lost", "08006");
    }
  }

  /// Keeps what it is told.
  private static final class Notebook implements SinkChannel {
    final List<String> ids = new ArrayList<>();

    @Override
    public SinkDelivery tell(List<ExportEvent> events) {
      events.forEach(event -> ids.add(event.id()));
      return new SinkDelivery.Delivered();
    }

    @Override
    public void close() {}
  }

  private static Exporter exporter(String name, SinkChannel channel, DataSource database) {
    return new Exporter(
        new EventSink.Splunk(
            name,
            List.of(),
            false,
            URI.create("http://localhost"),
            () -> "",
            false,
            Optional.empty()),
        channel,
        JdbcClient.create(database),
        texts(JdbcClient.create(database)),
        new TransactionTemplate(new JdbcTransactionManager(database)),
        SERVER.clock::get,
        new Random(1));
  }

  private static LogTexts texts(JdbcClient jdbc) {
    var random = new SecureRandom();
    var wrapping = WrappingKeyFile.open(SERVER.wrappingKey(), random);
    return new LogTexts(jdbc, new TenantKeys(jdbc, wrapping, SERVER.clock::get, random));
  }

  private static SingleConnectionDataSource database() {
    return new SingleConnectionDataSource(SERVER.jdbcUrl, true);
  }

  @Test
  void whateverStepFailsInWhicheverWayNothingIsMissedAndTheOrderHolds() {
    ToldStory.happen(SERVER, ACME, List.of("select 1", "select 2"));
    ToldStory.happen(SERVER, GLOBEX, List.of("select 3"));
    SERVER.server(0).buildEpoch();
    var expected =
        Map.of("acme", ToldStory.ids(SERVER, ACME.id), "globex", ToldStory.ids(SERVER, GLOBEX.id));
    long steps = told("whole", Long.MAX_VALUE, false, expected);
    assertThat(steps).isGreaterThan(20);
    int failed = 0;
    for (long n = 1; n <= steps; n++) {
      for (boolean applied : List.of(false, true)) {
        told("step-%d-%s".formatted(n, applied ? "applied" : "not"), n, applied, expected);
        failed++;
      }
    }
    assertThat(failed).isEqualTo((int) (2 * steps));
  }

  /// Tells a new sink everything although step `n` fails; answers how many steps there were.
  private static long told(
      String name, long n, boolean applied, Map<String, List<String>> expected) {
    var notebook = new Notebook();
    var faulty = new Faulty(n, applied);
    var real = database();
    try (var exporter = exporter(name, notebook, faulty.over(real))) {
      for (int round = 0; round < 3; round++) {
        try {
          exporter.round();
        } catch (DataAccessException | TransactionException failed) {
          // what a server does: the next round, and after a while what was claimed
        }
        SERVER.pass(Duration.ofSeconds(61));
      }
    }
    real.destroy();
    expected.forEach(
        (tenant, ids) ->
            assertThat(notebook.ids.stream().filter(id -> id.startsWith(tenant + "/")).distinct())
                .as(name)
                .containsExactlyElementsOf(ids));
    return faulty.steps;
  }
}
