package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.testing.Answers;

/// The statements of `attacks/*.csv` through the gateway: what the fence refuses stays refused, and
/// what an engineer may do the gateway lets pass.
class SqlAttackTest {
  private static final Target.Gateway GATEWAY = new Target.Gateway();
  private static final Map<Level, Connection> SESSIONS = new EnumMap<>(Level.class);

  @AfterAll
  static void nothingIsLeft() throws SQLException {
    for (Connection session : SESSIONS.values()) {
      session.close();
    }
    GATEWAY.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvFileSource(resources = "/attacks/read.csv", delimiter = '|', quoteCharacter = '`')
  void atTheReadLevel(String attack, String sql, String expected) throws SQLException {
    assertThat(answer(Level.READ, sql)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvFileSource(resources = "/attacks/masked.csv", delimiter = '|', quoteCharacter = '`')
  void atTheMaskedLevel(String attack, String sql, String expected) throws SQLException {
    assertThat(answer(Level.MASKED, sql)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvFileSource(resources = "/attacks/write.csv", delimiter = '|', quoteCharacter = '`')
  void atTheWriteLevel(String attack, String sql, String expected) throws SQLException {
    assertThat(answer(Level.WRITE, sql)).isEqualTo(expected);
  }

  /// What the database alone would do: it looks at the row of another tenant before it refuses.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "do update set quantity = l.text::integer",
        "do update set quantity = 1 where l.text::integer = 1",
        "do update set quantity = l.text::integer returning with (old as o) o.text",
      })
  void anInsertDoesNotLookAtTheRowThatItRunsInto(String then) throws SQLException {
    Connection session = session(Level.WRITE);
    Answers.last(session, "rollback");
    String insert =
        "insert into invoice_lines as l (invoice_id, position, text, quantity, unit_price)"
            + " values (%s, 1, 'x', 1, 1) on conflict (invoice_id, position) %s";
    String another = Target.invoiceOfAnotherTenant();
    assertThat(Answers.last(session, insert.formatted(another, then))).isEqualTo("refused 42501");
    assertThat(Answers.last(session, insert.formatted(another, then) + "--".repeat(200_000)))
        .isEqualTo("refused 42501");
    Answers.last(session, "rollback");
  }

  private static String answer(Level level, String sql) throws SQLException {
    Connection session = session(level);
    Answers.last(session, "rollback");
    Answers.last(session, "set session characteristics as transaction read write");
    if (level != Level.WRITE) {
      return Answers.last(session, sql);
    }
    Answers.last(session, "begin");
    return Answers.last(session, sql);
  }

  private static Connection session(Level level) throws SQLException {
    Connection session = SESSIONS.get(level);
    if (session == null || session.isClosed()) {
      session = GATEWAY.connect(level);
      SESSIONS.put(level, session);
    }
    return session;
  }
}
