package org.openlockbox.postgres.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;

/// What the guarded profile passes and refuses, on real parse trees. The numbers are those of the
/// attack cases.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardTest {
  private static final String LONG = "/*".repeat(600);

  private static final List<String> UNSTOPPABLE =
      List.of(
          "select repeat('/*', 100000)::regtype",
          "select cast(repeat('/*', 100000) as pg_catalog.regprocedure)",
          "select x::regoperator from t",
          "select c.reloftype::regtype from (select repeat('/*', 100000) as reloftype) c",
          "select c.oid::regtype, repeat('a', 2) from pg_class c",
          "select c.relname::regtype, repeat('a', 2) from pg_catalog.pg_class c",
          "select c.oid::regtype, repeat('a', 2) from pg_catalog.pg_class as c (oid)",
          "select (select c.oid::regtype from (select repeat('/*', 9) as oid) c) from pg_catalog.pg_class c",
          "with c as (select '/*' || x as y from t) select y::regtype from c",
          "with recursive c (y) as (select '/*' union all select y || '/*' from c) select y::regtype from c",
          "with t as (select 1) select x::regtype from public.t",
          "with c as (select x from t), t as (select 1) select x::regtype from c",
          "select x::regtype from t where x in (with t as (select 'a' as x) select x from t)",
          "with c as (with t as (select 1) select 1) select x::regtype from t",
          "with pg_cursors as (select statement from pg_cursors) select statement::regtype from pg_cursors",
          "select array(select '/*' from pg_class)::text::regtype",
          "select json_arrayagg('/*')::text::regtype from pg_class",
          "select (repeat('/*', 100000)).regtype",
          "select (repeat('/*', 100000)).to_regtype",
          "select r.to_regtype from repeat('/*', 100000) r",
          "select r.regtype from repeat('/*', 100000) r",
          "select (x || '/*').regprocedure from t",
          "select ('<a/>').xpath_exists",
          "select statement::regtype from pg_prepared_statements",
          "select statement::regtype from pg_catalog.pg_cursors",
          "select (x::text)::regtype[] from t",
          "select array['int4', x]::_regtype from t",
          "select to_regtype(repeat('/*', 100000)), 1",
          "select pg_catalog.to_regtype(x) from t",
          "select '%s'::regtype".formatted(LONG),
          "select to_regtype('%s')".formatted(LONG),
          "select pg_typeof(1) = '%s'".formatted(LONG),
          "select 'int4'::regtype = '%s'".formatted(LONG),
          "select data_type = '%s' from pg_sequences".formatted(LONG),
          "select * from json_to_record($1) as x(a regtype)",
          "select json_value($1, '$' returning regtype)",
          "select * from json_table($1, '$' columns (a regtype path '$'))",
          "select json_populate_record(null::pg_sequences, $1)",
          "select jsonb_populate_record(row('int4'::regtype), $1)",
          "select x::pg_prepared_statements from t",
          "prepare p as select to_regtype($1)",
          "prepare p as select $1 = pg_typeof(1)",
          "prepare p (regtype) as select $1",
          "execute p(repeat('/*', 100000))",
          "execute p('%s')".formatted(LONG),
          "select xpath('//a/preceding::b', '<a/>')",
          "select xpath_exists('//a', x) from t",
          "select xmlexists('//a' passing by value x) from t",
          "select * from xmltable('//a' passing '<a/>' columns b text path 'preceding::c')");

  private static final List<String> STOPPABLE =
      List.of(
          "select 'int4'::regtype, 'lower(text)'::regprocedure, '=(int4,int4)'::regoperator",
          "select c.reloftype::regtype, pg_type.oid::regtype from pg_catalog.pg_class c, pg_type",
          "select c.reloftype::regtype, pg_type.oid::regtype, x || 'y' from pg_catalog.pg_class c, pg_catalog.pg_type",
          "select to_regtype($1), $1::regtype, $1::text::regtype",
          "with t as (select oid::int8::text as x from pg_type) select x::regtype from t",
          "with t as (select '1' as x), c as (select x from t) select (select x::regtype from t) from c",
          "with recursive t (x) as (select '1' union select x from t) select x::regtype from t",
          "with recursive c as (select x from t), t as (select '1' as x) select x::regtype from c",
          "select array_agg('/*'::text)::text::regtype from pg_class", // begins with a brace
          "select '{int4,text}'::regtype[], array['int4', $1]::regtype[]",
          "select pg_typeof(x), format_type(oid, null) from t",
          "select 'customers'::regclass, x::regclass, to_regclass(x) from t",
          "select '%s'".formatted(LONG),
          "select json_populate_record(x, $1) from t",
          "execute p('a', 1, -2.5, null, true, current_date)");

  private final Workers workers = GrammarWorkers.start(1);
  private final StatementReader reader = new StatementReader(workers, workers);
  private final Guard guard = new Guard();

  @AfterAll
  void stop() {
    workers.close();
  }

  /// `passes`, or the word of the refusal.
  private String verdict(Level level, String sql) {
    return guard
        .refusal(reader.understand(Bytes.ofUtf8(sql)), level)
        .map(StatementRefusal::word)
        .orElse("passes");
  }

  private void refused(String word, String... texts) {
    for (var sql : texts) {
      for (var level : Level.values()) {
        assertThat(verdict(level, sql)).as(level + ": " + sql).isEqualTo(word);
      }
    }
  }

  private void passes(Level level, String... texts) {
    for (var sql : texts) {
      assertThat(verdict(level, sql)).as(level + ": " + sql).isEqualTo("passes");
    }
  }

  /// The statements of a file, each until a line that ends with `;`.
  private static List<String> statements(String file) {
    try (var in = GuardTest.class.getResourceAsStream(file)) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split(";\\s*\\n")).filter(sql -> !sql.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLookUpPassesWhereTheFenceHasIt() {
    var looking = guard.with(Set.of("people_by_mail"));
    for (var sql :
        List.of(
            "select * from people_by_mail('a@b.c')",
            "select * from lb_masked.people_by_mail($1) p join notes on person_id = p.id")) {
      var read = reader.understand(Bytes.ofUtf8(sql));
      assertThat(looking.refusal(read, Level.MASKED)).as(sql).isEmpty();
      assertThat(guard.refusal(read, Level.MASKED)).as(sql).isPresent();
    }
    for (var sql :
        List.of(
            "select * from people_by_mails('a@b.c')",
            "select * from public.people_by_mail('a@b.c')",
            "select * from people_by_mail('a@b.c'), lo_get(1)")) {
      assertThat(looking.refusal(reader.understand(Bytes.ofUtf8(sql)), Level.MASKED))
          .as(sql)
          .isPresent();
    }
  }

  @Test
  void whatToolsSendWhenTheyStartPasses() {
    var statements = statements("tools.sql");
    assertThat(statements).hasSizeGreaterThan(60);
    for (var sql : statements) {
      passes(Level.METADATA, sql);
    }
  }

  @Test
  void readingPassesAtEveryLevel() {
    passes(
        Level.METADATA,
        "",
        "select 1; select 2",
        "with t as (select * from tickets) select count(*) filter (where a) over () from t",
        "explain (verbose, costs, analyze off, format json) select * from tickets",
        "explain (analyze false) select 1; explain (analyze 0) select 1",
        "copy (select * from tickets) to stdout with (format csv)",
        "begin read only; savepoint a; rollback to a; release a; commit",
        "prepare p as select $1::int; execute p(1); deallocate p; explain execute p(1)",
        "set application_name = 'x'; set timezone to 'UTC'; reset statement_timeout; reset all",
        "set client_encoding to 'UTF8'; set standard_conforming_strings = on",
        "show search_path; discard all; close all; unlisten *",
        "select pg_sleep(0), now(), a->>'b', '{}'::jsonb @> '{}' from tickets");
  }

  @Test
  void writingPassesAtWriteAlone() {
    for (var sql :
        List.of(
            "insert into tickets values (1) on conflict do nothing returning *",
            "update tickets set a = 1",
            "delete from tickets",
            "merge into tickets using s on true when matched then delete",
            "copy tickets from stdin",
            "select * from tickets for update",
            "explain delete from tickets",
            "prepare p as update tickets set a = 1",
            "with d as (delete from tickets returning *) select * from d",
            "set constraints all deferred")) {
      passes(Level.WRITE, sql);
      for (var level : List.of(Level.METADATA, Level.MASKED, Level.READ)) {
        assertThat(verdict(level, sql)).as(sql).isEqualTo("level");
      }
    }
    assertThat(guard.refusal(reader.understand(Bytes.ofUtf8("delete from tickets")), Level.READ))
        .hasValueSatisfying(
            why ->
                assertThat(why.error().hint())
                    .isEqualTo("It needs an access request at level write."));
    passes(Level.WRITE, "select nextval('s'), currval('s')");
    assertThat(verdict(Level.READ, "select nextval('s')")).isEqualTo("function");
  }

  @Test
  void pg055TheLastOfSeveralStatementsIsEnough() {
    refused("class", "select 1; select 2; listen x", "begin; do $$ begin end $$");
  }

  @Test
  void pg083SettingsHiddenInAnyPlaceAreRefused() {
    refused(
        "setting",
        "with a as (select set_config('role', 'x', true)) select * from a",
        "values (set_config('search_path', 'x', false))",
        "select set_config('search_path', '', false), set_config('jit', 'off', false)",
        "select pg_catalog.set_config('row_security', 'off', false)",
        "select * from rows from (set_config('a.b', 'x', false))",
        "select set_config('client_encoding', 'latin1', false)",
        "select set_config('client_encoding', $1, false)",
        "select set_config('standard_conforming_strings', lower('OFF'), false)",
        "select U&\"set\\005fconfig\"('role', 'x', true)");
    refused(
        "function",
        "select set_config($1, 'off', false)",
        "select set_config('ro' || 'le', 'x', false)",
        "select set_config('role'::text, 'x', false)",
        "select set_config(value_ => 'x', name => 'role', is_local => false)",
        "select set_config(variadic '{role,x}')",
        "select public.set_config('jit', 'off', false)",
        "select query_to_xml('select set_config(''a.b'', ''x'', false)', true, true, '')",
        "select table_to_xml('tickets', true, true, ''), 1",
        "select ts_rewrite('a'::tsquery, 'select 1'), 1",
        "select ts_rewrite('a'::tsquery, $1)",
        "select U&\"ts\\005frewrite\"('a'::tsquery, $1)",
        "select * from ts_stat('select 1')",
        "select database_to_xml(true, true, '')",
        "select set_config('jit', pg_read_file('x'), false)");
    refused("setting", "set search_path = pg_temp", "set row_security = off", "set work_mem = 1");
    refused("setting", "set local session_replication_role = replica", "set a.b = 'x'");
  }

  /// Nothing stops a backend that reads such a text: 50 seconds for 200 kB (S7).
  @Test
  void whatPostgresqlCouldNotStopIsRefused() {
    refused("unstoppable", UNSTOPPABLE.toArray(String[]::new));
    for (var sql : STOPPABLE) {
      passes(Level.READ, sql);
    }
  }

  /// asyncpg says it so.
  @Test
  void aSettingIsTheSameWhetherItIsSetByAStatementOrAFunction() {
    passes(Level.READ, "select current_setting('jit') as cur, set_config('jit', 'off', false)");
    passes(Level.READ, "select set_config('JIT', $1, false)");
    passes(Level.READ, "select set_config('client_encoding', 'UTF8', false)");
  }

  @Test
  void pg085CodeIsRefused() {
    refused("class", "do $$ begin end $$", "do language plpgsql 'begin end'", "call f()");
  }

  @Test
  void pg090To099DangerousFunctionsAndStatementsAreRefused() {
    refused(
        "function",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'x')",
        "select lo_unlink(1)",
        "select pg_logical_emit_message(false, 'a', 'b')",
        "select pg_notify('a', 'b')",
        "select pg_advisory_lock(1)",
        "select pg_try_advisory_xact_lock(1)",
        "select pg_read_file('/etc/passwd')",
        "select pg_ls_dir('/'), pg_stat_file('/')",
        "select lo_import('/etc/passwd'), lo_export(1, '/x')",
        "select dblink('host=127.0.0.1', 'select 1')",
        "select public.own_definer_function()",
        "select own_function(1)",
        "select pg_cancel_backend(1), pg_terminate_backend(1)",
        "select setval('s', 1)");
    refused("class", "notify a", "listen a", "lock table tickets in access share mode");
    refused("class", "copy tickets to program 'id'", "copy tickets from '/etc/passwd'");
    refused("class", "create extension dblink", "create server s foreign data wrapper w");
  }

  @Test
  void pg100To108DefinitionsRolesAndCursorsAreRefused() {
    refused(
        "class",
        "create function pg_temp.f() returns int language sql as 'select 1'",
        "create temp table t (a int)",
        "select 1 into temp t",
        "create table t as select 1",
        "set role lb_view",
        "set local role none",
        "reset role",
        "set session authorization default",
        "/* a */ set /* /* b */ */ session\u00a0 authorization default".replace("\u00a0", ""),
        "set U&\"r\\006fle\" = 'x'",
        "grant select on tickets to public",
        "revoke all on tickets from public",
        "alter role current_user set default_transaction_read_only = off",
        "alter default privileges grant select on tables to public",
        "reassign owned by a to b",
        "security label on table t is 'x'",
        "comment on table t is 'x'",
        "create cast (int as text) without function",
        "create rule r as on select to t do instead select 1",
        "create publication p",
        "vacuum tickets",
        "analyze",
        "refresh materialized view m",
        "checkpoint",
        "prepare transaction 'x'",
        "commit prepared 'x'",
        "set transaction snapshot '00000003-0000001B-1'",
        "declare c cursor with hold for select 1",
        "fetch all from c",
        "move 1 in c",
        "alter system set work_mem = 1",
        "load 'x'",
        "truncate tickets");
    refused("function", "select pg_export_snapshot()");
  }

  @Test
  void pg116HiddenKeywordsAreReadAsPostgresqlReadsThem() {
    refused(
        "class",
        "LiStEn x",
        "/* /* */ */ listen x",
        "--\nlisten x",
        "select $$a$$; listen x",
        "select $q$ $$ ; select 1 $q$; listen x",
        "select E'\\'; select 1'; listen x",
        "select '\\'; listen x; select ''");
    refused(
        "malformed",
        "\ufeffselect 1",
        "select\u200b 1 1",
        "\uff4c\uff49\uff53\uff54\uff45\uff4e x",
        "select 1 /* never closed");
  }

  @Test
  void pg118FunctionsThatTakeInternalValuesAreRefused() {
    refused(
        "function",
        "select int4_sum(1, 1)",
        "select levenshtein('a', 'b')",
        "select crypt('a', 'b')",
        "select array_agg_transfn(null, 1)",
        "select pg_restore_attribute_stats('a')",
        "select similarity('a', 'b')");
  }

  @Test
  void aRefusalNamesTheProfileAndTheNextStep() {
    var refusal =
        guard.refusal(reader.understand(Bytes.ofUtf8("listen x")), Level.READ).orElseThrow();
    assertThat(refusal.error().sqlState()).isEqualTo("42501");
    assertThat(refusal.error().hint()).contains("guarded", "expert profile");
    var malformed =
        guard.refusal(reader.understand(Bytes.ofUtf8("selec 1")), Level.READ).orElseThrow();
    assertThat(malformed.error().sqlState()).isEqualTo("42601");
    assertThat(malformed.error().message()).isEqualTo("syntax error at or near \"selec\"");
  }
}
