package org.openlockbox.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;

/// The programs that people use, as docs/tools.md says to set them up. What cannot be installed
/// here is skipped, and fails where `CI=true`.
@ExtendWith(SharedDemo.class)
class ToolsTest {
  private static final Path CLIENTS = Distribution.home().resolve("e2e/src/test/resources/clients");

  private static void needs(Terminal terminal, String probe, String packages) {
    boolean here = terminal.types(probe).exit() == 0;
    if (!here && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("missing here: " + packages + "; `./lockbox test` installs it");
    }
    assumeTrue(here, "missing here: " + packages);
  }

  /// Types a command in the environment of this request's login.
  private static Answer with(Terminal terminal, String id, String command) {
    return terminal.types("env=$(lockbox connect " + id + " env) && eval \"$env\" && " + command);
  }

  @Test
  void psqlDescribesCopiesWatchesAndReadsALot(Demo demo) throws IOException {
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    Path script = demo.desk().resolve("psql.sql");
    Files.writeString(
        script,
        """
        \\d
        \\d customers
        \\dt
        \\dn
        \\copy (select id, email from customers order by id limit 1000) to 'copied.csv' with csv
        select id, email from customers order by id limit 1 \\gx
        select 'watched' \\watch c=2 i=0.1
        \\o many.txt
        select g from generate_series(1, 200000) g;
        \\o
        select id from customers where id = $1 \\bind 5 \\g
        \\l
        \\du
        \\dp
        \\d+
        select 'goes on';
        """);
    Answer said = demo.terminal("engineer").types("lockbox psql " + id + " -- -X -f psql.sql");
    said.ends(0);
    assertThat(said.out())
        .contains("customer_status", "[ RECORD 1 ]", "goes on")
        .containsPattern("email +\\| .\\*\\*\\*@\\*\\*\\*");
    assertThat(said.out().split("watched", -1)).hasSize(3);
    assertThat(said.err()).doesNotContain("ERROR");
    assertThat(said.out())
        .containsPattern("helpdesk +\\| .*UTF8")
        .containsPattern(" lb_s_[0-9a-f]{32} ")
        .doesNotContain("template0", "lockbox_gateway", "helpdesk_owner");
    assertThat(Files.readAllLines(demo.desk().resolve("copied.csv"))).hasSize(1000);
    assertThat(Files.readAllLines(demo.desk().resolve("many.txt"))).hasSizeGreaterThan(200_000);
  }

  /// Typed at a terminal, which turns it into a signal for everything in front of it.
  @Test
  void ctrlCEndsTheStatementAndPsqlGoesOn(Demo demo) {
    String id = demo.askAndApprove("acme", "read", "--for 30m");
    var terminal = demo.terminal("engineer");
    needs(terminal, "command -v script", "script (bsdutils)");
    String command = "script -qec 'lockbox psql " + id + " -- -X -P pager=off' /dev/null";
    try (var psql = terminal.begins(command)) {
      psql.prints("=>");
      psql.types("select pg_sleep(120) /* typed */;");
      Pause.until("the database runs it", Duration.ofMinutes(1), () -> runs(demo, "/* typed */"));
      psql.types("\u0003");
      psql.prints("canceling statement due to user request");
      psql.types("select 'goes' || ' on';").prints("goes on");
      psql.types("\\q").ends();
    }
    assertThat(runs(demo, "/* typed */")).isFalse();
  }

  private static boolean runs(Demo demo, String mark) {
    try (var helpdesk = demo.helpdesk();
        var asked =
            helpdesk.prepareStatement(
                "select from pg_stat_activity where state = 'active' and strpos(query, ?) > 0 and pid <> pg_backend_pid()")) {
      asked.setString(1, mark);
      try (var rows = asked.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "prepared"})
  void pgbenchRunsItsTransactions(String mode, Demo demo) throws IOException {
    var terminal = demo.terminal("engineer");
    needs(terminal, "command -v pgbench", "pgbench (postgresql-17)");
    String id = demo.askAndApprove("acme", "read", "--for 30m");
    Files.writeString(
        demo.desk().resolve("bench.sql"),
        "\\set id random(1, 9000)\nbegin;\nselect email from customers where id = :id;\nend;\n");
    var said = with(terminal, id, "pgbench -n -c 3 -t 20 -f bench.sql -M " + mode);
    assertThat(said.ok())
        .contains("number of transactions actually processed: 60/60")
        .contains("number of failed transactions: 0");
  }

  /// One that is older than the demo's server refuses by itself; `DumpTest` has one of its server's
  /// version. So what it begins with is typed as well.
  @ParameterizedTest
  @ValueSource(strings = {"", " --expert"})
  void pgDumpIsRefusedAndToldWhatExports(String profile, Demo demo) {
    var terminal = demo.terminal("engineer");
    needs(terminal, "ls /usr/lib/postgresql/1[678]/bin/pg_dump", "postgresql-client-17");
    String id = demo.askAndApprove("acme", "read", "--for 30m" + profile);
    String newest = "$(ls /usr/lib/postgresql/1[678]/bin/pg_dump | tail -n 1)";
    var said = with(terminal, id, newest + " --schema-only");
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.out()).doesNotContain("CREATE");
    assertThat(said.err()).containsAnyOf("server version mismatch", "exports nothing here");
    String begins = "SELECT pg_catalog.set_config('search_path', '', false);";
    var typed = terminal.types("lockbox psql %s -- -X -c \"%s\"".formatted(id, begins));
    assertThat(typed.err()).contains("exports nothing here", "HINT:  ", "\\copy (select ");
  }

  @Test
  void psycopg2Works(Demo demo) {
    worksInPython(demo, "psycopg2", "psycopg2_work.py");
  }

  @Test
  void asyncpgWorksWithItsPool(Demo demo) {
    worksInPython(demo, "asyncpg", "asyncpg_pool.py");
  }

  private static void worksInPython(Demo demo, String module, String script) {
    var terminal = demo.terminal("engineer");
    needs(terminal, "/usr/bin/python3 -c 'import " + module + "'", "python3-" + module);
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    String command = "/usr/bin/python3 '%s'".formatted(CLIENTS.resolve(script));
    assertThat(with(terminal, id, command).ok()).contains("done");
  }

  @Test
  void postgresJsWorks(Demo demo) {
    var terminal = demo.terminal("engineer");
    Path modules = Distribution.home().resolve("e2e/target/npm/node_modules");
    needs(terminal, "test -d '" + modules.resolve("postgres") + "'", "postgres (npm)");
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    String command =
        "url=$(lockbox connect %s url) && node '%s' \"$url\" '%s'"
            .formatted(id, CLIENTS.resolve("postgresjs.mjs"), modules);
    assertThat(terminal.types(command).ok()).contains("done");
  }

  @Test
  void pgcliShowsRowsAndCompletesTables(Demo demo) {
    var terminal = demo.terminal("engineer");
    needs(terminal, "command -v pgcli", "pgcli");
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    String typed =
        "select id, email from customers order by id limit 2;\\n\\\\d customers\\n\\\\q\\n";
    var said = with(terminal, id, "printf '" + typed + "' | pgcli --less-chatty --row-limit 0");
    assertThat(said.out()).contains("***@***", "customer_status");
  }

  @Test
  void odbcReadsRows(Demo demo) {
    var terminal = demo.terminal("engineer");
    needs(terminal, "command -v isql && odbcinst -q -d -n 'PostgreSQL Unicode'", "odbc-postgresql");
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    String source =
        "Driver=PostgreSQL Unicode;Servername=$PGHOST;Port=$PGPORT;Database=$PGDATABASE;"
            + "Username=$PGUSER;SSLmode=verify-full;";
    var said =
        with(
            terminal,
            id,
            "echo 'select id, email from customers order by id limit 2' | isql -b -k \"%s\""
                .formatted(source));
    assertThat(said.out()).contains("***@***");
  }
}
