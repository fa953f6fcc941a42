package org.openlockbox.postgres.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// The gateway reads what the server reads. The server is asked in a transaction that has failed:
/// there it still parses, and then refuses whatever it has understood.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameGrammarTest {
  private static final ProtectedDatabase DATABASE = ProtectedDatabase.start();
  private static final Pattern SQLSTATE = Pattern.compile("ERROR: +([0-9A-Z]{5})");

  /// `22012` comes first, on purpose; then the failed transaction, or a savepoint that is not
  /// there.
  private static final Set<String> UNDERSTOOD = Set.of("22012", "25P02", "3B001");

  private final Workers workers = GrammarWorkers.start(1);
  private final StatementReader reader = new StatementReader(workers, workers);

  @AfterAll
  void stop() {
    workers.close();
  }

  @Test
  void hardStatementsAreReadByTheGatewayIfAndOnlyIfTheServerReadsThem() throws Exception {
    var statements = statements("hard.sql");
    assertThat(statements).hasSizeGreaterThan(300);
    var differences = new ArrayList<String>();
    int accepted = 0;
    for (var sql : statements) {
      boolean here = isRead(sql);
      accepted += here ? 1 : 0;
      if (here != isReadByTheServer(sql)) {
        differences.add((here ? "only here: " : "only there: ") + sql);
      }
    }
    // libpg_query reads a name behind a parameter's number; a server that does not refuses it
    // itself.
    assertThat(differences).containsExactly("only here: select $1a");
    assertThat(accepted).isBetween(200, statements.size() - 40);
  }

  @Test
  void newerSyntaxIsNotReadAndSoNotPassedOn() throws Exception {
    for (var sql : statements("newer.sql")) {
      assertThat(isReadByTheServer(sql)).as(sql).isTrue();
      assertThat(isRead(sql)).as(sql).isFalse();
    }
  }

  private boolean isRead(String sql) {
    return reader.understand(Bytes.ofUtf8(sql)) instanceof ParsedStatement.Understood;
  }

  private static boolean isReadByTheServer(String sql) throws IOException, InterruptedException {
    var psql =
        new ProcessBuilder(
            List.of(
                "psql",
                "-X",
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(DATABASE.port()),
                "-U",
                "postgres",
                "-d",
                "postgres",
                "-v",
                "VERBOSITY=sqlstate",
                "-c",
                "begin",
                "-c",
                "select 1 / 0",
                "-c",
                sql));
    psql.environment().put("PGCLIENTENCODING", "UTF8");
    psql.redirectErrorStream(true).redirectInput(new File("/dev/null"));
    var process = psql.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    var states = SQLSTATE.matcher(said).results().map(found -> found.group(1)).toList();
    assertThat(states).as(said).startsWith("22012");
    return UNDERSTOOD.containsAll(states);
  }

  private static List<String> statements(String file) throws IOException {
    try (var in = SameGrammarTest.class.getResourceAsStream(file)) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\n")).filter(sql -> !sql.isBlank()).toList();
    }
  }
}
