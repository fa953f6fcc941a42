package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.testing.TamperedLine;
import org.postgresql.util.PSQLException;

/// Errors and notices that are longer than a gateway holds: the client is told the code, and the
/// session goes on.
class LongTextTest {
  private static final String TOO_LONG = "select repeat('x', 2000000)::int";
  private static final TamperedLine LINE = line();
  private static final GatewayFixture FIXTURE =
      new GatewayFixture(
          LiveSessions.SessionLimits.STANDARD,
          InstantSource.system(),
          GatewayFixture.DATABASE.catalogue(LINE.port()));

  private static TamperedLine line() {
    try {
      return new TamperedLine(GatewayFixture.DATABASE.port());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    FIXTURE.close();
    LINE.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended"})
  void anErrorIsToldByItsCode(String mode) throws Exception {
    String tooLong = "/* %s */ %s".formatted(mode, TOO_LONG);
    try (var session = FIXTURE.connect(FIXTURE.approved(Level.READ), "&preferQueryMode=" + mode)) {
      session.setAutoCommit(false);
      assertToldByItsCode(session, tooLong);
      assertThat(GatewayFixture.answer(session, "select 'between'")).isEqualTo("refused 25P02");
      session.rollback();
      assertThat(GatewayFixture.answer(session, "select 'still here'")).isEqualTo("still here");
    }
    GatewayFixture.await(() -> recorded(tooLong).filter("22P02"::equals).isPresent());
  }

  @Test
  void whatIsWithheldAnywayIsNotToldEither() throws Exception {
    try (var session = FIXTURE.connect(FIXTURE.approved(Level.MASKED))) {
      assertToldByItsCode(session, TOO_LONG);
    }
  }

  private static void assertToldByItsCode(Connection session, String tooLong) {
    assertThatThrownBy(() -> run(session, tooLong))
        .isInstanceOfSatisfying(
            PSQLException.class,
            told -> {
              assertThat(told.getSQLState()).isEqualTo("22P02");
              assertThat(told.getMessage())
                  .matches(
                      "(?s)ERROR: the database answered with 22P02; its text of 20\\d{5} bytes.*Hint: .*")
                  .hasSizeLessThan(200);
            });
  }

  private static void run(Connection session, String sql) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The code that the outcome of this text has.
  private static Optional<String> recorded(String sql) {
    var events = FIXTURE.controlPlane.events();
    return events.stream()
        .filter(
            event ->
                event instanceof SessionEvent.Operation s
                    && FIXTURE.controlPlane.text(s).equals(sql))
        .map(SessionEvent.Operation.class::cast)
        .flatMap(statement -> events.stream().filter(event -> isOutcomeOf(event, statement)))
        .flatMap(event -> ((SessionEvent.Outcome) event).failure().stream())
        .map(OutcomeStatus::word)
        .findFirst();
  }

  private static boolean isOutcomeOf(SessionEvent event, SessionEvent.Operation statement) {
    return event instanceof SessionEvent.Outcome outcome
        && outcome.of().equals(statement.of())
        && outcome.n() == statement.n();
  }

  @Test
  void aNoticeIsToldByItsCodeAndTheResultFollows() throws Exception {
    String text = "SNOTICE\0VNOTICE\0C01000\0M" + "y".repeat(3_000_000) + "\0\0";
    byte[] notice = Wire.message('N', text.getBytes(UTF_8));
    try (var session = FIXTURE.connect(FIXTURE.approved(Level.READ));
        var statement = session.createStatement()) {
      LINE.tamper(
          chunk -> {
            byte[] both = new byte[notice.length + chunk.length];
            System.arraycopy(notice, 0, both, 0, notice.length);
            System.arraycopy(chunk, 0, both, notice.length, chunk.length);
            return both;
          });
      try (var result = statement.executeQuery("select 'after the notice'")) {
        assertThat(result.next()).isTrue();
        assertThat(result.getString(1)).isEqualTo("after the notice");
      }
      SQLWarning told = statement.getWarnings();
      assertThat(told.getMessage()).contains("answered with 01000; its text of 3000");
      assertThat((Object) told.getNextWarning()).isNull();
    }
  }
}
