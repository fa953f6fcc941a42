package org.openlockbox.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.fence.Helpdesk;

class SessionRolesTest {
  private static final String WORKING =
      "select count(*) from pg_stat_activity where usename = 'lockbox_gateway' and state = 'active'";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Helpdesk HELPDESK = Helpdesk.fenced("roles_test");
  private final SessionRoles roles = HELPDESK.roles("00000000000000aa");

  @AfterEach
  void nothingIsLeft() throws SQLException {
    HELPDESK.dropSessions();
    roles.close();
    assertThat(rolesLeft()).isEqualTo("0");
  }

  private static String rolesLeft() throws SQLException {
    try (var connection = HELPDESK.superuser()) {
      return answer(
          connection,
          "select (select count(*) from pg_roles where rolname ~ '^lb_s_') + (select count(*) from lb.binding)");
    }
  }

  @Test
  void closingEndsTheRunningStatementAndLeavesNothing() throws Exception {
    var role = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    try (var session = HELPDESK.as(role);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("12000");
      Future<String> running = threads.submit(() -> answer(session, "select pg_sleep(60)"));
      assertThat(roles.close(role)).isEmpty();
      assertThat(running.get()).startsWith("refused ");
      assertThat(rolesLeft()).isEqualTo("0");
    }
    assertThat(roles.close(role)).as("closing twice").isEmpty();
  }

  /// The database is so slow that both opening and cleaning up time out; then it makes the role.
  @Test
  void aRoleThatAppearsAfterItsOpeningWasGivenUpIsForTheCallerToClose() throws Exception {
    AdminConnections impatient =
        () -> DriverManager.getConnection(HELPDESK.gatewayUrl() + "&socketTimeout=1");
    try (var own = HELPDESK.roles("00000000000000bb", impatient);
        var slow = HELPDESK.superuser()) {
      slow.setAutoCommit(false);
      answer(slow, "lock table lb.binding in share row exclusive mode");
      var until = Instant.now().plus(5, ChronoUnit.MINUTES);
      var opened =
          own.open(new TenantId("acme"), Level.READ, Tables.ALL, until, SessionId.random(RANDOM));
      assertThat(opened)
          .isInstanceOfSatisfying(
              SessionRoles.OpenResult.NotOpened.class,
              failed -> assertThat(failed.leftover()).isPresent());
      slow.rollback();
      slow.setAutoCommit(true); // within a transaction the look at the backends would stay the same
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!answer(slow, WORKING).equals("0")) {
        assertThat(System.nanoTime()).as("the database has caught up").isLessThan(deadline);
        Thread.sleep(20);
      }
      var leftover = ((SessionRoles.OpenResult.NotOpened) opened).leftover().orElseThrow();
      assertThat(own.close(leftover)).isEmpty();
      assertThat(rolesLeft()).isEqualTo("0");
    }
  }

  /// The same, but the cleaning up came to its end before the database made the role.
  @Test
  void aRoleOfThisStartThatNoSessionHasIsSwept() throws Exception {
    var stray = Helpdesk.open(HELPDESK.roles("00000000000000aa"), "acme", Level.READ, Tables.ALL);
    var live = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    assertThat(roles.dropLeftovers()).isEmpty();
    assertThat(rolesLeft()).as("one role and its binding").isEqualTo("2");
    try (var session = HELPDESK.as(live)) {
      assertThat(answer(session, "select 1")).isEqualTo("1");
      assertThat(stray.name()).isNotEqualTo(live.name());
    }
  }

  @Test
  void aSessionThatChangedItsOwnRoleIsStillRemoved() throws SQLException {
    var role = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    try (var session = HELPDESK.as(role)) {
      answer(session, "set session characteristics as transaction read write");
      assertThat(answer(session, "alter default privileges grant select on tables to public"))
          .isEqualTo("0 rows");
      assertThat(answer(session, "alter role current_user set work_mem = '64kB'"))
          .isEqualTo("0 rows");
      assertThat(answer(session, "alter role current_user password 'stolen'")).isEqualTo("0 rows");
    }
    assertThat(roles.close(role)).isEmpty();
  }

  @Test
  void openSessionsAreNoDeviationAndOutliveThePlan() throws SQLException {
    var role = Helpdesk.open(roles, "acme", Level.WRITE, Tables.ALL);
    try (var session = HELPDESK.as(role)) {
      assertThat(answer(session, "alter default privileges grant select on tables to public"))
          .isEqualTo("0 rows");
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("12000");
      assertThat(HELPDESK.check().deviations()).isEmpty();
      HELPDESK.applyPlan();
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("12000");
      assertThat(HELPDESK.check().deviations()).isEmpty();
    }
    assertThat(roles.close(role)).isEmpty();
  }

  @Test
  void theBindingEndsByItselfAtTheDatabasesClock() throws SQLException {
    var role = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    try (var session = HELPDESK.as(role)) {
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("12000");
      HELPDESK.asSuperuser(
          "update lb.binding set until = clock_timestamp() - interval '2 minutes'");
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("refused 42501");
      assertThat(answer(session, "select count(*) from plans")).isEqualTo("refused 42501");
      HELPDESK.asSuperuser("delete from lb.binding");
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("refused 42501");
    }
    assertThat(roles.close(role)).isEmpty();
  }

  @Test
  void theRoleHasOneConnectionAndMayNotBeMoreThanItsLevel() throws SQLException {
    var role = Helpdesk.open(roles, "acme", Level.MASKED, Tables.ALL);
    try (var session = HELPDESK.as(role);
        var superuser = HELPDESK.superuser()) {
      assertThat(
              answer(
                  superuser,
                  """
                  select concat_ws(' ', rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
                                   rolconnlimit, rolvaliduntil > now())
                    from pg_roles where rolname = '%s'
                  """
                      .formatted(role.name())))
          .isEqualTo("f f f f f 1 t");
      assertThat(answer(session, "select pg_has_role(session_user, 'lb_level_masked', 'usage')"))
          .isEqualTo("t");
      assertThat(answer(session, "select pg_has_role(session_user, 'lb_view', 'usage')"))
          .isEqualTo("f");
    }
    assertThat(roles.close(role)).isEmpty();
  }

  @Test
  void twentySessionsOpenAndCloseAtTheSameTime() throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var opening = new ArrayList<Future<SessionRole>>();
      for (int i = 0; i < 20; i++) {
        opening.add(threads.submit(() -> Helpdesk.open(roles, "globex", Level.READ, Tables.ALL)));
      }
      var closing = new ArrayList<Future<Boolean>>();
      for (Future<SessionRole> each : opening) {
        var role = each.get();
        closing.add(threads.submit(() -> useAndClose(role)));
      }
      for (Future<Boolean> each : closing) {
        assertThat(each.get()).isTrue();
      }
    }
  }

  private boolean useAndClose(SessionRole role) throws SQLException {
    try (Connection session = HELPDESK.as(role)) {
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("4500");
    }
    return roles.close(role).isEmpty();
  }

  @Test
  void connectionsThatTheServerCutAreReplaced() throws SQLException {
    assertThat(roles.close(Helpdesk.open(roles, "acme", Level.READ, Tables.ALL))).isEmpty();
    HELPDESK.asSuperuser(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'lockbox_gateway'");
    assertThat(roles.close(Helpdesk.open(roles, "acme", Level.READ, Tables.ALL))).isEmpty();
  }

  @Test
  void theNextStartOfTheGatewayDropsWhatTheLastOneLeft() throws SQLException, IOException {
    var left = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    try (var next = HELPDESK.roles("00000000000000bb")) {
      var own = Helpdesk.open(next, "acme", Level.READ, Tables.ALL);
      assertThat(next.dropLeftovers()).isEmpty();
      try (var connection = HELPDESK.superuser()) {
        String sql = "select string_agg(rolname, ',') from pg_roles where rolname ~ '^lb_s_'";
        assertThat(answer(connection, sql)).isEqualTo(own.name()).isNotEqualTo(left.name());
      }
    }
  }

  /// Two starts that overlap, as when a gateway is replaced: the older one still sweeps.
  @Test
  void anEarlierStartLeavesWhatALaterOneOpensAlone() throws SQLException, IOException {
    assertThat(roles.dropLeftovers()).isEmpty();
    try (var next = HELPDESK.roles("00000000000000bb")) {
      var later = Helpdesk.open(next, "acme", Level.READ, Tables.ALL);
      assertThat(roles.dropLeftovers()).isEmpty();
      try (var connection = HELPDESK.superuser()) {
        String sql = "select string_agg(role, ',') from lb.binding";
        assertThat(answer(connection, sql)).isEqualTo(later.name());
      }
      assertThat(next.close(later)).isEmpty();
    }
    assertThat(rolesLeft()).isEqualTo("0");
  }

  @Test
  void whoHasStoppedDoesNothingMore() {
    var stopped = HELPDESK.roles("00000000000000bb");
    stopped.close();
    assertThatThrownBy(stopped::dropLeftovers).hasMessageContaining("does not say what is left");
  }

  @Test
  void whatCannotBeOpenedIsAValueAndLeavesNothing() throws SQLException {
    Instant soon = Instant.now().plus(5, ChronoUnit.MINUTES);
    Instant past = soon.minus(1, ChronoUnit.HOURS);
    var tenant = new TenantId("acme");
    for (var opened :
        List.of(
            roles.open(new TenantId("nobody"), Level.READ, Tables.ALL, soon, Helpdesk.session()),
            roles.open(tenant, Level.READ, Tables.ALL, past, Helpdesk.session()))) {
      assertThat(opened).isInstanceOf(SessionRoles.OpenResult.NotOpened.class);
    }
    assertThat(rolesLeft()).isEqualTo("0");
  }

  @Test
  void theGatewaysOwnLoginCanDoNothingElse() throws SQLException {
    try (var gateway = HELPDESK.as("lockbox_gateway")) {
      for (String sql :
          List.of(
              "create role evil",
              "select * from helpdesk.customers",
              "select * from lb_read.customers",
              "select salt from lb.binding",
              "update lb.binding set tenant = '2'",
              "set role lb_definer",
              "grant lb_level_read to lockbox_gateway")) {
        assertThat(answer(gateway, sql)).as(sql).isEqualTo("refused 42501");
      }
      assertThat(
              answer(
                  gateway,
                  "select lb.open_session('helpdesk_app', 'x', '1', 'read', now() + interval '1 hour', 's')"))
          .isEqualTo("refused 22023");
      assertThat(answer(gateway, "select lb.close_session('helpdesk_app')"))
          .isEqualTo("refused 22023");
    }
  }

  @Test
  void theStandingIsBrokenWhileADeviationStandsAndUnreachableWithoutADatabase() {
    assertThat(roles.standing()).isInstanceOf(SessionRoles.FenceState.FenceStands.class);
    AdminConnections dead =
        () -> {
          throw new SQLException("connection refused", "08001");
        };
    try (var cut =
        new SessionRoles(
            HELPDESK.spec(),
            dead,
            new GatewayBoot(new GatewayId("gw-1"), "00000000000000cc"),
            new SecureRandom(),
            System::nanoTime)) {
      assertThat(cut.standing()).isInstanceOf(SessionRoles.FenceState.FenceUnknown.class);
    }
  }
}
