package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/// `COPY … FROM STDIN` by the calls that drivers have for it: an error with a next step, and a
/// session that goes on.
class CopyInDriversTest {
  private static final GatewayFixture FIXTURE = new GatewayFixture();

  @TempDir private Path directory;

  @AfterAll
  static void nothingIsLeft() {
    FIXTURE.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @Test
  void pgjdbc() throws Exception {
    for (var access : List.of(FIXTURE.approved(Level.WRITE), FIXTURE.guarded(Level.WRITE))) {
      try (Connection connection = FIXTURE.connect(access)) {
        var copies = connection.unwrap(PGConnection.class).getCopyAPI();
        assertThatThrownBy(
                () -> copies.copyIn("copy customers from stdin", new StringReader("1\t1\tx\n")))
            .isInstanceOf(PSQLException.class)
            .hasMessageContaining("use INSERT");
        assertThat(answer(connection, "select count(*) from customers")).isEqualTo("10000");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          psql     | psql -X -v ON_ERROR_STOP=0 -c "copy customers from stdin" -c "\\copy customers from '/dev/null'" -c "select 'alive'"
          psycopg  | /usr/bin/python3 psycopg.py
          psycopg2 | /usr/bin/python3 psycopg2.py
          asyncpg  | /usr/bin/python3 asyncpg.py
          """)
  void programs(String driver, String command) throws Exception {
    for (var access : List.of(FIXTURE.approved(Level.WRITE), FIXTURE.guarded(Level.WRITE))) {
      assertThat(output(driver, command, access.user()))
          .as(driver)
          .contains("use INSERT", "alive")
          .doesNotContain("closed the connection", "Traceback");
    }
  }

  private String output(String driver, String command, String user) throws Exception {
    if (!driver.equals("psql")) {
      Files.writeString(directory.resolve("try_" + driver + ".py"), script(driver));
    }
    var started =
        new ProcessBuilder("sh", "-c", command.replace(driver + ".py", "try_" + driver + ".py"))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile());
    started.environment().put("PGHOST", "127.0.0.1");
    started.environment().put("PGPORT", Integer.toString(FIXTURE.gateway.port()));
    started.environment().put("PGDATABASE", FIXTURE.url().replaceFirst(".*/([^/?]+)\\?.*", "$1"));
    started.environment().put("PGUSER", user);
    started.environment().put("PGPASSWORD", GatewayFixture.PASSWORD);
    started.environment().put("PGSSLMODE", "require");
    var process = started.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  private static String script(String driver) {
    return switch (driver) {
      case "psycopg" ->
          """
          import psycopg
          c = psycopg.connect(autocommit=True)
          try:
              with c.cursor().copy("copy customers from stdin") as copy:
                  copy.write("1\\t1\\tx\\n")
          except psycopg.Error as e:
              print(e, e.diag.message_hint)
          print(c.execute("select 'alive'").fetchone())
          """;
      case "psycopg2" ->
          """
          import io, psycopg2
          c = psycopg2.connect("")
          c.autocommit = True
          try:
              c.cursor().copy_expert("copy customers from stdin", io.StringIO("1\\t1\\tx\\n"))
          except psycopg2.Error as e:
              print(e, e.diag.message_hint)
          cursor = c.cursor()
          cursor.execute("select 'alive'")
          print(cursor.fetchone())
          """;
      default ->
          """
          import asyncio, asyncpg
          async def go():
              c = await asyncpg.connect(statement_cache_size=0)
              try:
                  await c.copy_records_to_table("customers", records=[(1, 1, "x")], columns=["id", "tenant_id", "name"])
              except asyncpg.PostgresError as e:
                  print(e, e.hint)
              print(await c.fetchval("select 'alive'"))
          asyncio.run(go())
          """;
    };
  }
}
