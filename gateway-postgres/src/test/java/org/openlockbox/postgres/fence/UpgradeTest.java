package org.openlockbox.postgres.fence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;

/// A fence that was applied by an older version of the plan, and today's plan over it, while
/// sessions are open: version 3, before suspensions and policies (`upgrade/plan-3.sql`), version 8,
/// before the tenant was a constant of a query's plan, and version 9, before a long query asked for
/// all keys of the parents.
class UpgradeTest {
  private static final String COUNT_RIGHTS =
      """
      select (select count(*) from pg_proc where has_function_privilege('upgrade_none', oid, 'execute'))
             || ' functions, '
             || (select count(*) from pg_attribute where attnum > 0 and not attisdropped and attrelid < 16384
                    and has_column_privilege('upgrade_none', attrelid, attnum, 'select')) || ' columns'
      """;

  private static EmbeddedPostgres server;
  private final Deque<FencedDatabase> fenced = new ArrayDeque<>();
  private String rights = "";

  @BeforeAll
  static void start() throws Exception {
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setPGStartupWait(Duration.ofMinutes(2))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private void fencedBy(int version) throws Exception {
    try (var superuser = server.getPostgresDatabase().getConnection()) {
      answer(superuser, "drop database if exists upgrade with (force)");
      for (String role :
          List.of(
              "lb_level_metadata",
              "lb_level_masked",
              "lb_level_read",
              "lb_level_write",
              "lb_view",
              "lb_definer",
              "lb_app",
              "lb_catalog",
              "lockbox_gateway",
              "upgrade_app",
              "upgrade_none")) {
        answer(superuser, "drop role if exists " + role);
      }
    }
    fenced.push(
        new FencedDatabase(server.getPort(), text("schema.sql"), text("resources.yaml"), "acme"));
    database().asSuperuser("create role upgrade_none");
    rights = asked(COUNT_RIGHTS);
    database().asSuperuser(text("plan-" + version + ".sql"));
  }

  @AfterEach
  void nothingIsLeft() throws SQLException {
    database().close();
    assertThat(asked("select count(*) from pg_roles where rolname ~ '^lb_s_'")).isEqualTo("0");
  }

  private FencedDatabase database() {
    return fenced.getFirst();
  }

  private static String text(String file) throws IOException {
    try (var in = UpgradeTest.class.getResourceAsStream("/upgrade/" + file)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private String asked(String sql) throws SQLException {
    try (var superuser = database().superuser()) {
      return answer(superuser, sql);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 9})
  void theCheckSeesThatTheFenceIsOlder(int version) throws Exception {
    fencedBy(version);
    assertThat(database().check().deviations())
        .extracting(Deviation::kind)
        .contains("fence-outdated");
    assertThat(answer(database().session("acme", Level.READ), "select body from notes"))
        .isEqualTo("acme");
  }

  @Test
  void aFenceFromBeforeSuspensionsIsNotSuspended() throws Exception {
    fencedBy(3);
    assertThatThrownBy(() -> database().asSuperuser(FenceSuspension.suspend(database().spec())))
        .hasMessageContaining("no fence of this version stands");
  }

  @Test
  void todaysPlanEndsAnOlderSuspension() throws Exception {
    fencedBy(8);
    var session = database().session("acme", Level.READ);
    database().asSuperuser(FenceSuspension.suspend(database().spec()));
    assertThat(answer(session, "select count(*) from notes")).startsWith("refused");
    database().applyPlan();
    assertThat(database().check().deviations()).isEmpty();
    looks(database().session("acme", Level.READ));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 9})
  void sessionsOfBothVersionsSeeTheirOwnRows(int version) throws Exception {
    fencedBy(version);
    var open =
        List.of(
            database().session("acme", Level.MASKED),
            database().session("acme", Level.READ),
            database().session("acme", Level.WRITE));
    var foreign = database().session("globex", Level.WRITE);
    for (Connection session : open) {
      assertThat(answer(session, "select count(*) from lines")).isEqualTo("1");
    }
    database().applyPlan();
    assertThat(database().check().deviations()).isEmpty();
    database().applyPlan();
    assertThat(database().check().deviations()).isEmpty();
    for (Connection session : open) {
      looks(session);
    }
    for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
      looks(database().session("acme", level));
    }
    writes(open.getLast());
    writes(database().session("acme", Level.WRITE));
    assertThat(answer(foreign, "select string_agg(body, ',') from notes")).isEqualTo("globex");
  }

  private static void looks(Connection session) {
    for (String table : List.of("people", "notes", "lines", "guarded", "totals", "kinds")) {
      assertThat(answer(session, "select count(*) from " + table)).as(table).isEqualTo("1");
    }
    assertThat(answer(session, "select string_agg(body, ',') from guarded")).isEqualTo("acme");
    assertThat(answer(session, "select pin from people")).isEqualTo("refused 42703");
    assertThat(answer(session, "select * from shop.people")).isEqualTo("refused 42501");
  }

  private static void writes(Connection session) throws SQLException {
    session.setAutoCommit(false);
    assertThat(answer(session, "insert into people (mail) values ('new')")).isEqualTo("1 rows");
    assertThat(answer(session, "insert into notes (person_id) values (1)")).isEqualTo("1 rows");
    assertThat(answer(session, "update guarded set body = body")).isEqualTo("1 rows");
    session.rollback();
    for (String outside :
        List.of(
            "insert into notes (person_id) values (2)",
            "insert into guarded values (3, 2, 'x')",
            "update guarded set tenant_id = 2")) {
      assertThat(answer(session, outside)).as(outside).isIn("refused 42501", "refused 44000");
      session.rollback();
    }
    session.setAutoCommit(true);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 9})
  void theApplicationGoesOnAndThePoliciesAreThoseOfToday(int version) throws Exception {
    fencedBy(version);
    String before = seenByTheApplication();
    database().applyPlan();
    assertThat(seenByTheApplication()).isEqualTo(before).isEqualTo("2 2 1");
    assertThat(
            asked(
                "select string_agg(relname, ',' order by relname) from pg_class where relrowsecurity"))
        .isEqualTo("guarded,kinds,lines,notes");
    assertThat(
            asked(
                "select string_agg(polname, ',' order by polname) from pg_policy where polrelid = 'shop.guarded'::regclass"))
        .isEqualTo("lb_view_bounds,lb_view_covers,lb_view_reaches,own");
  }

  private String seenByTheApplication() throws SQLException {
    try (var application = database().as("upgrade_app")) {
      answer(application, "set app.tenant = 2");
      return answer(
          application,
          "select (select count(*) from shop.people) || ' ' || max(id) || ' ' || count(*) from shop.guarded");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 9})
  void aMigrationAndTheUndoWorkAfterwards(int version) throws Exception {
    fencedBy(version);
    database().applyPlan();
    database().asSuperuser(FenceSuspension.suspend(database().spec()));
    database().asSuperuser("alter table shop.notes alter body type varchar(80)");
    database().applyPlan();
    assertThat(database().check().deviations()).isEmpty();
    database().asSuperuser(FenceUndo.of(database().spec()));
    assertThat(asked("select string_agg(polname, ',') from pg_policy")).isEqualTo("own");
    assertThat(asked(COUNT_RIGHTS)).isEqualTo(rights);
  }
}
