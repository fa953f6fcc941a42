package org.openlockbox.postgres.statement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.postgres.catalogue.ResourceSpec.Catalogs;
import org.openlockbox.postgres.testing.Spellings;

/// Which names of a text are read from `lb_catalog`, and that nothing else of it changes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogRewriterTest {
  private final Workers workers = GrammarWorkers.start(1);
  private final StatementReader reader = new StatementReader(workers, workers);

  @AfterAll
  void stop() {
    workers.close();
  }

  private String sent(String sql) {
    return switch (reader.understand(Bytes.ofUtf8(sql))) {
      case ParsedStatement.Understood(_, var instead) ->
          instead.map(text -> new String(text.toArray(), UTF_8)).orElse(sql);
      case ParsedStatement.Malformed(var message) -> throw new AssertionError(sql + ": " + message);
      case ParsedStatement.NotUnderstood(var why) -> throw new AssertionError(sql + ": " + why);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          select c.* from pg_catalog.pg_class c | select c.* from lb_catalog.pg_class c
          select * from PG_Catalog . pg_class | select * from lb_Catalog . pg_class
          select * from "pg_catalog"."pg_class" | select * from "lb_catalog"."pg_class"
          select * from pg_catalog/* a */./* b */pg_class | select * from lb_catalog/* a */./* b */pg_class
          select pg_class.oid from pg_class | select pg_class.oid from lb_catalog.pg_class
          table only pg_class | table only lb_catalog.pg_class
          select pg_catalog.pg_class.oid from pg_catalog.pg_class | select lb_catalog.pg_class.oid from lb_catalog.pg_class
          select pg_catalog.pg_class.* from pg_catalog.pg_class | select lb_catalog.pg_class.* from lb_catalog.pg_class
          select pg_catalog.pg_get_viewdef(1) | select lb_catalog.pg_get_viewdef(1)
          select PG_GET_VIEWDEF(1) | select lb_catalog.PG_GET_VIEWDEF(1)
          select 'ä', 1 from pg_type; select 2 from pg_enum | select 'ä', 1 from lb_catalog.pg_type; select 2 from lb_catalog.pg_enum
          prepare a as select * from pg_type where oid = $1 | prepare a as select * from lb_catalog.pg_type where oid = $1
          explain select * from pg_catalog.pg_type | explain select * from lb_catalog.pg_type
          copy (select * from pg_type) to stdout | copy (select * from lb_catalog.pg_type) to stdout
          with a as (select 1 from pg_type) select * from a, pg_enum | with a as (select 1 from lb_catalog.pg_type) select * from a, lb_catalog.pg_enum
          with pg_type as (select 1) select * from pg_type, pg_enum | with pg_type as (select 1) select * from pg_type, lb_catalog.pg_enum
          with pg_type as (select 1) select * from pg_catalog.pg_type | with pg_type as (select 1) select * from lb_catalog.pg_type
          select (select count(*) from pg_index) from t | select (select count(*) from lb_catalog.pg_index) from t
          """)
  void namesOfCatalogsAreReadFromTheViews(String sql, String sent) {
    assertThat(sent(sql)).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "select 'pg_catalog.pg_class', $$pg_class$$, \"pg_class\" from t -- from pg_class",
        "select 'pg_class'::regclass, 1::pg_catalog.int4, null::pg_catalog.pg_class",
        "select pg_class.oid from t pg_class",
        "select * from public.pg_class, helpdesk.pg_catalog.pg_class",
        "select * from pg_catalog.pg_am, pg_settings, pg_stat_activity, pg_authid",
        "select pg_catalog.lower('A'), mine.pg_get_viewdef(1)",
        "select 1 operator(pg_catalog.+) 2 collate pg_catalog.\"C\"",
        "do 'begin perform 1 from pg_class; end'",
      })
  void everythingElseGoesOnAsItCame(String sql) {
    assertThat(sent(sql)).isEqualTo(sql);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          select * from U&"pg\\005fcatalog".pg_class | select * from lb_catalog.pg_class
          select * from u&"\\0070g\\005fclass" | select * from lb_catalog.u&"\\0070g\\005fclass"
          select * from U&"pg!005fcatalog" UESCAPE '!'.pg_class | select * from lb_catalog.pg_class
          select * from U&"pg!005fcatalog"   uescape    '!' . pg_class | select * from lb_catalog . pg_class
          select U&"pg\\005fcatalog".U&"pg_get\\005fviewdef"(1) | select lb_catalog.U&"pg_get\\005fviewdef"(1)
          select U&"\\0070g_class".oid from "pg_class" | select U&"\\0070g_class".oid from lb_catalog."pg_class"
          """)
  void aNameIsReadHoweverItIsWritten(String sql, String sent) {
    assertThat(sent(sql)).isEqualTo(sent);
  }

  @Test
  void noSpellingOfACatalogGoesOnAsItCame() {
    var spellings = new Spellings(42);
    for (int i = 0; i < 300; i++) {
      String sql =
          i % 3 == 0
              ? "select * from" + " " + spellings.of("pg_class")
              : "select * from" + " " + spellings.of("pg_catalog", "pg_class") + " c";
      assertThat(namesRead(sent(sql))).as(sql).containsExactly("lb_catalog.pg_class");
    }
  }

  private List<String> namesRead(String sql) {
    return switch (reader.understand(Bytes.ofUtf8(sql))) {
      case ParsedStatement.Understood(var statements, _) ->
          statements.getFirst().reads().stream().map(SqlStatement.QualifiedName::toString).toList();
      case ParsedStatement.Malformed _, ParsedStatement.NotUnderstood _ ->
          throw new AssertionError(sql);
    };
  }

  @Test
  void aLongTextIsReadFromTheViewsToo() {
    String sql = "select /* %s */ oid from pg_catalog.pg_class".formatted("x".repeat(100_000));
    assertThat(sent(sql)).isEqualTo(sql.replace("from pg_", "from lb_"));
  }

  @Test
  void whatCannotBeReadFromTheViewsDoesNotPassInGuarded() {
    for (String sql :
        List.of(
            "select * from U&\"pg!005fcatalog\" uescape E'!'.pg_class",
            "select * from (with pg_class as (select 1) select 1) x, pg_class",
            "with pg_type as (select 1) select * from pg_type")) {
      assertThat(judged(Profile.GUARDED, Catalogs.CLOSED, sql).refusal()).as(sql).isPresent();
      assertThat(judged(Profile.EXPERT, Catalogs.CLOSED, sql).refusal()).as(sql).isEmpty();
    }
  }

  @Test
  void aTextInWhichTheSchemaIsWrittenOutKeepsItsLength() {
    String sql = "select pg_catalog.pg_get_viewdef(c.oid) from pg_catalog.pg_class c";
    assertThat(sent(sql)).isNotEqualTo(sql).hasSameSizeAs(sql);
  }

  @Test
  void aVeryDeepTextIsReadToo() {
    String deep = "select " + "(".repeat(500) + "1" + ")".repeat(500) + " + 1".repeat(2000);
    assertThat(sent(deep + " from pg_class")).isEqualTo(deep + " from lb_catalog.pg_class");
  }

  @Test
  void aTextThatTheGrammarDoesNotReadAgainIsNotUnderstood() {
    var once =
        new Grammar() {
          private int asked;

          @Override
          public ParseResult read(Bytes sql) {
            return asked++ == 0 ? workers.read(sql) : new ParseResult.NotParsed("ill");
          }

          @Override
          public boolean isThere() {
            return true;
          }

          @Override
          public void close() {}
        };
    assertThat(new StatementReader(once, once).understand(Bytes.ofUtf8("table pg_class")))
        .isEqualTo(new ParsedStatement.NotUnderstood("ill"));
  }

  @Test
  void openCatalogsAreReadThemselvesAndWhatIsRefusedIsNotReadAnotherWay() {
    assertThat(judged(Profile.EXPERT, Catalogs.CLOSED, "table pg_class").instead()).isPresent();
    assertThat(judged(Profile.GUARDED, Catalogs.CLOSED, "table pg_class").instead()).isPresent();
    assertThat(judged(Profile.EXPERT, Catalogs.OPEN, "table pg_class").instead()).isEmpty();
    var refused = judged(Profile.GUARDED, Catalogs.CLOSED, "lock pg_catalog.pg_class");
    assertThat(refused.refusal()).isPresent();
    assertThat(refused.instead()).isEmpty();
  }

  private FilterResult judged(Profile profile, Catalogs catalogs, String sql) {
    return new StatementFilter(reader, new Guard(), profile, Level.READ, Set.of(), catalogs)
        .judge(Bytes.ofUtf8(sql));
  }
}
