package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// Look-ups of values in masked columns: who knows a value finds its rows, masked as ever, among
/// the tenant's own, and not faster than twice a second.
class LookupsTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create extension citext schema shop;
      create table shop.people (id int primary key, tenant_id int not null, mail varchar(40), "Phone" text, born date, nick shop.citext);
      create table shop.notes (id int primary key, person_id int not null references shop.people, body text);
      create index on shop.people (tenant_id, mail);
      insert into shop.people values
        (1, 1, 'ada@acme.example', '030-111111', '1990-02-03', 'Ada'), (2, 2, 'gus@globex.example', '030-222222', '1980-01-01', 'Gus'),
        (3, 1, 'bob@acme.example', '030-333333', null, 'bob'), (4, 1, 'ada@acme.example', null, '1990-02-03', null);
      insert into shop.notes values (1, 1, 'secret'), (2, 2, 'secret');
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: lookups, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          filter: ${filter}
          tables:
            people: {mask: {mail: email, '"Phone"': last4, born: {truncate: year}, nick: redact}, lookup: [mail, born, nick]}
            notes: {tenant: person_id in (select id from people), mask: {body: redact}, lookup: [body]}
      """;

  private static FencedDatabase open(ResourceSpec.Filter filter) {
    return new FencedDatabase(
            Helpdesk.server(), SCHEMA, YAML.replace("${filter}", filter.word()), "acme")
        .applyPlan();
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void whoKnowsAValueFindsItsRowsMasked(ResourceSpec.Filter filter) throws SQLException {
    try (var database = open(filter)) {
      assertThat(database.check().deviations()).isEmpty();
      assertThat(database.check().found())
          .filteredOn(found -> found.kind().equals("lookup-slow"))
          .extracting(Deviation::subject)
          .containsExactlyInAnyOrder("shop.people.born", "shop.people.nick", "shop.notes.body");
      try (var session = database.session("acme", Level.MASKED)) {
        answer(session, "set session characteristics as transaction read only");
        assertThat(
                answer(
                    session,
                    "select string_agg(x::text, ';' order by id) from people_by_mail('ada@acme.example') x"))
            .isEqualTo("(1,1,a***@***,***1111,1990-01-01,[redacted]);(4,1,a***@***,,1990-01-01,)");
        assertThat(
                answer(
                    session, "select string_agg(id::text, ',') from people_by_born('1990-02-03')"))
            .isEqualTo("1,4");
        assertThat(answer(session, "select id from people_by_nick('ADA')")).isEqualTo("1");
        assertThat(answer(session, "select body from notes_by_body('secret')"))
            .isEqualTo("[redacted]");
        for (String none :
            List.of(
                "people_by_mail('gus@globex.example')",
                "people_by_mail('a%')",
                "people_by_mail('')",
                "people_by_mail(null)",
                "people_by_mail('a***@***')",
                "people_by_born('1990-01-01')",
                "people_by_nick('gus')")) {
          assertThat(answer(session, "select count(*) from " + none)).as(none).isEqualTo("0");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void nobodyElseLooksAndNobodyTriesByTheThousand(ResourceSpec.Filter filter) throws SQLException {
    try (var database = open(filter)) {
      for (Level level : List.of(Level.METADATA, Level.READ, Level.WRITE)) {
        try (var session = database.session("acme", level)) {
          assertThat(answer(session, "select count(*) from people_by_mail('x')"))
              .isEqualTo("refused 42883");
          assertThat(answer(session, "select count(*) from lb_masked.people_by_mail('x')"))
              .isEqualTo("refused 42501");
        }
      }
      try (var session = database.session("acme", Level.MASKED, Tables.of(List.of("notes")))) {
        assertThat(answer(session, "select count(*) from people_by_mail('x')"))
            .isEqualTo("refused 42501");
      }
      try (var session = database.session("acme", Level.MASKED)) {
        for (String tries :
            List.of(
                "select count(*) from generate_series(1, 4) n, people_by_mail('x' || n)",
                "select count(*) from (select people_by_mail('x') from generate_series(1, 4)) x",
                "select count(*) from people_by_mail('1') a full join people_by_mail('2') b on true full join people_by_mail('3') c on true full join people_by_mail('4') d on true",
                "select count(*) from generate_series(1, 4) where exists (select from people_by_mail('x' || generate_series) limit 1)")) {
          long begun = System.nanoTime();
          assertThat(answer(session, tries)).as(tries).isEqualTo("0");
          assertThat(Duration.ofNanos(System.nanoTime() - begun))
              .as(tries)
              .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES"})
  void aConditionOnTheMaskUsesNoIndexAndExplainShowsTheMask(ResourceSpec.Filter filter)
      throws SQLException {
    try (var database = open(filter)) {
      try (var session = database.session("acme", Level.MASKED)) {
        answer(session, "set enable_seqscan = off");
        assertThat(explained(session, "select id from people where mail = 'ada@acme.example'"))
            .contains("***@***")
            .doesNotContain("(mail =");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES"})
  void aChangedLookUpBreaksTheFenceAndAMigrationTakesItAlong(ResourceSpec.Filter filter)
      throws SQLException {
    try (var database = open(filter)) {
      database.asSuperuser(
          "create or replace function lb_masked.people_by_mail(varchar) returns setof lb_masked.people"
              + " language sql security definer as 'select * from lb_read.people where mail = $1'");
      assertThat(database.check().deviations())
          .anySatisfy(found -> assertThat(found.kind()).isEqualTo("function-changed"));
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      database.asSuperuser(FenceSuspension.suspend(database.spec()));
      database.asSuperuser("alter table shop.people alter mail type varchar(80)");
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      try (var session = database.session("acme", Level.MASKED)) {
        assertThat(answer(session, "select count(*) from people_by_mail('bob@acme.example')"))
            .isEqualTo("1");
      }
    }
  }

  private static String explained(Connection session, String sql) throws SQLException {
    var text = new StringBuilder();
    try (var statement = session.createStatement();
        var rows = statement.executeQuery("explain (costs off) " + sql)) {
      while (rows.next()) {
        text.append(rows.getString(1)).append('\n');
      }
    }
    return text.toString();
  }
}
