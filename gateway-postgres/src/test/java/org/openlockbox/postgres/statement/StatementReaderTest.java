package org.openlockbox.postgres.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.statement.SqlStatement.QualifiedName;
import org.openlockbox.postgres.statement.SqlStatement.Setting;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementReaderTest {
  private final Workers workers = GrammarWorkers.start(1);
  private final StatementReader reader = new StatementReader(workers, workers);

  @AfterAll
  void stop() {
    workers.close();
  }

  private List<SqlStatement> read(String sql) {
    return switch (reader.understand(Bytes.ofUtf8(sql))) {
      case ParsedStatement.Understood(var statements, _) -> statements;
      case ParsedStatement.Malformed(var message) -> throw new AssertionError(sql + ": " + message);
      case ParsedStatement.NotUnderstood(var why) -> throw new AssertionError(sql + ": " + why);
    };
  }

  private SqlStatement one(String sql) {
    var statements = read(sql);
    assertThat(statements).hasSize(1);
    return statements.getFirst();
  }

  private String classes(String sql) {
    return read(sql).stream()
        .map(s -> s.classes().stream().map(StatementClass::word).collect(Collectors.joining("+")))
        .collect(Collectors.joining("; "));
  }

  private static QualifiedName name(String name) {
    return new QualifiedName(Optional.empty(), name);
  }

  @Test
  void eachStatementHasItsClass() {
    assertThat(classes("")).isEmpty();
    assertThat(classes("-- nothing\n;;")).isEmpty();
    assertThat(classes("begin; select 1; values (2); table t; commit"))
        .isEqualTo("begin; select; select; select; commit");
    assertThat(classes("insert into t values (1); update t set a = 1; delete from t"))
        .isEqualTo("insert; update; delete");
    assertThat(classes("merge into t using s on true when matched then delete")).isEqualTo("merge");
    assertThat(classes("set a.b = 1; reset x; set local role none; reset all; show all"))
        .isEqualTo("set; set; set-role; reset-all; show");
    assertThat(classes("set transaction read only; set transaction snapshot '1'"))
        .isEqualTo("set-transaction; set-snapshot");
    assertThat(
            classes("copy t to stdout; copy t from stdin; copy t to '/x'; copy t to program 'x'"))
        .isEqualTo("copy-out; copy-in; copy-file; copy-file");
    assertThat(classes("do $$ begin end $$; call f(); lock t; listen x; notify x; truncate t"))
        .isEqualTo("do; call; lock; listen; notify; truncate");
    assertThat(classes("prepare transaction 'x'; commit prepared 'x'; rollback prepared 'x'"))
        .isEqualTo("prepared-transaction; prepared-transaction; prepared-transaction");
    assertThat(classes("create table t (a int); drop view v; alter role a password 'x'"))
        .isEqualTo("definition; definition; alter-role");
    assertThat(classes("vacuum t; analyze t; cluster; reindex table t; checkpoint"))
        .isEqualTo("maintenance; maintenance; maintenance; maintenance; maintenance");
  }

  @Test
  void aStatementInsideAnotherHasItsClassToo() {
    assertThat(classes("with d as (delete from t returning *) select * from d"))
        .isEqualTo("select+delete");
    assertThat(classes("explain analyze update t set a = 1")).isEqualTo("explain+update");
    assertThat(classes("prepare p as insert into t values (1)")).isEqualTo("prepare+insert");
    assertThat(classes("copy (delete from t returning a) to stdout")).isEqualTo("copy-out+delete");
    assertThat(classes("declare c cursor for select 1")).isEqualTo("declare+select");
    assertThat(classes("create table t as execute p")).isEqualTo("create-table-as+execute");
    assertThat(classes("select * from (select 1 for share) x union select 2 into u"))
        .contains("select-locking");
    assertThat(classes("select 1 into t")).isEqualTo("select+select-into");
  }

  @Test
  void itSaysWhatIsReadAndWhatIsWritten() {
    var copied = one("insert into a select * from b, c.d where exists (table e)");
    assertThat(copied.writes()).containsExactly(name("a"));
    assertThat(copied.reads())
        .containsExactlyInAnyOrder(name("b"), new QualifiedName(Optional.of("c"), "d"), name("e"));
    var merged = one("merge into t using s on true when not matched then insert default values");
    assertThat(merged.writes()).containsExactly(name("t"));
    assertThat(merged.reads()).containsExactly(name("s"));
    var nested = one("with w as (update u set x = 1 from v returning 1) select * from w, k");
    assertThat(nested.writes()).containsExactly(name("u"));
    assertThat(nested.commonTables()).containsExactly("w");
    assertThat(nested.reads()).contains(name("v"), name("k"));
    assertThat(one("copy t (a) from stdin").writes()).containsExactly(name("t"));
    assertThat(one("copy t (a) to stdout").reads()).containsExactly(name("t"));
    assertThat(one("select * from \"Odd\"\"Name\", U&\"d\\0061t\\+000061\"").reads())
        .containsExactlyInAnyOrder(name("Odd\"Name"), name("data"));
  }

  @Test
  void itSaysColumnsFunctionsAndSettings() {
    var query =
        one(
            "select t.a, b, lower(c), pg_catalog.upper(x.d), *, extract(year from now())"
                + " from t, f(1) x where a between 1 and 2 order by count(*) over w");
    assertThat(query.columns()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(query.functions().stream().map(QualifiedName::toString))
        .containsExactlyInAnyOrder(
            "lower", "pg_catalog.upper", "f", "now", "pg_catalog.extract", "count");
    assertThat(one("set datestyle to iso, mdy").settings())
        .containsExactly(new Setting("datestyle", List.of("iso", "mdy")));
    assertThat(one("set names 'SJIS'").settings())
        .containsExactly(new Setting("client_encoding", List.of("SJIS")));
  }

  @Test
  void whatTheWalkDoesNotKnowIsAnOddity() {
    assertThat(one("select 1 operator(public.+) 2").oddities()).hasSize(1);
    assertThat(one("select 1 operator(pg_catalog.+) 2 order by 1 using <").oddities()).isEmpty();
    assertThat(one("update t set a = 1 where current of c").oddities()).hasSize(1);
    assertThat(one("select * from t tablesample own (1)").oddities()).hasSize(1);
    assertThat(one("select * from other.public.t").oddities()).hasSize(1);
    assertThat(
            one("select distinct 0, '', false, null, a[:], (x).y from rows from (f(1), g(2)) t")
                .oddities())
        .isEmpty();
  }

  @Test
  void whatIsNoSqlIsMalformed() {
    for (var sql :
        List.of("selec 1", "select 'a", "select /* /* */ 1", "select 1 from", "\ufeffselect 1")) {
      assertThat(reader.understand(Bytes.ofUtf8(sql)))
          .as(sql)
          .isInstanceOf(ParsedStatement.Malformed.class);
    }
  }

  @Test
  void aNulInvalidUtf8AndTooLongTextsAreNotRead() {
    for (var bytes :
        List.of(
            Bytes.ofUtf8("select 1\0 drop table x"),
            Bytes.of(new byte[] {'s', 'e', 'l', 'e', 'c', 't', ' ', '\'', (byte) 0xff, '\''}),
            Bytes.of(new byte[] {'-', '-', (byte) 0xc0, (byte) 0x80}),
            Bytes.ofUtf8("select '" + "x".repeat(16 << 20) + "'"))) {
      assertThat(reader.understand(bytes)).isInstanceOf(ParsedStatement.NotUnderstood.class);
    }
  }

  @Test
  void hostNamesInCommentsAndLiteralsNameNothing() {
    var query = one("select 'from secret', $$from secret$$, E'\\' from secret' -- from secret\n");
    assertThat(query.reads()).isEmpty();
    assertThat(query.columns()).isEmpty();
  }

  @Test
  void aHostWithoutTheProgramUnderstandsNothing() {
    var blind = new StatementReader(Grammar.missing(), Grammar.missing());
    assertThat(blind.understand(Bytes.ofUtf8("select 1")))
        .isInstanceOf(ParsedStatement.NotUnderstood.class);
  }
}
