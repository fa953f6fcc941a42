package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.ExactStatements;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture.Access;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PSQLWarning;

/// What approvers signed beside level and time, held over real sessions.
class ApprovedLimitsTest {
  private static final String KB = "select repeat('x', 300) from generate_series(1, 10)";
  private static final String COUNT = "select count(*) from customers";

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final GatewayFixture fixture =
      new GatewayFixture(
          LiveSessions.SessionLimits.STANDARD, () -> Instant.now().plus(ahead.get()));

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private Access approved(Limits limits) {
    return fixture.approved(Level.READ, Duration.ofHours(3), limits);
  }

  private void awaitEnd(String reason) {
    GatewayFixture.await(() -> fixture.controlPlane.reasons().contains(reason));
  }

  @Test
  void theByteBudgetEndsAResultAndIsSharedByTheSessionsOfAGrant() throws SQLException {
    var access = approved(Limits.UNWRITTEN.withByteBudget(new ByteBudget(5000)));
    try (Connection first = fixture.connect(access);
        Connection second = fixture.connect(access)) {
      assertThat(rows(first)).isEqualTo(10);
      assertThat(rows(second)).isEqualTo(-1);
      assertThat(answer(first, "select repeat('x', 5000)")).isEqualTo("refused 53400");
      assertThat(answer(first, "select 'small'")).isEqualTo("small");
    }
    assertThat(released()).isBetween(4000L, 5000L);
  }

  @Test
  void bytesThatAnotherGatewayHasClaimedAreNotReleasedHere() throws SQLException {
    var access = approved(Limits.UNWRITTEN.withByteBudget(new ByteBudget(5000)));
    var request = access.asked().submission().id();
    fixture.controlPlane.claimedElsewhere(request, new Amount(0, 3000));
    try (Connection connection = fixture.connect(access)) {
      assertThat(rows(connection)).isEqualTo(-1);
    }
  }

  /// An error repeats the value that it is about, whatever the value is made of.
  @Test
  void whatErrorsRepeatIsOfTheByteBudgetToo() throws SQLException {
    var access = approved(Limits.UNWRITTEN.withByteBudget(new ByteBudget(5000)));
    String told = "select cast(string_agg(name, ',') as integer) from customers";
    try (Connection connection = fixture.connect(access)) {
      assertThatThrownBy(() -> run(connection, told))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53400"));
      assertThat(answer(connection, "select 'small'")).isEqualTo("small");
      assertThat(answer(connection, "select 'x'::integer")).isEqualTo("refused 22P02");
    }
    GatewayFixture.await(() -> released() > 100);
    assertThat(released()).isLessThanOrEqualTo(5000L);
  }

  /// PostgreSQL reports some settings whenever they change, whatever they are made of.
  @Test
  void whatSettingsReportIsOfTheByteBudgetToo() throws SQLException {
    var limits = Limits.UNWRITTEN.withProfile(Profile.EXPERT);
    try (Connection connection =
        fixture.connect(approved(limits.withByteBudget(new ByteBudget(5000))))) {
      assertThat(answer(connection, setting("search_path", 100))).isEqualTo("no row");
      assertThat(reported(connection, "search_path")).isEqualTo("x".repeat(100));
      assertThat(answer(connection, setting("search_path", 20_000))).isEqualTo("no row");
      assertThat(reported(connection, "search_path")).isEqualTo("x".repeat(100));
      assertThat(answer(connection, "select 'small'")).isEqualTo("small");
    }
    GatewayFixture.await(() -> released() > 100);
    assertThat(released()).isLessThanOrEqualTo(5000L);
  }

  private static String setting(String name, int length) {
    return "select 1 where set_config('%s', repeat('x', %d), false) is null"
        .formatted(name, length);
  }

  private static String reported(Connection connection, String setting) throws SQLException {
    return String.valueOf(connection.unwrap(PgConnection.class).getParameterStatus(setting));
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long released() {
    return fixture.controlPlane.events().stream()
        .filter(SessionEvent.Outcome.class::isInstance)
        .mapToLong(outcome -> ((SessionEvent.Outcome) outcome).bytes())
        .sum();
  }

  /// How many rows came; -1 if the budget was spent.
  private static int rows(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(KB)) {
      int rows = 0;
      while (result.next()) {
        rows++;
      }
      return rows;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("53400");
      return -1;
    }
  }

  @Test
  void aStatementThatTakesTooLongIsCancelledAndItsSessionGoesOn() throws SQLException {
    var timeout = Timeout.of(Duration.ofSeconds(3));
    try (Connection connection =
        fixture.connect(approved(Limits.UNWRITTEN.withStatementTimeout(timeout)))) {
      assertThat(answer(connection, "set statement_timeout = 0")).isEqualTo("0 rows");
      assertThat(answer(connection, "select pg_sleep(60)")).isEqualTo("refused 57014");
      assertThat(answer(connection, "select 1 from pg_sleep(0.2)")).isEqualTo("1");
    }
  }

  @Test
  void aSessionWithoutAStatementEndsAndABusyOneDoesNot() throws SQLException {
    var access = approved(Limits.UNWRITTEN.withIdleTimeout(Timeout.of(Duration.ofSeconds(3))));
    try (Connection idle = fixture.connect(access);
        Connection busy = fixture.connect(access)) {
      assertThat(answer(idle, "select 1")).isEqualTo("1");
      assertThat(answer(busy, "select 'slept' from pg_sleep(5)")).isEqualTo("slept");
      awaitEnd("idle");
      assertThat(answer(idle, "select 2")).startsWith("refused");
    }
  }

  @Test
  void aBatchWithoutItsEndDoesNotKeepASessionFromBeingIdle() throws Exception {
    var access = approved(Limits.UNWRITTEN.withIdleTimeout(Timeout.of(Duration.ofSeconds(1))));
    try (Connection connection = fixture.connect(access)) {
      Wire.of(connection).write(batch("select 1"));
      Wire.of(connection).flush();
      awaitEnd("idle");
    }
  }

  @Test
  void aBatchWithoutItsEndIsCancelledWhenItsStatementTakesTooLong() throws Exception {
    var timeout = Timeout.of(Duration.ofSeconds(1));
    try (Connection connection =
        fixture.connect(approved(Limits.UNWRITTEN.withStatementTimeout(timeout)))) {
      Wire.of(connection).write(batch("select pg_sleep(60)"));
      Wire.of(connection).flush();
      GatewayFixture.await(() -> running() == 1);
      GatewayFixture.await(() -> running() == 0);
    }
  }

  private static long running() {
    return GatewayFixture.DATABASE.count(
        "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%' and state = 'active'");
  }

  /// Parse, Bind and Execute without a Sync.
  private static byte[] batch(String sql) throws IOException {
    var batch = new ByteArrayOutputStream();
    batch.write(Wire.message('P', ("\0" + sql + "\0\0\0").getBytes(UTF_8)));
    batch.write(Wire.message('B', new byte[8]));
    batch.write(Wire.message('E', new byte[5]));
    return batch.toByteArray();
  }

  @Test
  void noMoreSessionsAreOpenAtOnceThanWereApproved() throws SQLException {
    var access = approved(Limits.UNWRITTEN.withSessions(new Concurrency(1)));
    try (Connection first = fixture.connect(access)) {
      assertThat(answer(first, "select 1")).isEqualTo("1");
      assertThatThrownBy(() -> fixture.connect(access)).hasMessageContaining("too many sessions");
    }
    GatewayFixture.await(() -> isLetIn(access));
  }

  private boolean isLetIn(Access access) {
    try (Connection connection = fixture.connect(access)) {
      return connection.isValid(0);
    } catch (SQLException e) {
      return false;
    }
  }

  private static Hours around(Duration from, Duration to) {
    var now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
    return Hours.of(Shift.parse("mon-sun %s-%s UTC".formatted(now.plus(from), now.plus(to))));
  }

  @Test
  void outsideTheHoursNobodyIsLetInAndToldWhenItOpens() {
    var later = around(Duration.ofHours(1), Duration.ofHours(2));
    assertThatThrownBy(() -> fixture.connect(approved(Limits.UNWRITTEN.withHours(later))))
        .hasMessageContaining("access is closed at this hour; it is open only mon-sun ")
        .hasMessageContaining("Connect again at ");
  }

  @Test
  void openSessionsEndWithTheHours() throws SQLException {
    var now = around(Duration.ofHours(-1), Duration.ofHours(1));
    var access = approved(Limits.UNWRITTEN.withHours(now));
    try (Connection connection = fixture.connect(access)) {
      assertThat(answer(connection, "select 1")).isEqualTo("1");
      Wire.awaitFetched(connection);
      ahead.set(Duration.ofMinutes(61));
      awaitEnd("hours-over");
      assertThat(answer(connection, "select 2")).startsWith("refused");
      assertThatThrownBy(() -> fixture.connect(access)).hasMessageContaining("closed at this hour");
    }
  }

  private Access exactly(String... texts) {
    var hashes = List.of(texts).stream().map(text -> fixture.tenant.commit(text).value()).toList();
    return approved(Limits.UNWRITTEN.withStatements(ExactStatements.of(hashes)));
  }

  @Test
  void onlyTheApprovedTextRunsByteForByteInBothProtocols() throws SQLException {
    var access = exactly(COUNT);
    for (var mode : List.of("simple", "extended")) {
      var options = "&assumeMinServerVersion=16&preferQueryMode=" + mode;
      try (Connection connection = fixture.connect(access, options)) {
        assertThat(answer(connection, COUNT)).as(mode).isNotEqualTo("0").doesNotContain("refused");
        assertThat(answer(connection, COUNT)).as(mode).doesNotContain("refused");
        assertThat(answer(connection, COUNT + " ")).as(mode).isEqualTo("refused 42501");
        assertThat(answer(connection, "select 1")).as(mode).isEqualTo("refused 42501");
        assertThat(answer(connection, COUNT)).as(mode).doesNotContain("refused");
      }
    }
    assertThat(refusals()).containsExactly("42501", "42501", "42501", "42501");
  }

  /// The SQLSTATEs with which the record says that an attempt ended.
  private List<String> refusals() {
    GatewayFixture.await(() -> fixture.controlPlane.reasons().size() == 2);
    return fixture.controlPlane.events().stream()
        .filter(SessionEvent.Outcome.class::isInstance)
        .flatMap(event -> ((SessionEvent.Outcome) event).failure().stream())
        .map(OutcomeStatus::word)
        .toList();
  }

  /// What is sent to `lb_catalog` elsewhere is another text, which nobody has approved.
  @Test
  void anApprovedTextThatNamesACatalogRunsAsItStands() throws SQLException {
    var sql = "select count(relname) from pg_class";
    try (Connection any = fixture.connect(approved(Limits.UNWRITTEN));
        Connection exact = fixture.connect(exactly(sql), "&assumeMinServerVersion=16")) {
      long own = Long.parseLong(answer(any, sql));
      assertThat(Long.parseLong(answer(exact, sql))).isGreaterThan(own);
    }
  }

  @Test
  void anotherTextFailsItsTransactionAndTheSessionGoesOn() throws SQLException {
    var access = exactly("begin", COUNT, "rollback");
    var options = "&assumeMinServerVersion=16&preferQueryMode=simple";
    try (Connection connection = fixture.connect(access, options)) {
      answer(connection, "begin");
      assertThat(answer(connection, "commit")).isEqualTo("refused 42501");
      assertThat(answer(connection, COUNT)).isEqualTo("refused 25P02");
      answer(connection, "rollback");
      assertThat(answer(connection, COUNT)).doesNotContain("refused");
    }
  }

  @Test
  void anApprovedStatementWhoseTextIsNotShownDoesNotRun() throws SQLException {
    var nobodyKnows = fixture.tenant.commit(COUNT).value();
    fixture.controlPlane.withhold();
    var access =
        approved(Limits.UNWRITTEN.withStatements(ExactStatements.of(List.of(nobodyKnows))));
    try (Connection connection = fixture.connect(access, "&assumeMinServerVersion=16")) {
      assertThat(answer(connection, COUNT)).isEqualTo("refused 42501");
    }
  }

  @Test
  void aStatementThatRunsAtASoftEndComesToItsEndAndNothingElseStarts() throws Exception {
    var soft = Limits.UNWRITTEN.withSoftEnd(new SoftEnd(Duration.ofSeconds(30)));
    var access = fixture.approved(Level.READ, Duration.ofSeconds(4), soft);
    var end = fixture.tenant.clock().instant().plusSeconds(4);
    try (Connection running = fixture.connect(access);
        Connection idle = fixture.connect(access)) {
      assertThat(answer(running, "select 'finished' from pg_sleep(6)")).isEqualTo("finished");
      assertThat(Instant.now()).isAfter(end);
      assertThat(answer(idle, "select 1")).startsWith("refused");
      assertThat(answer(running, "select 2")).startsWith("refused");
      assertThat(Instant.now()).as("not only when the 30 s are over").isBefore(end.plusSeconds(20));
    }
    GatewayFixture.await(() -> fixture.controlPlane.reasons().size() == 2);
    assertThat(fixture.controlPlane.reasons()).containsOnly("expired");
  }

  @Test
  void aSoftEndIsAnEndToo() throws Exception {
    var soft = Limits.UNWRITTEN.withSoftEnd(new SoftEnd(Duration.ofSeconds(2)));
    var access = fixture.approved(Level.READ, Duration.ofSeconds(3), soft);
    var latest = fixture.tenant.clock().instant().plusSeconds(5);
    try (Connection connection = fixture.connect(access)) {
      assertThat(answer(connection, "select pg_sleep(60)")).isEqualTo("refused 57P01");
      assertThat(Instant.now()).isBetween(latest, latest.plusSeconds(1));
    }
  }

  @Test
  void theClientIsToldBeforeTheEndHowToAskForMore() throws SQLException {
    var access = approved(Limits.UNWRITTEN);
    try (Connection connection = fixture.connect(access)) {
      connection.clearWarnings();
      Wire.awaitFetched(connection);
      ahead.set(Duration.ofHours(3).minusMinutes(4));
      var told = new StringBuilder();
      GatewayFixture.await(() -> told.append(warnings(connection)).indexOf("ends in 5 min") >= 0);
      assertThat(told)
          .contains("lockbox request extend " + access.asked().submission().id() + " --for 30m");
      Wire.awaitFetched(connection);
      ahead.set(Duration.ofHours(3).minusSeconds(50));
      GatewayFixture.await(() -> told.append(warnings(connection)).indexOf("ends in 1 min") >= 0);
    }
  }

  private static String warnings(Connection connection) {
    try (var statement = connection.createStatement()) {
      statement.execute("select 1");
      return told(statement.getWarnings()) + told(connection.getWarnings());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String told(@Nullable SQLWarning warning) {
    return warning instanceof PSQLWarning notice
        ? String.valueOf(notice.getServerErrorMessage())
        : "";
  }
}
