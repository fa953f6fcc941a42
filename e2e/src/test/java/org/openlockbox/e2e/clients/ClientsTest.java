package org.openlockbox.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;
import org.postgresql.PGConnection;

/// The drivers that people have, with exactly what `lockbox connect` prints, doing what people do
/// with them; and each statement of theirs is in the tenant's log afterwards.
@Tag("slow")
@ExtendWith(SharedDemo.class)
class ClientsTest {
  private static final String PASSFILE = "org.postgresql.pgpassfile";

  @Test
  void nodePostgresWorksWithThePrintedUrl(Demo demo) throws IOException {
    Path modules = Distribution.home().resolve("e2e/target/npm/node_modules");
    assertThat(modules.resolve("pg"))
        .as("node-postgres is missing: `./lockbox test` fetches it with npm into e2e/target/npm")
        .isDirectory();
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    var answer =
        demo.terminal("engineer")
            .types(
                "url=$(lockbox connect %s url) && NODE_PATH=%s node '%s' \"$url\" node"
                    .formatted(id, modules, script("work.js")));
    assertThat(answer.ok()).contains("done");
    assertLogged(demo, id, "node", "params", "named", "begin", "error", "large", "simple");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " expert"})
  void psycopgWorksWithThePrintedEnvironment(String profile, Demo demo) throws IOException {
    var terminal = demo.terminal("engineer");
    assertThat(terminal.types("/usr/bin/python3 -c 'import psycopg'").exit())
        .as("psycopg is missing: install the package python3-psycopg; `./lockbox test` does")
        .isZero();
    String id = demo.askAndApprove("acme", "masked", "--for 30m" + profile.replace(" ", " --"));
    var answer =
        terminal.types(
            "env=$(lockbox connect %s env) && eval \"$env\" && /usr/bin/python3 '%s' psycopg%s"
                .formatted(id, script("work.py"), profile));
    assertThat(answer.ok()).contains("done");
    assertLogged(
        demo,
        id,
        "psycopg",
        "params",
        "prepared",
        "error",
        "cursor",
        "pipeline",
        "copy",
        "cancelled");
  }

  @Test
  void pgjdbcReadsWithThePrintedUrl(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    String url = jdbcUrl(demo, id);
    for (String mode : List.of("simple", "extended", "extendedForPrepared")) {
      try (Connection connection = DriverManager.getConnection(url + "&preferQueryMode=" + mode)) {
        readsMasked(connection, mode);
        readsByCursor(connection, mode);
        survivesErrors(connection, mode);
        copiesOut(connection, mode);
        isCancelled(demo, connection, mode);
        describes(connection);
      }
      assertLogged(demo, id, mode, "params", "cursor", "error", "savepoint", "copy", "cancelled");
    }
  }

  @Test
  void pgjdbcWritesInBatchesAndTransactions(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "write", "--for 30m");
    try (Connection connection = DriverManager.getConnection(jdbcUrl(demo, id))) {
      List<Long> ids = numbers(connection, "select id from tickets order by id limit 20");
      connection.setAutoCommit(false);
      int[] changed = urgent(connection, ids);
      assertThat(changed).hasSize(ids.size()).containsOnly(1);
      assertThat(numbers(connection, urgentAmong(ids))).hasSameSizeAs(ids);
      connection.rollback();
      assertThat(numbers(connection, urgentAmong(ids)).size()).isLessThan(ids.size());
      urgent(connection, ids);
      connection.commit();
      assertThat(numbers(connection, urgentAmong(ids))).hasSameSizeAs(ids);
    }
    assertLogged(demo, id, "pgjdbc", "batch");
  }

  private static int[] urgent(Connection connection, List<Long> ids) throws SQLException {
    try (var update =
        connection.prepareStatement(
            "update tickets set priority = 'urgent' where id = ? /* pgjdbc-batch */")) {
      for (long id : ids) {
        update.setLong(1, id);
        update.addBatch();
      }
      return update.executeBatch();
    }
  }

  private static String urgentAmong(List<Long> ids) {
    var list = ids.toString().replace('[', '(').replace(']', ')');
    return "select id from tickets where priority = 'urgent' and id in " + list;
  }

  private static List<Long> numbers(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      var numbers = new ArrayList<Long>();
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
      return numbers;
    }
  }

  private static String mark(String mode, String what) {
    return " /* " + mode + "-" + what + " */";
  }

  /// Ten times, so that the driver goes over to a statement prepared by name.
  private static void readsMasked(Connection connection, String mode) throws SQLException {
    String sql = "select email, phone from customers where id > ? order by id limit ?";
    try (var select = connection.prepareStatement(sql + mark(mode, "params"))) {
      for (int i = 0; i < 10; i++) {
        select.setLong(1, i);
        select.setInt(2, 3);
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).matches(".\\*\\*\\*@\\*\\*\\*");
        }
      }
    }
  }

  private static void readsByCursor(Connection connection, String mode) throws SQLException {
    connection.setAutoCommit(false);
    String sql = "select g, repeat('x', 200) from generate_series(1, 30000) g";
    try (var statement = connection.prepareStatement(sql + mark(mode, "cursor"))) {
      statement.setFetchSize(1000);
      try (ResultSet rows = statement.executeQuery()) {
        int count = 0;
        while (rows.next()) {
          count++;
        }
        assertThat(count).isEqualTo(30_000);
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void survivesErrors(Connection connection, String mode) throws SQLException {
    assertFails(connection, "select 1 / 0" + mark(mode, "error"), "22012");
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      assertThat(statement.execute("select 1" + mark(mode, "savepoint"))).isTrue();
      var before = connection.setSavepoint("before");
      assertFails(connection, "select no_such_column from customers", "42703");
      connection.rollback(before);
      assertThat(statement.execute("select 2")).isTrue();
    }
    connection.rollback();
    connection.setAutoCommit(true);
  }

  private static void assertFails(Connection connection, String sql, String state) {
    assertThatThrownBy(
            () -> {
              try (var statement = connection.createStatement()) {
                statement.execute(sql);
              }
            })
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  private static void copiesOut(Connection connection, String mode) throws Exception {
    var out = new ByteArrayOutputStream();
    String sql = "copy (select id, email from customers order by id limit 50) to stdout";
    long rows =
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql + mark(mode, "copy"), out);
    assertThat(rows).isEqualTo(50);
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).allMatch(l -> l.endsWith("***@***"));
  }

  /// pgjdbc asks for a statement's end once, so the database has to be at it.
  private static void isCancelled(Demo demo, Connection connection, String mode) throws Exception {
    try (var statement = connection.createStatement()) {
      String sql = "select 'begun', pg_sleep(60)" + mark(mode, "cancelled");
      var ended =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  statement.execute(sql);
                  return "";
                } catch (SQLException e) {
                  return e.getSQLState();
                }
              });
      Pause.until(
          "the database runs the statement",
          Duration.ofSeconds(30),
          () -> ended.isDone() || isRunning(demo, mark(mode, "cancelled")));
      statement.cancel();
      assertThat(ended.join()).isEqualTo("57014");
    }
  }

  private static boolean isRunning(Demo demo, String mark) throws SQLException {
    try (var helpdesk = demo.helpdesk();
        var asked =
            helpdesk.prepareStatement(
                "select from pg_stat_activity where state = 'active' and strpos(query, ?) > 0 and pid <> pg_backend_pid()")) {
      asked.setString(1, mark);
      try (var rows = asked.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static void describes(Connection connection) throws SQLException {
    var about = connection.getMetaData();
    var tables = new ArrayList<String>();
    try (ResultSet rows = about.getTables(null, "lb_masked", "%", null)) {
      while (rows.next()) {
        tables.add(rows.getString("TABLE_NAME"));
      }
    }
    assertThat(tables).contains("customers", "tickets", "ticket_messages");
    try (ResultSet rows = about.getColumns(null, "lb_masked", "customers", "email")) {
      assertThat(rows.next()).isTrue();
    }
  }

  /// The URL of `lockbox connect ID jdbc`; the password file that it names is set for this JVM.
  private static String jdbcUrl(Demo demo, String id) {
    var answer = demo.terminal("engineer").types("lockbox connect " + id + " jdbc");
    String url = answer.ok().lines().findFirst().orElseThrow();
    String file = answer.err().replaceAll("(?s).*PGPASSFILE='([^']*)'.*", "$1");
    assertThat(Path.of(file)).isRegularFile();
    Properties properties = System.getProperties();
    properties.setProperty(PASSFILE, file);
    return url;
  }

  private static Path script(String name) {
    Path script = Distribution.home().resolve("e2e/src/test/resources/clients").resolve(name);
    assertThat(Files.exists(script)).isTrue();
    return script;
  }

  private static void assertLogged(Demo demo, String id, String who, String... whats)
      throws IOException {
    var reply = new Api(demo, "acme-auditor").get("/v1/tenants/acme/log?limit=1000&request=" + id);
    var texts = new ArrayList<String>();
    reply
        .fields()
        .objects("entries")
        .forEach(entry -> entry.optionalMultiline("text").ifPresent(texts::add));
    var all = String.join("\n", texts);
    for (String what : whats) {
      assertThat(all).as("the log of " + id).contains(who + "-" + what);
    }
  }
}
