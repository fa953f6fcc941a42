package org.openlockbox.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NamedTablesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "select 1|",
        "select * from customers|customers",
        "SELECT * FROM Customers c, public.tickets AS t|customers, public.tickets",
        "select * from \"Odd \"\"name\"\"\"|Odd \"name\"",
        "select a from x join y on x.i = y.i left join z using (i) where i in (select j from w)|w,"
            + " x, y, z",
        "select * from (a join b on true), c|a, b, c",
        "select count(*) from f(1), g as h(a, b), lateral (select 1 from i) k|g, i",
        "select extract(year from d), trim(both from e), substring(s from 2) from t|t",
        "select a is distinct from b from t|t",
        "insert into t (a, b) select c, d from u|t, u",
        "update t set a = b from u where t.i = u.i|t, u",
        "update only t set a = 1|t",
        "delete from t using u where t.i = u.i|t, u",
        "merge into t using u on t.i = u.i when matched then update set a = 1|t, u",
        "truncate t|t",
        "truncate table t|t",
        "copy t (a, b) to stdout|t",
        "table t|t",
        "select * from t for update of t|t",
        "with c as (select * from t) select * from c|t",
        "with c (x, y) as materialized (select * from t) select * from c join u on true|t, u",
        "with t as (select * from t) select * from t|t",
        "select (with t as (select 1) select 1 from t), (select count(*) from t)|t",
        "select 'select * from x' from t -- from y|t",
        "select $$ from x $$, $q$ from $$ y $q$ from t /* from /* a */ b */|t",
        "select E'\\' from x' from t|t",
        "select 1; select * from b|b",
        "explain (analyze) select * from t|t",
        "prepare p as select * from t where i = $1|t",
        "select * from t where a = any (array[1, 2]) order by a, b|t",
        "select * from a union all select * from b|a, b",
        "select * from a tablesample system (1), b|a, b",
      })
  void whatStandsWhereARelationBelongsIsNamed(String sql, String names) {
    var named = NamedTables.of(sql);
    assertThat(String.join(", ", named.names())).isEqualTo(names == null ? "" : names);
    assertThat(named.opaque()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "do $$ begin perform 1 from t; end $$",
        "execute p(1)",
        "fetch all from c",
        "call f()",
        "select 1; do 'x'",
        "select * from U&\"\\0061\"",
        "select 'never ends",
        "select /* never ends",
        "select $$ never ends",
        "select * from \"never ends",
      })
  void aTextThatCanHideTablesSaysSo(String sql) {
    assertThat(NamedTables.of(sql).opaque()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ")", "((", "from", "from (", "'", "select from , ,", "with as ("})
  void anyTextIsRead(String sql) {
    assertThat(NamedTables.of(sql).names()).isEmpty();
  }
}
