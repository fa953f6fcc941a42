package org.openlockbox.postgres.fence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.database.SessionRoles;

/// Counters that every session of the server moves: from them one tenant's engineer could count
/// another's transactions, or read what that one's writes.
class OthersActivityTest {
  private static final Helpdesk HELPDESK = Helpdesk.fenced("others_activity");
  private static final SessionRoles ROLES = HELPDESK.roles("00000000000000ac");
  private static final String GUARDED = "/org/openlockbox/postgres/statement/guarded-functions.txt";

  /// Functions that are not computed from their arguments alone and can be called in SQL.
  private static final String CALLABLE =
      """
      select distinct proname from pg_proc
       where pronamespace = 'pg_catalog'::regnamespace and provolatile <> 'i' and prokind in ('f', 'p')
         and has_function_privilege('lb_level_write', oid, 'execute')
         and not prorettype = any ('{trigger,event_trigger,internal,cstring}'::regtype[])
         and not proargtypes::oid[] && '{internal,cstring}'::regtype[]::oid[]
         and proname !~ '(send|recv|out|in)$'
      """;

  private static Connection session;

  @BeforeAll
  static void open() throws SQLException {
    session = HELPDESK.as(Helpdesk.open(ROLES, "acme", Level.WRITE, Tables.ALL));
  }

  @AfterAll
  static void close() throws Exception {
    session.close();
    ROLES.close();
    HELPDESK.dropSessions();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "txid_current()",
        "txid_current_if_assigned()",
        "txid_current_snapshot()",
        "txid_status(1)",
        "pg_current_xact_id()",
        "pg_current_xact_id_if_assigned()",
        "pg_current_snapshot()",
        "pg_xact_status('1')",
        "pg_xact_commit_timestamp('3')",
        "pg_xact_commit_timestamp_origin('3')",
        "pg_last_committed_xact()",
        "age('3'::xid)",
        "mxid_age('1')",
        "pg_get_multixact_members('1')",
        "pg_current_wal_lsn()",
        "pg_current_wal_insert_lsn()",
        "pg_current_wal_flush_lsn()",
        "pg_last_wal_receive_lsn()",
        "pg_last_wal_replay_lsn()",
        "pg_last_xact_replay_timestamp()",
        "pg_is_wal_replay_paused()",
        "pg_control_checkpoint()",
        "pg_control_recovery()",
        "pg_control_system()",
        "pg_available_wal_summaries()",
        "pg_notification_queue_usage()",
        "pg_blocking_pids(1)",
        "pg_safe_snapshot_blocking_pids(1)",
        "pg_isolation_test_session_is_blocked(1, '{2}')",
        "pg_stat_get_db_xact_commit(1)",
        "pg_stat_get_xact_tuples_inserted(1)",
        "pg_stat_get_activity(null)",
        "pg_lock_status()",
        "pg_database_size('others_activity')",
        "pg_total_relation_size('pg_class')",
        "pg_sequence_last_value(1)",
        "pg_export_snapshot()",
        "pg_try_advisory_lock(1)",
        "pg_try_advisory_xact_lock_shared(1)",
        "lo_create(0)",
        "lastval()",
      })
  void aCounterOfAllSessionsIsClosed(String call) {
    assertThat(answer(session, "select " + call)).isIn("refused 42501", "refused 55000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select xmin from customers",
        "select ctid from customers",
        "select xmin from lb_write.tickets",
        "select xmin from pg_catalog.pg_class",
        "select reltuples from pg_catalog.pg_class",
        "select relpages from pg_catalog.pg_class",
        "select last_value from helpdesk.tickets_id_seq",
        "select currval('helpdesk.tickets_id_seq')",
        "create temporary table t (a int)",
      })
  void noRowTellsWhichTransactionMadeIt(String sql) {
    assertThat(answer(session, sql)).isIn("refused 42501", "refused 42703");
  }

  /// Tools ask for some of them and go on without; the ages of times are no counter.
  @Test
  void whatToolsAskForIsAnsweredWithNothing() {
    for (String call :
        new String[] {"txid_current()", "pg_current_snapshot()", "txid_current_snapshot()"}) {
      assertThat(answer(session, "select lb_catalog." + call)).isEqualTo("null");
    }
    assertThat(answer(session, "select lb_catalog.age('3'::xid)")).isEqualTo("null");
    assertThat(answer(session, "select lb_catalog.age('2026-03-02'::date, '2026-03-01')"))
        .isEqualTo("1 day");
    assertThat(answer(session, "select lb_catalog.age(now()) = pg_catalog.age(now())"))
        .isEqualTo("t");
  }

  /// What stays open, as SECURITY.md says: keys that one sequence gives out count the rows of all
  /// tenants, and so carry what one writes to another that writes. The rate stands in
  /// `target/others-activity.txt`.
  @Test
  void keysOfRowsStillCountTheRowsOfOthers() throws SQLException, IOException {
    int bits = Boolean.getBoolean("lockbox.long") ? 1_000 : 16;
    var role = Helpdesk.open(ROLES, "globex", Level.WRITE, Tables.ALL);
    try (var sender = HELPDESK.as(role)) {
      sender.setAutoCommit(false);
      session.setAutoCommit(false);
      long start = System.nanoTime();
      for (int bit = 0; bit < bits; bit++) {
        boolean sent = bit % 3 == 0;
        int before = key(session);
        if (sent) {
          key(sender);
        }
        assertThat(key(session) - before > 1).as("bit %d", bit).isEqualTo(sent);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Files.writeString(
          Path.of("target/others-activity.txt"),
          "%d of %d bits by the keys of articles, %.0f bit/s%n"
              .formatted(bits, bits, bits / seconds));
    } finally {
      session.setAutoCommit(true);
    }
  }

  /// The key of a row that is taken back at once.
  private static int key(Connection writer) throws SQLException {
    String key =
        answer(writer, "insert into articles (title, body) values ('x', 'y') returning id");
    writer.rollback();
    return Integer.parseInt(key);
  }

  /// A new version of PostgreSQL may bring functions that tell more.
  @Test
  void whatDependsOnMoreThanItsArgumentsHasBeenLookedAt() throws Exception {
    var known = new TreeSet<String>();
    for (String list : new String[] {"looked-at-functions.txt", GUARDED}) {
      try (var in = Objects.requireNonNull(OthersActivityTest.class.getResourceAsStream(list))) {
        new String(in.readAllBytes(), UTF_8)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .forEach(line -> known.addAll(List.of(line.split(" "))));
      }
    }
    var callable = new TreeSet<String>();
    try (var superuser = HELPDESK.superuser();
        var statement = superuser.createStatement();
        var rows = statement.executeQuery(CALLABLE)) {
      while (rows.next()) {
        callable.add(rows.getString(1));
      }
    }
    assertThat(callable).hasSizeGreaterThan(100);
    callable.removeAll(known);
    assertThat(callable).isEmpty();
  }

  /// As before for everybody else.
  @Test
  void theApplicationKeepsThem() throws SQLException {
    try (var application = HELPDESK.as("helpdesk_app")) {
      assertThat(answer(application, "select txid_current() > 0, age('3'::xid) > 0"))
          .startsWith("t");
    }
  }
}
