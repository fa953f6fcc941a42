package org.openlockbox.postgres.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.postgres.catalogue.ResourceSpec.Catalogs;

/// What passes in no profile, on real parse trees, and what only looks like it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementFilterTest {
  private final Workers workers = GrammarWorkers.start(1);
  private final StatementReader reader = new StatementReader(workers, workers);

  @AfterAll
  void stop() {
    workers.close();
  }

  private String verdict(Profile profile, Level level, String sql) {
    return new StatementFilter(reader, new Guard(), profile, level, Set.of(), Catalogs.OPEN)
        .judge(Bytes.ofUtf8(sql))
        .refusal()
        .map(StatementRefusal::word)
        .orElse("passes");
  }

  @Test
  void tablesAreRecordedAsPostgresqlWritesThem() {
    var facts =
        new StatementFilter(
                reader,
                new Guard(),
                Profile.EXPERT,
                Level.WRITE,
                Set.of("Tenant", "tenant", "a\"b, c", "crm.customers"),
                Catalogs.OPEN)
            .judge(
                Bytes.ofUtf8(
                    "insert into \"Tenant\" select 1 from \"a\"\"b, c\", lb_read.\"crm.customers\", "
                        + "crm.customers, \"TENANT\", U&\"\\0054enant\""))
            .facts();
    assertThat(facts.writes()).containsExactly("\"Tenant\"");
    assertThat(facts.reads()).containsExactly("\"Tenant\"", "\"a\"\"b, c\"", "\"crm.customers\"");
    assertThat(facts.others()).isEqualTo(2);
    assertThat(facts.line()).contains("reads \"Tenant\", \"a'b, c\", \"crm.customers\"");
    assertThat(
            new StatementFilter(
                    reader,
                    new Guard(),
                    Profile.EXPERT,
                    Level.WRITE,
                    Set.of("Tenant", "tenant"),
                    Catalogs.OPEN)
                .judge(Bytes.ofUtf8("select * from TENANT"))
                .facts()
                .reads())
        .containsExactly("tenant");
  }

  /// It is told what exports rows; it is the whole text or nothing, and no fence.
  @Test
  void whatBeginsAsPgDumpDoesPassesInNoProfile() {
    String begins = "SELECT pg_catalog.set_config('search_path', '', false);";
    assertThat(verdict(Profile.EXPERT, Level.METADATA, begins)).isEqualTo("setting");
    assertThat(verdict(Profile.GUARDED, Level.WRITE, begins)).isEqualTo("setting");
    assertThat(verdict(Profile.EXPERT, Level.READ, begins + " select 1")).isEqualTo("passes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into t values (1) on conflict (id) do update set a = 1",
        "with x as (insert into t values (1) on conflict (id) do update set a = 1) select 1",
        "explain insert into t values (1) on conflict (id) do update set a = 1",
        "prepare p as insert into t values (1) on conflict (id) do update set a = 1",
      })
  void overwritingPassesInNoProfileThatWrites(String sql) {
    assertThat(verdict(Profile.EXPERT, Level.WRITE, sql)).isEqualTo("construct");
    assertThat(verdict(Profile.GUARDED, Level.WRITE, sql)).isEqualTo("construct");
    assertThat(verdict(Profile.EXPERT, Level.READ, sql)).isEqualTo("passes"); // no right to insert
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "listen a",
        "select 1; /* */ LISTEN a",
        "notify a, 'b'",
        "create rule r as on update to t do notify a"
      })
  void channelsPassInNoProfileAtNoLevel(String sql) {
    for (Level level : Level.values()) {
      assertThat(verdict(Profile.EXPERT, level, sql)).isEqualTo("class");
      assertThat(verdict(Profile.GUARDED, level, sql)).isEqualTo("class");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter role current_user password 'x'",
        "select 1; /* */ ALTER USER lb_s_00 encrypted PASSWORD'x' connection limit 9",
        "alter role session_user password null",
        "alter user current_role valid until 'infinity'",
        "set role lb_level_read; alter role lb_level_read set work_mem = '64kB'",
        "alter user current_user in database helpdesk reset all",
      })
  void noSessionChangesItsOwnRole(String sql) {
    for (Level level : Level.values()) {
      assertThat(verdict(Profile.EXPERT, level, sql)).isEqualTo("class");
      assertThat(verdict(Profile.GUARDED, level, sql)).isEqualTo("class");
    }
  }

  /// The role of a level is the role of all its sessions, whose customer it may be.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter default privileges for role lb_level_read grant select on tables to public",
        "begin; /* */ ALTER DEFAULT PRIVILEGES revoke execute on functions from public",
        "grant select on customers to public",
        "revoke execute on function lower(text) from public",
        "grant lb_level_write to current_user",
        "drop owned by lb_level_read",
        "reassign owned by lb_level_read to current_user",
        "explain analyze select 1; grant connect on database helpdesk to public",
      })
  void noSessionTouchesRights(String sql) {
    for (Level level : Level.values()) {
      assertThat(verdict(Profile.EXPERT, level, sql)).isEqualTo("class");
      assertThat(verdict(Profile.GUARDED, level, sql)).isEqualTo("class");
    }
  }

  /// The role of another session tells its level; a part of the name tells nothing.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pg_has_role(17500, 'lb_level_masked', 'usage')",
        "select pg_catalog.\"pg_has_role\"('lb_s_00', 'lb_level_masked', 'usage')",
        "select helpdesk.pg_catalog.PG_HAS_ROLE($1, $2, $3)",
        "select U&\"pg!005fhas_role\" uescape '!' (17500, 'lb_level_masked', 'usage')",
        "select n from generate_series(1, 9) n, lateral has_schema_privilege(n, 'lb_read', 'usage')",
        "select has_table_privilege(variadic array['a', 'b', 'c'])",
        "select has_table_privilege(privilege => 'select', \"user\" => 17500, \"table\" => 't')",
        "select has_table_privilege(current_user::varchar(3), 't', 'select')",
        "select has_column_privilege(17500, 't', 'a', 'select')",
        "select has_any_column_privilege((select oid from pg_roles), 't', 'select')",
        "select has_new_thing_privilege('a', 'b', 'c')",
        "select has_parameter_privilege(17500, 'work_mem', 'set')",
        "select has_table_privİlege(17500, 't', 'select')",
        "call pg_has_role(17500, 'lb_level_masked', 'usage')",
        "prepare p as select 1 where pg_has_role($1, 'lb_level_masked', 'usage')",
        "explain select pg_has_role(17500, 'lb_level_masked', 'usage')",
        "select count(*) filter (where pg_has_role(n, 'a', 'usage')) over () from t",
      })
  void noSessionAsksForTheRightsOfAnother(String sql) {
    passesNowhere("function", sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pg_has_role('lb_level_masked', 'usage')",
        "select pg_has_role(current_user, 'lb_level_masked', 'usage')",
        "select pg_catalog.has_table_privilege(session_user, 't', 'select')",
        "select has_table_privilege(user, 't', 'select')",
        "select has_schema_privilege(CURRENT_ROLE, 't', 'usage')",
        "select has_column_privilege('t', 'a', 'select')",
        "select has_column_privilege(current_user, 't', 'a', 'select')",
        "select pg_has_role from t as pg_cancel_backend",
      })
  void aSessionAsksForItsOwn(String sql) {
    assertThat(verdict(Profile.EXPERT, Level.READ, sql)).isEqualTo("passes");
    assertThat(verdict(Profile.GUARDED, Level.READ, sql)).isEqualTo("passes");
  }

  /// PostgreSQL reads `(x).f` and `x.f` as f(x), whatever x is.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pg_cancel_backend(1)",
        "select pg_catalog.pg_terminate_backend(1, 1000)",
        "select (1).pg_cancel_backend",
        "select n.pg_terminate_backend from generate_series(1, 9) n",
        "select n.pg_termİnate_backend from generate_series(1, 9) n",
        "select * from t where (t.pid).pg_cancel_backend",
        "select has_largeobject_privilege(5, 'select')",
        "select has_largeobject_privilege(current_user, 5, 'select')",
      })
  void noSessionLooksForProcessesAndLargeObjects(String sql) {
    passesNowhere("function", sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "comment on large object 5 is 'x'",
        "alter large object 5 owner to current_user",
        "security label on large object 5 is 'x'",
      })
  void noSessionNamesALargeObject(String sql) {
    passesNowhere("class", sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set transaction snapshot '00000003-00000002-1'",
        "begin isolation level repeatable read; SET /* */ TRANSACTION SNAPSHOT 'x'",
      })
  void noSessionTakesASnapshotOfAnother(String sql) {
    passesNowhere("class", sql);
  }

  /// It counts the rows too that the fence takes away, and measures values before they are masked.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "explain analyze select * from tickets",
        "explain analyse verbose select * from tickets",
        "explain (analyze) select * from tickets",
        "explain (analyze, buffers) execute p",
        "explain (costs, analyze on) select * from tickets",
        "explain (analyze 'true') select * from tickets",
        "explain (analyze off, analyze 1) select * from tickets",
        "explain (analyze on, analyze off) select * from tickets",
        "explain (U&\"\\0061nalyze\") select * from tickets",
        "select 1; explain (format json, \"analyze\" true) select * from tickets",
        "explain analyze create table x as select * from tickets",
      })
  void noPlanIsRunToCountItsRows(String sql) {
    passesNowhere("construct", sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "explain select 1",
        "explain (verbose, costs, analyze off, format json) select * from tickets",
        "explain (analyze false) select 1; explain (analyze 0) select 1",
      })
  void aPlanIsShown(String sql) {
    assertThat(verdict(Profile.EXPERT, Level.READ, sql)).isEqualTo("passes");
    assertThat(verdict(Profile.GUARDED, Level.READ, sql)).isEqualTo("passes");
  }

  private void passesNowhere(String word, String sql) {
    for (Level level : Level.values()) {
      assertThat(verdict(Profile.EXPERT, level, sql)).isEqualTo(word);
      assertThat(verdict(Profile.GUARDED, level, sql)).isEqualTo(word);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lock t",
        "lock table t in access exclusive mode nowait",
        "begin; LOCK only t in row share mode",
      })
  void noSessionThatWritesLocksATable(String sql) {
    assertThat(verdict(Profile.EXPERT, Level.WRITE, sql)).isEqualTo("class");
    assertThat(verdict(Profile.GUARDED, Level.WRITE, sql)).isEqualTo("class");
    assertThat(verdict(Profile.EXPERT, Level.READ, sql)).isEqualTo("passes"); // ACCESS SHARE alone
  }

  /// However long it is and however often it begins.
  @Test
  void theWordsOfARoleAreLookedForInOneGo() {
    var sql = "selec '\\' " + "alter rol ".repeat(50_000);
    assertThat(verdict(Profile.EXPERT, Level.READ, sql)).isEqualTo("passes");
    assertThat(verdict(Profile.EXPERT, Level.READ, sql + "role")).isEqualTo("not-understood");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select '\\', '; alter role a password ''b''; --'",
        "select 1 noise of a later grammar; alter role current_user password 'x'",
        "select '\\', '; Notify a; --'",
        "select '\\' as b, '; listen a; --' as unlisten",
        "select '\\', ' on CONFLICT do update --'",
        "select c.Á|$a$; notify a --$a$ from c",
        "select $Á$ ; listen $Á$",
        "select E'Á\\\\', '; notify a; --'",
        "select '\\', '; select has_table_privİlege(17500, ''t'', ''select'') --'",
        "select 1 noise of a later grammar; notify a",
        "select '\\', '; lock table t; --'",
        "merge of a later grammar on conflict",
        "select '\\', '; Grant select on t to public; --'",
        "revoke of a later grammar",
        "drop of a later grammar owned by lb_level_read",
        "select '\\', pg_has_role(current_user, 'a', 'usage') --'",
        "select has_table_privilege of a later grammar",
        "select '\\', U&\"pg!005fhas_role\" --'",
        "u&\"\" of a later grammar",
        "select '\\', '; select n.pg_cancel_backend from t n --'",
        "select pg_terminate_backend of a later grammar",
        "explain (analyze) select of a later grammar",
        "explain (U&\"!0061nalyze\" uescape '!') select of a later grammar",
        "select '\\', '; explain Analyse select 1; --'",
        "comment on large object of a later grammar",
        "select '\\', '; set transaction snapshot ''x''; --'",
      })
  void whereATextMayBeReadInTwoWaysTheWordIsEnough(String sql) {
    assertThat(verdict(Profile.EXPERT, Level.WRITE, sql)).isEqualTo("not-understood");
  }

  /// A guarded session that does not write cannot change how its texts are read.
  @Test
  void aGuardedSessionThatReadsMaySearchForTheWords() {
    var sql = "select id from t where body ~ '\\mnotify' or body = '\\'";
    assertThat(verdict(Profile.GUARDED, Level.READ, sql)).isEqualTo("passes");
    assertThat(verdict(Profile.GUARDED, Level.WRITE, sql)).isEqualTo("not-understood");
    assertThat(verdict(Profile.GUARDED, Level.READ, "selec listen")).isEqualTo("malformed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into t values (1) on conflict do nothing",
        "insert into t values ($1, 'Müller', $2) on conflict (id) do nothing",
        "insert into t values ($$a$$, 'conflict')",
        "select 'conflict', 'Müller', 'notify', 'listen'",
        "select $$notify$$, 'Müller'",
        "select notify, listen from conflict",
        "select '\\', 'notifying listeners of conflicts'",
        "select '\\'; unlisten *",
        "select '\\', 'a block of locks, unlock'",
        "select '\\', 'privileges of analysts, explained at large'",
        "select '\\' from information_schema.table_privileges",
        "select '\\' as password, 'alternative passwords, roles of users'",
        "select array_to_string(a, E'\\n'), has_table_privilege('t', 'select')",
        "select has_schema_privilege(oid, 'usage') from t where a not like E'pg\\\\_%'",
        "select id from t where body ~ '\\mnotify\\M'",
        "select 'İzmir', has_table_privilege('t', 'select')",
        "unlisten a",
      })
  void whatOnlyLooksLikeItPasses(String sql) {
    assertThat(verdict(Profile.EXPERT, Level.WRITE, sql)).isEqualTo("passes");
  }

  @Test
  void aGuardedSessionChangesNoCatalog() {
    assertThat(verdict(Profile.GUARDED, Level.WRITE, "update pg_settings set setting = 'off'"))
        .isEqualTo("setting");
    assertThat(
            verdict(
                Profile.GUARDED,
                Level.WRITE,
                "with x as (delete from pg_catalog.t returning 1) select 1"))
        .isEqualTo("setting");
    assertThat(verdict(Profile.GUARDED, Level.WRITE, "update t set a = 'off' where b = 1"))
        .isEqualTo("passes");
  }

  /// A name that nobody lists may be the engineer's word, so it is not repeated.
  @Test
  void functionsAreNamedWhereTheyAreListedAndCountedWhereNot() {
    var sql =
        "select count(*), pg_catalog.lower(a), \"Jane has cancer\"(), app.f(b), upper(app.f(c)) from"
            + " t; select count(b), nextval('s') from t";
    for (Profile profile : Profile.values()) {
      var facts =
          new StatementFilter(reader, new Guard(), profile, Level.READ, Set.of("t"), Catalogs.OPEN)
              .judge(Bytes.ofUtf8(sql))
              .facts();
      assertThat(facts.functions().names()).containsExactly("count", "lower", "nextval", "upper");
      assertThat(facts.functions().others()).isEqualTo(2);
      assertThat(facts.toJson().toString()).doesNotContain("Jane");
    }
  }

  @Test
  void aTextInTwoReadingsIsToldWhatItHasAndWhatHelps() {
    var error =
        new StatementFilter(
                reader, new Guard(), Profile.EXPERT, Level.READ, Set.of(), Catalogs.OPEN)
            .judge(Bytes.ofUtf8("select '\\', 'notify'"))
            .refusal()
            .orElseThrow()
            .error();
    assertThat(error.message()).contains("NOTIFY", "may be read so");
    assertThat(error.hint()).contains("backslash", "parameters");
  }
}
