package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;

/// Extensions of the protected database: which of them somebody has to decide about, and what a
/// session reaches of those that are accepted.
class ExtensionsTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
        if not exists (select from pg_roles where rolname = 'helpdesk_app') then
          create role helpdesk_app login;
        end if;
      end $$;
      create extension citext;
      create extension hstore;
      create extension btree_gist;
      create extension "uuid-ossp";
      create extension dblink;
      create extension fuzzystrmatch schema pg_catalog;
      create table people (tenant_id int not null, mail citext not null, more hstore not null);
      insert into people values (1, 'ada@acme.test', 'a=>1'), (2, 'bob@globex.test', 'b=>2');
      """;

  private static final String YAML =
      """
      resources:
        - id: people
          name: People
          postgres: {host: 127.0.0.1, port: ${port}, database: extensions_test, tls: disable, minimumVersion: 18.6}
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [read]
          tables:
            people: {}
      """;

  private static FencedDatabase database(String more) {
    return new FencedDatabase(Helpdesk.server(), SCHEMA, YAML + more, "acme").applyPlan();
  }

  @Test
  void thoseThatNobodyDecidedAboutLetNoSessionOpen() throws SQLException {
    try (var database = database("")) {
      assertThat(database.check().deviations())
          .extracting(Deviation::kind, Deviation::subject)
          .containsExactly(
              Tuple.tuple("extension-unlisted", "dblink"),
              Tuple.tuple("extension-unlisted", "fuzzystrmatch"));
      assertThat(database.check().drift()).as("open sessions cannot reach them").isEmpty();
      assertThat(database.check().text())
          .contains(
              "DEVIATION [extension-unlisted] The catalogue says nothing about the extension dblink,"
                  + " which the database has and which opens a way out of the database")
          .contains("fix: list it in resources.yaml under 'extensions' once", "drop extension");
    }
  }

  @Test
  void aHarmlessOneIsToldByWhatItBringsAndNotByItsNameAlone() throws SQLException {
    try (var database = database("    extensions: [dblink, fuzzystrmatch]\n")) {
      database.asSuperuser(
          "create language wild handler plpgsql_call_handler; alter extension hstore add language wild");
      assertThat(database.check().deviations())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.kind()).isEqualTo("extension-unlisted");
                assertThat(found.subject()).isEqualTo("hstore");
                assertThat(found.sentence()).contains("whatever the server's own user can");
              });
    }
  }

  @Test
  void whatIsAcceptedIsReachedByTheApplicationAndByNoSession() throws SQLException {
    try (var database = database("    extensions: [dblink, fuzzystrmatch]\n")) {
      assertThat(database.check().deviations()).isEmpty();
      assertThat(database.check().found())
          .extracting(Deviation::kind, Deviation::subject)
          .contains(Tuple.tuple("extension-reaches", "dblink"))
          .doesNotContain(Tuple.tuple("extension-reaches", "fuzzystrmatch"));
      Connection session = database.session("acme", Level.READ);
      assertThat(answer(session, "select mail || ' ' || more from people"))
          .isEqualTo("ada@acme.test \"a\"=>\"1\"");
      for (String call :
          new String[] {
            "select * from dblink('dbname=postgres', 'select 1') as t (i int)",
            "select * from public.dblink('dbname=postgres', 'select 1') as t (i int)",
            "select public.hstore('a', 'b')",
            "select levenshtein('a', 'b')",
            "create foreign table f (i int) server s",
            "drop extension dblink"
          }) {
        assertThat(answer(session, call)).as(call).startsWith("refused 42");
      }
      assertThat(answer(session, "select levenshtein('a', 'b')")).isEqualTo("refused 42501");
      try (var application = database.as("helpdesk_app")) {
        assertThat(answer(application, "select levenshtein('a', 'b')")).isEqualTo("1");
        assertThat(answer(application, "select public.hstore('a', '1')")).isEqualTo("\"a\"=>\"1\"");
      }
    }
  }
}
