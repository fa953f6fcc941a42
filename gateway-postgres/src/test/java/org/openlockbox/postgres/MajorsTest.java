package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.io.IOException;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.WorkingTime;
import org.openlockbox.postgres.GatewayFixture.Access;
import org.openlockbox.postgres.testing.ProtectedDatabase;
import org.openlockbox.postgres.testing.Psql;
import org.openlockbox.postgres.testing.Spellings;
import org.postgresql.PGConnection;

/// A whole gateway in front of each major version of PostgreSQL that is supported: what an engineer
/// sees and does, what is refused, and how it ends.
@Tag("slow")
class MajorsTest {
  private static final String SLEEPS =
      "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and usename like 'lb\\_s\\_%'";
  private static final List<Front> FRONTS =
      IntStream.of(16, 17, 18).mapToObj(Front::before).toList();

  /// A gateway before a database of this major.
  record Front(int major, ProtectedDatabase database, GatewayFixture fixture) {
    static Front before(int major) {
      var database = ProtectedDatabase.start(major);
      try (Connection superuser = database.superuser()) {
        run(
            superuser,
            "create table orders (id bigint primary key, customer_id bigint not null references"
                + " customers, note text not null)");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      var catalogue =
          database.with("      orders: {tenant: \"customer_id in (select id from customers)\"}\n");
      database.fence(catalogue);
      var limits = LiveSessions.SessionLimits.STANDARD;
      return new Front(
          major, database, new GatewayFixture(limits, InstantSource.system(), catalogue));
    }

    Connection guarded(Level level) throws SQLException {
      return fixture.connect(fixture.guarded(level));
    }

    long roles() {
      return database.count("select count(*) from pg_roles where rolname like 'lb\\_s\\_%'");
    }

    @Override
    public String toString() {
      return "PostgreSQL " + major;
    }
  }

  static List<Front> fronts() {
    return FRONTS;
  }

  @AfterAll
  static void nothingIsLeft() throws IOException {
    for (Front front : FRONTS) {
      front.fixture().close();
      assertThat(front.roles()).isZero();
      front.database().close();
    }
  }

  @ParameterizedTest
  @MethodSource("fronts")
  void eachTenantsSessionSeesTheRowsOfThatTenantAlone(Front front) throws SQLException {
    Access acme = front.fixture().approved(Level.READ);
    Access globex = front.fixture().withTheSameId(acme);
    String whose = "select string_agg(distinct tenant_id::text, ' ') from customers";
    try (Connection one = front.fixture().connect(acme);
        Connection other = front.fixture().connect(globex)) {
      assertThat(answer(one, "show server_version_num")).startsWith(String.valueOf(front.major()));
      assertThat(answer(one, whose)).isEqualTo("1");
      assertThat(answer(other, whose)).isEqualTo("2");
      assertThat(answer(one, "select count(*) from customers")).isEqualTo("10000");
      assertThat(answer(one, "select * from public.customers")).isEqualTo("refused 42501");
    }
    assertThat(front.fixture().controlPlane.statements())
        .contains(whose, "select * from public.customers");
  }

  @ParameterizedTest
  @MethodSource("fronts")
  void rowsCopiesAndErrorsHoldMasksOnly(Front front) throws Exception {
    try (Connection session = front.guarded(Level.MASKED)) {
      assertThat(answer(session, "select email from customers where id = 2"))
          .contains("***@***")
          .doesNotContain("example");
      var copied = new StringWriter();
      long rows =
          session
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("copy (select * from customers) to stdout", copied);
      assertThat(rows).isEqualTo(10_000);
      assertThat(copied.toString()).contains("***@***").doesNotContain("@example");
      assertThatThrownBy(() -> run(session, "select name::int from customers"))
          .hasMessageContaining("22P02")
          .hasMessageContaining("withheld")
          .hasMessageNotContaining("Customer");
      assertThat(answer(session, "select 1")).isEqualTo("1");
    }
  }

  private static void run(Connection session, String sql) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  @ParameterizedTest
  @MethodSource("fronts")
  void psqlDescribesWhatIsTheSessionsOwn(Front front) throws Exception {
    String target =
        "host=127.0.0.1 port=%d dbname=postgres user=%s sslmode=require"
            .formatted(front.fixture().gateway.port(), front.fixture().guarded(Level.READ).user());
    var words =
        List.of(
            "-c",
            "\\d",
            "-c",
            "\\d customers",
            "-c",
            "\\d+ orders",
            "-c",
            "\\dn",
            "-c",
            "\\df",
            "-c",
            "\\dT",
            "-c",
            "\\dp",
            "-c",
            "\\l",
            "-c",
            "\\du");
    Process psql =
        Psql.to(target, GatewayFixture.PASSWORD, words).redirectErrorStream(true).start();
    String said = new String(psql.getInputStream().readAllBytes(), UTF_8);
    assertThat(psql.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(said)
        .containsPattern("lb_read +\\| customers +\\| view")
        .containsPattern("customer_id +\\| bigint")
        .containsPattern("(?m)^ postgres +\\|")
        .containsPattern(" lb_s_[0-9a-f]{32} ")
        .doesNotContain("ERROR", "FATAL", "template0", "lockbox_gateway");
  }

  @ParameterizedTest
  @MethodSource("fronts")
  void theCatalogsThatATextNamesAreTheSessionsOwn(Front front) throws SQLException {
    String counts = "select count(reltuples) from pg_class";
    try (Connection session = front.guarded(Level.READ)) {
      assertThat(answer(session, counts)).isEqualTo("0");
      assertThat(answer(session, "select string_agg(datname, ' ') from pg_database"))
          .isEqualTo("postgres");
      assertThat(answer(session, "select bool_and(rolname = session_user) from pg_roles"))
          .isEqualTo("t");
      assertThat(answer(session, "select count(*) from pg_catalog.pg_locks")).isEqualTo("0");
      var spellings = new Spellings(front.major());
      for (int i = 0; i < 40; i++) {
        String sql = "select count(reltuples) from " + spellings.of("pg_catalog", "pg_class");
        assertThat(answer(session, sql)).as(sql).isEqualTo("0");
      }
      try (var columns = session.getMetaData().getColumns(null, "lb_read", "customers", "email")) {
        assertThat(columns.next()).isTrue();
      }
    }
    assertThat(front.fixture().controlPlane.statements()).contains(counts);
  }

  @ParameterizedTest
  @MethodSource("fronts")
  void whatIsRefusedIsSaidWithTheNextStep(Front front) throws SQLException {
    try (Connection session = front.guarded(Level.READ)) {
      refused(session, "listen gossip", "LISTEN is not allowed here");
      refused(session, "select query from pg_stat_activity", "permission denied for view pg_stat");
      assertThat(answer(session, "select 1")).isEqualTo("1");
    }
  }

  private static void refused(Connection session, String sql, String said) {
    assertThatThrownBy(() -> run(session, sql))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"))
        .hasMessageContaining(said)
        .hasMessageContaining("Hint: ");
  }

  /// Each function of this server that takes a role and tells its rights, in each of its forms.
  @ParameterizedTest
  @MethodSource("fronts")
  void noSessionAsksForTheRightsOfAnother(Front front) throws SQLException {
    String calls =
        """
        select string_agg(
                 format('select %I(%s)', proname,
                        (select string_agg('null::' || t::regtype, ', ') from unnest(proargtypes) t)), ';')
          from pg_proc f
         where prosrc ~ '^(pg_has_role|has_.*_privilege)'
           and pronargs = (select max(pronargs) from pg_proc o where o.proname = f.proname)
        """;
    try (Connection superuser = front.database().superuser();
        Connection session = front.fixture().connect(front.fixture().approved(Level.READ))) {
      var all = List.of(answer(superuser, calls).split(";"));
      assertThat(all).hasSizeGreaterThan(50);
      for (String call : all) {
        refused(session, call, "is not allowed here in any profile");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fronts")
  void whatIsWrittenStaysWithinTheTenant(Front front) throws SQLException {
    try (Connection session = front.guarded(Level.WRITE)) {
      assertThat(answer(session, "update customers set name = 'new' where id in (3, 4)"))
          .isEqualTo("1 rows");
      assertThat(answer(session, "insert into orders (id, customer_id, note) values (1, 4, 'own')"))
          .isEqualTo("1 rows");
      assertThat(answer(session, "insert into orders (id, customer_id, note) values (2, 3, 'no')"))
          .isEqualTo("refused 42501");
      assertThat(answer(session, "update customers set tenant_id = 2 where id = 4"))
          .isEqualTo("refused 42501");
    }
    assertThat(front.database().count("select count(*) from customers where name = 'new'"))
        .isEqualTo(1);
    assertThat(front.database().count("select sum(customer_id) from orders")).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("fronts")
  void aCancelStopsTheStatementAndTheSessionGoesOn(Front front) throws Exception {
    try (Connection session = front.fixture().connect(front.fixture().approved(Level.READ));
        var statement = session.createStatement();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.submit(() -> statement.execute("select pg_sleep(60)"));
      GatewayFixture.await(() -> front.database().count(SLEEPS) == 1);
      statement.cancel();
      assertThatThrownBy(() -> running.get(20, TimeUnit.SECONDS))
          .hasMessageContaining("canceling statement");
      assertThat(answer(session, "select 1")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @MethodSource("fronts")
  void theRevocationEndsTheSessionAndItsRoleIsGone(Front front) throws Exception {
    Access access = front.fixture().approved(Level.READ);
    try (Connection session = front.fixture().connect(access);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.submit(() -> answer(session, "select pg_sleep(60)"));
      GatewayFixture.await(() -> front.database().count(SLEEPS) == 1);
      assertThat(front.roles()).isPositive();
      var time = WorkingTime.start();
      front.fixture().controlPlane.end(access.asked().submission().id());
      assertThat(running.get(60, TimeUnit.SECONDS)).isEqualTo("refused 57P01");
      assertThat(time.soFar()).isLessThan(Duration.ofSeconds(5));
      GatewayFixture.await(() -> front.database().count(SLEEPS) + front.roles() == 0);
    }
    GatewayFixture.await(() -> front.fixture().controlPlane.reasons().contains("ended"));
  }
}
