package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.openlockbox.postgres.PreparingServer.HOLD;
import static org.openlockbox.postgres.PreparingServer.SOON;
import static org.openlockbox.postgres.PreparingServer.TOUCH;
import static org.openlockbox.postgres.testing.Answers.last;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.GatewayFixture.Access;
import org.openlockbox.postgres.attack.Talk;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.SessionRole;
import org.openlockbox.postgres.database.SessionRoles;
import org.postgresql.util.PSQLException;
import org.postgresql.xa.PGXADataSource;

/// Where a server lets transactions be prepared: what a session's role could leave behind, and that
/// nothing through the gateway does.
class PreparedTransactionTest {
  private static final PreparingServer SERVER = PreparingServer.start();
  private static final String BARRED = "a prepared transaction is not allowed here in any profile";
  private static final String HINT = "Its locks would outlive this access: use COMMIT.";

  private final GatewayFixture fixture = SERVER.gateway();

  @AfterEach
  void nothingIsLeft() throws SQLException {
    fixture.close();
    assertThat(SERVER.rollBack()).isEmpty();
    assertThat(SERVER.roles()).isZero();
    assertThat(SERVER.held()).isZero();
  }

  @AfterAll
  static void stop() throws IOException {
    SERVER.close();
  }

  /// Makes roles of sessions with their passwords, as only the gateway has them.
  private static SessionRoles sessionRoles() {
    var gateway = new GatewayBoot(new GatewayId("gw-9"), "00000000000000cc");
    var spec = SERVER.database().catalogue().resources().getFirst();
    var admin = AdminConnections.to(spec.address(), "unused", gateway);
    return new SessionRoles(spec, admin, gateway, new SecureRandom(), System::nanoTime);
  }

  private static SessionRole open(SessionRoles roles, Level level) {
    var until = Instant.now().plusSeconds(300);
    var session = SessionId.random(new SecureRandom());
    return switch (roles.open(new TenantId("acme"), level, Tables.ALL, until, session)) {
      case SessionRoles.OpenResult.RoleReady(SessionRole role) -> role;
      case SessionRoles.OpenResult.NotOpened failed -> throw new AssertionError(failed.why());
    };
  }

  private static Connection directly(SessionRole role) throws SQLException {
    var database = SERVER.database();
    return DriverManager.getConnection(
        database.url(), role.name(), database.passwordFor(role.name()));
  }

  /// The control: past the gateway a session's role does it, one that only reads too.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "READ  | begin; select count(*) from customers | access exclusive",
        "WRITE | begin; update customers set name = 'held' where id = 1006 | share"
      })
  void whatIsPreparedPastTheGatewayOutlivesSessionAndRole(Level level, String hold, String lock)
      throws SQLException {
    String locks = "begin; lock table customers in %s mode; commit".formatted(lock);
    String locked =
        "select count(*) from pg_locks where pid is null and relation = 'customers'::regclass";
    try (var roles = sessionRoles();
        Connection superuser = SERVER.database().superuser()) {
      SessionRole role = open(roles, level);
      try (Connection direct = directly(role)) {
        assertThat(last(direct, hold + "; prepare transaction 'left'")).isEqualTo("0 rows");
      }
      assertThat(roles.close(role)).isEmpty();
      assertThat(SERVER.roles()).isZero();
      assertThat(last(superuser, "select gid, owner from pg_prepared_xacts")).isEqualTo("left");
      assertThat(last(superuser, locked)).isEqualTo("1");
      assertThat(last(superuser, SOON + locks)).isEqualTo("refused 55P03");
      last(superuser, "rollback");
      try (Connection other = session(Profile.EXPERT, "")) {
        assertThat(last(other, SOON + TOUCH))
            .isEqualTo(level == Level.WRITE ? "refused 55P03" : "1 rows");
        assertThat(last(superuser, "rollback prepared 'left'")).isEqualTo("0 rows");
        assertThat(last(other, TOUCH)).isEqualTo("1 rows");
      }
      assertThat(last(superuser, locks)).isEqualTo("0 rows");
    }
  }

  /// PostgreSQL prepares none in a function.
  @Test
  void noneIsPreparedInABlockPastTheGatewayEither() throws SQLException {
    try (Connection superuser = SERVER.database().superuser()) {
      assertThat(last(superuser, "do $$ begin execute 'prepare transaction ''left'''; end $$"))
          .isEqualTo("refused 0A000");
    }
  }

  /// A text in a session, sent as one simple query, or each of its statements as Parse, Bind and
  /// Execute.
  record Attempt(Profile profile, String mode, String text) {}

  static Stream<Attempt> attempts() {
    return Stream.of(
            "prepare transaction 'left'",
            "pRePaRe TRANSACTION 'left'",
            "prepare/* a /* comment */ */transaction 'left'",
            "prepare -- a comment\n transaction $$left$$",
            "/* select */ prepare\ttransaction U&'l\\0065ft'",
            "select 1; prepare transaction 'left'; select 2",
            "commit; begin; " + TOUCH + "; prepare transaction 'left'; begin")
        .flatMap(
            text ->
                Stream.of(Profile.values())
                    .flatMap(
                        profile ->
                            Stream.of("simple", "extended")
                                .map(mode -> new Attempt(profile, mode, text))));
  }

  @ParameterizedTest
  @MethodSource("attempts")
  void noSessionPreparesATransaction(Attempt attempt) throws SQLException {
    try (Connection session = session(attempt.profile(), "&preferQueryMode=" + attempt.mode())) {
      assertThat(last(session, "begin; " + TOUCH)).isEqualTo("1 rows");
      assertBarred(() -> run(session, attempt.text()));
      assertThat(last(session, "select 1")).isEqualTo("refused 25P02");
      assertThat(last(session, "rollback")).isEqualTo("0 rows");
      assertThat(last(session, TOUCH)).isEqualTo("1 rows");
      assertThat(SERVER.prepared()).isZero();
    }
    GatewayFixture.await(() -> SERVER.roles() == 0);
    assertThat(refused()).containsExactly("class");
  }

  private Connection session(Profile profile, String more) throws SQLException {
    return fixture.connect(access(profile), more);
  }

  private Access access(Profile profile) {
    var limits = Limits.WIDEST.withProfile(profile);
    return fixture.approved(Level.WRITE, Duration.ofMinutes(30), limits);
  }

  private static void run(Connection session, String sql) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void assertBarred(ThrowingCallable call) {
    assertThatExceptionOfType(PSQLException.class)
        .isThrownBy(call)
        .extracting(PSQLException::getServerErrorMessage)
        .satisfies(
            error -> {
              assertThat(error.getSQLState()).isEqualTo("42501");
              assertThat(error.getMessage()).isEqualTo(BARRED);
              assertThat(error.getHint()).isEqualTo(HINT);
            });
  }

  /// Why texts that have the word were refused, in the log.
  private List<String> refused() {
    return fixture.controlPlane.events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .filter(
            each -> fixture.controlPlane.text(each).toLowerCase(Locale.ROOT).contains("prepare"))
        .map(each -> each.refused().orElse("not refused"))
        .toList();
  }

  /// As application servers do it, in the driver's words.
  @Test
  void aTransactionManagerPreparesNone() throws Exception {
    var source = new PGXADataSource();
    source.setUrl(fixture.url());
    source.setUser(access(Profile.EXPERT).user());
    source.setPassword(GatewayFixture.PASSWORD);
    var manager = source.getXAConnection();
    var branch = new Branch(1);
    manager.getXAResource().start(branch, XAResource.TMNOFLAGS);
    assertThat(last(manager.getConnection(), TOUCH)).isEqualTo("1 rows");
    manager.getXAResource().end(branch, XAResource.TMSUCCESS);
    assertThatExceptionOfType(XAException.class)
        .isThrownBy(() -> manager.getXAResource().prepare(branch))
        .satisfies(
            e ->
                assertBarred(
                    () -> {
                      throw e.getCause();
                    }));
    manager.close();
    GatewayFixture.await(() -> SERVER.roles() == 0);
    assertThat(refused()).containsExactly("class");
  }

  /// The only transaction of its manager.
  record Branch(int getFormatId) implements Xid {
    @Override
    public byte[] getGlobalTransactionId() {
      return new byte[] {1};
    }

    @Override
    public byte[] getBranchQualifier() {
      return new byte[] {1};
    }
  }

  /// No session may use `plpgsql`, and the guarded profile passes no DO.
  @ParameterizedTest
  @CsvSource({
    "GUARDED, DO is not allowed here (guarded profile), class",
    "EXPERT, permission denied for language plpgsql, not refused"
  })
  void noneIsPreparedInABlock(Profile profile, String said, String recorded) throws SQLException {
    String block = "do $$ begin execute 'prepare ' || 'transaction ''left'''; end $$";
    try (Connection session = session(profile, "")) {
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> run(session, block))
          .extracting(PSQLException::getServerErrorMessage)
          .satisfies(
              error -> {
                assertThat(error.getSQLState()).isEqualTo("42501");
                assertThat(error.getMessage()).isEqualTo(said);
              });
      assertThat(last(session, "select 1")).isEqualTo("1");
    }
    assertThat(refused()).containsExactly(recorded);
  }

  /// What only reads is passed on at once, so that the second text may run before the gateway hears
  /// of the setting by which the database sees statements where the gateway reads a string.
  @Test
  void noneHidesInATextThatTheDatabaseReadsAnotherWay() throws Exception {
    String hidden =
        "select '\\', '; begin; table customers limit 1; prepare transaction $$left$$; --'";
    try (Connection session = fixture.connect(fixture.approved(Level.READ))) {
      Wire.of(session)
          .write(
              Talk.joined(Wire.query("set standard_conforming_strings = off"), Wire.query(hidden)));
      Wire.of(session).flush();
      Wire.socket(session).getInputStream().readAllBytes(); // to the session's end
    }
    GatewayFixture.await(() -> SERVER.roles() == 0);
    assertThat(SERVER.prepared()).isZero();
    assertThat(refused()).containsExactly("not-understood");
    try (Connection session = session(Profile.EXPERT, "&preferQueryMode=simple")) {
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> run(session, hidden))
          .withMessageContaining(BARRED + ", and this text may be read so")
          .withMessageContaining("Send values as parameters.");
    }
  }

  /// Others' are not a session's to finish, as PostgreSQL itself has it.
  @ParameterizedTest
  @EnumSource(Profile.class)
  void noneOfOthersIsFinished(Profile profile) throws SQLException {
    try (Connection application = SERVER.application("postgres");
        Connection session = session(profile, "");
        var roles = sessionRoles()) {
      last(application, HOLD + "; prepare transaction 'theirs'");
      assertBarred(() -> run(session, "commit prepared 'theirs'"));
      assertBarred(() -> run(session, "rollback /* */ PREPARED 'theirs'"));
      assertThat(last(session, "select 1")).isEqualTo("1");
      SessionRole role = open(roles, Level.WRITE);
      try (Connection direct = directly(role)) {
        assertThat(last(direct, "commit prepared 'theirs'")).isEqualTo("refused 42501");
        assertThat(last(direct, "rollback prepared 'theirs'")).isEqualTo("refused 42501");
      }
      assertThat(roles.close(role)).isEmpty();
      assertThat(SERVER.prepared()).isEqualTo(1);
      assertThat(last(application, "rollback prepared 'theirs'")).isEqualTo("0 rows");
    }
    assertThat(refused()).containsExactly("class", "class");
  }
}
