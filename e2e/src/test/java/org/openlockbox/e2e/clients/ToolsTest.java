package org.openlockbox.e2e.clients;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;

/// The programs that people use, as the pages under docs/tools say to set them up. What cannot be
/// installed here is skipped, and fails where `CI=true`.
@Tag("slow")
@ExtendWith(SharedDemo.class)
class ToolsTest {
  private static final Path CLIENTS = Distribution.home().resolve("e2e/src/test/resources/clients");

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
        \\dv
        \\df
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
    assertThat(said.err()).doesNotContain("ERROR").contains("Did not find any ");
    assertThat(said.out())
        .containsPattern("lb_masked +\\| customers +\\| view")
        .containsPattern("helpdesk +\\| .*UTF8")
        .containsPattern(" lb_s_[0-9a-f]{32} ")
        .doesNotContain("template0", "lockbox_gateway", "helpdesk_owner");
    assertThat(Files.readAllLines(demo.desk().resolve("copied.csv"))).hasSize(1000);
    assertThat(Files.readAllLines(demo.desk().resolve("many.txt"))).hasSizeGreaterThan(200_000);
  }

  @Test
  void aGuessAtALoginIsToldToTheOperatorOnceAndNotEachTime(Demo demo) throws IOException {
    String id = demo.askAndApprove("acme", "read", "--for 30m");
    String guess = "PGPASSWORD=guessed psql -X -c 'select 1'";
    Answer said = with(demo.terminal("engineer"), id, String.join("; ", guess, guess, guess));
    assertThat(said.err().split("password authentication failed", -1)).hasSize(4);
    assertThat(Files.readString(demo.state().resolve("lockbox.log")).lines())
        .filteredOn(line -> line.contains("wrong password for login") && line.contains(id))
        .singleElement(as(STRING))
        .contains(" WARN ", " of acme, from 127.0.0.1");
  }

  /// From psql 17 on it takes the rows of one statement in parts; before, it declares a cursor.
  @Test
  void psqlFetchesInPartsAndRunsNoBlock(Demo demo) throws IOException {
    Files.writeString(
        demo.desk().resolve("expert.sql"),
        """
        \\set FETCH_COUNT 100
        select g from generate_series(1, 1234) g;
        do $$ begin raise notice 'from a block'; end $$;
        """);
    String id = demo.askAndApprove("acme", "read", "--for 30m --expert");
    Answer said =
        demo.terminal("engineer").types("lockbox psql " + id + " -- -X -At -f expert.sql");
    assertThat(said.ok().lines().filter(line -> line.matches("\\d+"))).hasSize(1234);
    assertThat(said.err()).contains("permission denied for language plpgsql");
    String guarded = demo.askAndApprove("acme", "read", "--for 30m");
    Answer refused =
        demo.terminal("engineer").types("lockbox psql " + guarded + " -- -X -At -f expert.sql");
    assertThat(refused.err()).contains("DO is not allowed here");
    boolean declares = refused.err().contains("DECLARE is not allowed here");
    assertThat(refused.out().lines().filter(line -> line.matches("\\d+")))
        .hasSize(declares ? 0 : 1234);
  }

  @Test
  void psqlConnectsByTheServiceFile(Demo demo) {
    String id = demo.askAndApprove("acme", "read", "--for 30m");
    String service = "service=$(lockbox connect " + id + " psql-service) && eval \"$service\"";
    String types = service + " && psql -X -At -c \"select 'by service'\"";
    assertThat(demo.terminal("engineer").types(types).ok()).contains("by service");
  }

  /// Typed at a terminal, which turns it into a signal for everything in front of it.
  @Test
  void ctrlCEndsTheStatementAndPsqlGoesOn(Demo demo) {
    String id = demo.askAndApprove("acme", "read", "--for 30m");
    var terminal = demo.terminal("engineer");
    terminal.needs("command -v script", "script (bsdutils)");
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
    terminal.needs("command -v pgbench", "pgbench (postgresql-17)");
    String id = demo.askAndApprove("acme", "read", "--for 30m");
    Files.writeString(
        demo.desk().resolve("bench.sql"),
        "\\set id random(1, 9000)\nbegin;\nselect email from customers where id = :id;\nend;\n");
    var said = with(terminal, id, "pgbench -n -c 3 -t 20 -f bench.sql -M " + mode);
    assertThat(said.ok())
        .contains("number of transactions actually processed: 60/60")
        .contains("number of failed transactions: 0");
  }

  /// It goes on where its own tables cannot be cleaned, and ends where it needs them.
  @ParameterizedTest
  @CsvSource({
    "-f bench.sql, 'VACUUM, ANALYZE or the like is not allowed here', 0",
    "-n, relation \"pgbench_branches\" does not exist, 1",
  })
  void pgbenchIsRefusedWhatItAsksForByItself(String words, String refused, int exit, Demo demo)
      throws IOException {
    var terminal = demo.terminal("engineer");
    terminal.needs("command -v pgbench", "pgbench (postgresql-17)");
    String id = demo.askAndApprove("acme", "read", "--for 30m");
    Files.writeString(demo.desk().resolve("bench.sql"), "select 1;");
    Answer said = with(terminal, id, "pgbench -t 1 " + words);
    assertThat(said.err()).contains(refused);
    assertThat(said.exit()).isEqualTo(exit);
  }

  /// One that is older than the demo's server refuses by itself; `DumpTest` has one of its server's
  /// version. So what it begins with is typed as well.
  @ParameterizedTest
  @ValueSource(strings = {"", " --expert"})
  void pgDumpIsRefusedAndToldWhatExports(String profile, Demo demo) {
    var terminal = demo.terminal("engineer");
    terminal.needs("ls /usr/lib/postgresql/1[678]/bin/pg_dump", "postgresql-client-17");
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

  @ParameterizedTest
  @ValueSource(strings = {"", " expert"})
  void psycopg2Works(String profile, Demo demo) {
    worksInPython(demo, "psycopg2", profile);
  }

  @Test
  void asyncpgWorksWithItsPool(Demo demo) {
    worksInPython(demo, "asyncpg", "");
  }

  private static void worksInPython(Demo demo, String module, String profile) {
    var terminal = demo.terminal("engineer");
    terminal.needs("/usr/bin/python3 -c 'import " + module + "'", "python3-" + module);
    String expert = profile.replace(" ", " --");
    String id = demo.askAndApprove("acme", "masked", "--for 30m" + expert);
    Path script = CLIENTS.resolve(module + "_work.py");
    String command = "/usr/bin/python3 '%s'%s".formatted(script, profile);
    assertThat(with(terminal, id, command).ok()).contains("done");
  }

  @Test
  void postgresJsWorks(Demo demo) {
    var terminal = demo.terminal("engineer");
    Path modules = Distribution.home().resolve("e2e/target/npm/node_modules");
    terminal.needs("test -d '" + modules.resolve("postgres") + "'", "postgres (npm)");
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    String command =
        "url=$(lockbox connect %s url) && node '%s' \"$url\" '%s'"
            .formatted(id, CLIENTS.resolve("postgresjs.mjs"), modules);
    assertThat(terminal.types(command).ok()).contains("done");
  }

  @Test
  void pgcliShowsRows(Demo demo) {
    var terminal = demo.terminal("engineer");
    terminal.needs("command -v pgcli", "pgcli");
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    String typed =
        "select id, email from customers order by id limit 2;\\n\\\\d customers\\n\\\\q\\n";
    var said = with(terminal, id, "printf '" + typed + "' | pgcli --less-chatty --row-limit 0");
    assertThat(said.out()).contains("***@***", "customer_status");
  }

  /// Typed at a terminal. What is pressed again is looked up again, in what it has read of the
  /// catalogs meanwhile.
  @Test
  void pgcliCompletesTheLevelsTables(Demo demo) {
    var terminal = demo.terminal("engineer");
    terminal.needs("command -v pgcli && command -v script", "pgcli and script (bsdutils)");
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    String command =
        "env=$(lockbox connect %s env) && eval \"$env\" && exec script -qec 'stty rows 40 cols 120; pgcli --less-chatty' /dev/null"
            .formatted(id);
    try (var pgcli = terminal.begins(command)) {
      pgcli.prints("helpdesk>").presses("select email from custo");
      Pause.until(
          "it offers the table",
          Duration.ofMinutes(2),
          () -> offers(pgcli.presses("\u007fo"), "customers"));
      pgcli.presses("\t limit 1;\r").prints("***@***");
      pgcli.presses("\\q\r").ends();
    }
  }

  private static boolean offers(Typed program, String word) {
    for (int looks = 0; looks < 150 && !program.out().contains(word); looks++) {
      Pause.briefly();
    }
    return program.out().contains(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " --expert"})
  void odbcReadsRows(String profile, Demo demo) {
    var terminal = demo.terminal("engineer");
    terminal.needs("command -v isql && odbcinst -q -d -n 'PostgreSQL Unicode'", "odbc-postgresql");
    String id = demo.askAndApprove("acme", "masked", "--for 30m" + profile);
    String source =
        "Driver=PostgreSQL Unicode;Servername=$PGHOST;Port=$PGPORT;Database=$PGDATABASE;"
            + "Username=$PGUSER;SSLmode=verify-full;"
            + (profile.isEmpty() ? "" : "UseDeclareFetch=1;Fetch=1;");
    var said =
        with(
            terminal,
            id,
            "echo 'select id, email from customers order by id limit 2' | isql -b -k \"%s\""
                .formatted(source));
    assertThat(said.out()).contains("***@***");
  }
}
