package org.openlockbox.postgres.attack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.Knock;
import org.openlockbox.postgres.testing.Answers;

/// The control: the same attacks through a plain relay, with the login that support people share. A
/// third of them succeeds there, so the suite bites; what it counted is written to
/// `target/attacks`.
class ControlTest {
  private static final Target.PlainRelay RELAY = relay();

  private static Target.PlainRelay relay() {
    try {
      return Target.PlainRelay.open();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void close() throws IOException {
    RELAY.close();
  }

  /// What the gateway refuses before it asks for a password (`HintsTest`).
  @ParameterizedTest
  @CsvSource({
    "replication, database",
    "options, -c role=x",
    "role, postgres",
    "client_encoding, SJIS"
  })
  void aStartUpThatTheGatewayRefusesIsAskedForAPassword(String key, String value) throws Exception {
    try (var tls = new Knock(RELAY.line().port()).insideTls()) {
      String[] texts = {"user", "support_read", "database", "control", key, value};
      tls.getOutputStream().write(Knock.packet(3 << 16, texts));
      assertThat((char) tls.getInputStream().read()).isEqualTo('R');
    }
  }

  /// One line of a table of attacks.
  private record SqlAttack(Level level, String name, String sql, String expected) {
    /// Where an attack stands that is one: the others show what an engineer may do.
    boolean isOne() {
      return name.startsWith("PG-") || expected.startsWith("refused");
    }
  }

  private static List<SqlAttack> attacks(Level level) throws IOException {
    try (InputStream file =
        ControlTest.class.getResourceAsStream("/attacks/%s.csv".formatted(level.word()))) {
      return new String(file.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" *(?<!\\|)\\| +", 3))
          .map(parts -> new SqlAttack(level, parts[0], parts[1], parts[2]))
          .filter(SqlAttack::isOne)
          .toList();
    }
  }

  @Test
  void theSameAttacksSucceedAgainstAPlainRelay() throws Exception {
    List<String> report = new ArrayList<>();
    long sql = statements(report);
    int statements = report.size();
    long wire = messages(report);
    report.addFirst(
        "through a plain relay %d of %d statements succeed, and %d of %d messages are answered otherwise"
            .formatted(sql, statements, wire, report.size() - statements));
    System.out.println("Control: " + report.getFirst());
    Files.write(Files.createDirectories(Path.of("target/attacks")).resolve("control.txt"), report);
    assertThat(sql).isGreaterThanOrEqualTo(50);
    assertThat(wire).isGreaterThanOrEqualTo(15);
  }

  private static long statements(List<String> report) throws IOException, SQLException {
    long successes = 0;
    for (Level level : List.of(Level.READ, Level.MASKED, Level.WRITE)) {
      for (SqlAttack attack : attacks(level)) {
        String answer = answer(attack);
        boolean succeeds = !answer.startsWith("refused") && !answer.equals(attack.expected());
        successes += succeeds ? 1 : 0;
        String word = succeeds ? "succeeds" : "fails";
        report.add(String.join(" | ", word, attack.name(), attack.sql(), inShort(answer)));
      }
    }
    return successes;
  }

  private static long messages(List<String> report) throws SQLException, IOException {
    Target.HELPDESK.openInbox("control");
    long others = 0;
    for (WireAttack attack : WireAttack.all()) {
      String answer = answer(attack);
      boolean same = answer.equals(attack.expected());
      others += same ? 0 : 1;
      report.add(String.join(" | ", same ? "the same" : "otherwise", attack.name(), answer));
    }
    return others;
  }

  private static String inShort(String answer) {
    return answer
        .lines()
        .findFirst()
        .orElse("")
        .transform(l -> l.substring(0, Math.min(60, l.length())));
  }

  private static String answer(SqlAttack attack) throws SQLException {
    try (Connection connection = RELAY.connect(attack.level())) {
      Answers.last(connection, "set session characteristics as transaction read write");
      Answers.last(connection, "set statement_timeout = '60s'");
      return Answers.last(connection, attack.sql());
    }
  }

  private static String answer(WireAttack attack) throws SQLException, IOException {
    Connection connection = RELAY.connect(attack.level());
    try {
      return attack.answer(connection);
    } finally {
      connection.abort(Runnable::run);
    }
  }
}
