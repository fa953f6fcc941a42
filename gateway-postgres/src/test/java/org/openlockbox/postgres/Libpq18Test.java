package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.testing.Needed;

/// psql with the libpq of PostgreSQL 18, which the tests' own server brings: the first that speaks
/// protocol 3.2.
class Libpq18Test {
  private static final Path PSQL = Path.of("/usr/lib/postgresql/17/bin/psql");
  private static final String RUNNING =
      """
      select count(*) from pg_stat_activity
       where query = 'select pg_sleep(300)' and wait_event = 'PgSleep'
      """;
  private static final GatewayFixture FIXTURE = new GatewayFixture();

  @AfterAll
  static void close() {
    FIXTURE.close();
  }

  /// Starts psql at the read level, with these words in its connection string besides.
  private static Process psql(String more, String sql) throws IOException, SQLException {
    Needed.isHere(Files.isExecutable(PSQL), "psql 17 (postgresql-client-17)");
    String target =
        "host=127.0.0.1 port=%d dbname=postgres user=%s sslmode=require %s"
            .formatted(FIXTURE.gateway.port(), FIXTURE.approved(Level.READ).user(), more);
    List<String> command = new ArrayList<>(List.of(PSQL.toString(), "-X", "-w", "-At"));
    command.addAll(List.of("-d", target, "-c", sql));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", GatewayFixture.PASSWORD);
    builder.environment().put("LD_LIBRARY_PATH", libraries());
    return builder.start();
  }

  private static String libraries() throws SQLException {
    try (Connection connection = GatewayFixture.DATABASE.superuser()) {
      return GatewayFixture.answer(
          connection, "select setting from pg_config where name = 'LIBDIR'");
    }
  }

  private static String said(Process psql) throws IOException, InterruptedException {
    String said = new String(psql.getInputStream().readAllBytes(), UTF_8);
    assertThat(psql.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return said;
  }

  @Test
  void whoInsistsOnProtocol32GetsIt() throws Exception {
    Process psql = psql("min_protocol_version=3.2 max_protocol_version=latest", "select 'here'");
    assertThat(said(psql)).endsWith("here\n");
  }

  /// Ctrl-C brings back the key, which is eight times as long as before.
  @Test
  void aCancelWithALongKeyStopsTheStatementAndNothingElse() throws Exception {
    Process psql =
        psql("min_protocol_version=3.2 max_protocol_version=3.2", "select pg_sleep(300)");
    GatewayFixture.await(() -> GatewayFixture.DATABASE.count(RUNNING) == 1);
    Process interrupt = new ProcessBuilder("kill", "-INT", Long.toString(psql.pid())).start();
    assertThat(interrupt.waitFor()).isZero();
    assertThat(said(psql)).contains("canceling statement due to user request");
  }

  @Test
  void whoAsksForNothingSpeaks30() throws Exception {
    assertThat(said(psql("max_protocol_version=3.0", "select 'here'"))).endsWith("here\n");
  }
}
