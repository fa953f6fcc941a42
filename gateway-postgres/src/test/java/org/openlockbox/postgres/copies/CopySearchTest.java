package org.openlockbox.postgres.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.fence.Deviation;
import org.openlockbox.postgres.fence.FencedDatabase;
import org.openlockbox.postgres.fence.Helpdesk;
import org.openlockbox.postgres.personal.DatabaseSamples;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Copies of masked values in columns that masked sessions read in clear, in every type that can
/// hold one; and what only looks like copies.
class CopySearchTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      set search_path = shop, public;
      create extension hstore schema public;
      create table people (
        id serial primary key, tenant_id int not null, name text, mail text, phone text, card varchar(30),
        status text, salary numeric, born date, biography text, secret text);
      insert into people (tenant_id, name, mail, phone, card, status, salary, born, biography, secret)
        select 1 + i % 2, 'A' || md5(i || 'a') || ' von B' || md5(i || 'b'), 'p' || i || '@mail.test',
               '+44 20 79' || to_char(460000 + i, 'FM00 0000'), '4111-0000-' || to_char(i, 'FM0000-0000'),
               (array['active', 'blocked'])[1 + i % 2], 41000.5 + i, date '1950-01-01' + i,
               'was born in a house near the river ' || md5(i || 'c') || ' and never left it again',
               md5(i || 'd')
          from generate_series(1, 400) i;
      create table copies (
        tenant_id int not null, place int, plain text, inside text, list text[], doc jsonb, json json, markup xml, pairs hstore,
        vector tsvector, bytes bytea, digits text, looked text, story text, words text, hidden_copy text);
      insert into copies
        select tenant_id, id, mail, 'asked by "' || name || '", see ticket', array['x', mail],
               jsonb_build_object('who', jsonb_build_object('name', name)),
               json_build_object('name', replace(name, ' ', ' \\ufeff ')),
               ('<p><a>' || mail || '</a></p>')::xml, hstore('mail', upper(mail)),
               to_tsvector('simple', 'about ' || name), convert_to(card, 'UTF8'),
               'call ' || replace(replace(phone, ' ', ''), '+44', '0') || ' today', card, 'He ' || biography,
               'an active customer with a blocked card', 'token=' || secret
          from people where id % 7 = 0;
      create table notes (
        tenant_id int not null, id int, status text, note text, amount numeric, at date, other_mail text, vector tsvector);
      insert into notes
        select 1, i, 'active', 'the customer was active and is blocked now', 10 * i, date '2026-01-01' + i,
               'q' || i || '@mail.test', to_tsvector('simple', 'mail test von customers')
          from generate_series(1, 400) i;
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: copy_search, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [masked]
          tables:
            people:
              mask: {name: redact, mail: email, phone: last4, card: last4, status: redact, salary: redact, born: redact, biography: redact}
              hide: [secret]
            copies: {unmasked: [looked]}
            notes: {}
      """;

  private static FencedDatabase database;

  @BeforeAll
  static void open() {
    database = new FencedDatabase(Helpdesk.server(), SCHEMA, YAML, "acme").applyPlan();
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  @Test
  void copiesAreFoundInEveryTypeAndNothingElseIs() throws SQLException {
    var found = search();
    assertThat(found).extracting(Deviation::kind).containsOnly("mask-copies-found");
    assertThat(found)
        .extracting(copy -> copy.sentence().replaceAll("shop\\.|\\.$", ""))
        .containsExactlyInAnyOrder(
            "copies.plain holds copies of people.mail: 57 of 400 sampled values",
            "copies.inside holds copies of people.name: 57 of 400 sampled values",
            "copies.list holds copies of people.mail: 57 of 400 sampled values",
            "copies.doc holds copies of people.name: 57 of 400 sampled values",
            "copies.json holds copies of people.name: 57 of 400 sampled values",
            "copies.markup holds copies of people.mail: 57 of 400 sampled values",
            "copies.pairs holds copies of people.mail: 57 of 400 sampled values",
            "copies.vector holds copies of people.name: 57 of 400 sampled values",
            "copies.bytes holds copies of people.card: 57 of 400 sampled values",
            "copies.digits holds copies of people.phone: 57 of 400 sampled values",
            "copies.looked holds copies of people.card: 57 of 400 sampled values, although it is listed"
                + " under 'unmasked'",
            "copies.story holds copies of people.biography: 57 of 400 sampled values",
            "copies.hidden_copy holds copies of people.secret: 57 of 400 sampled values");
    assertThat(found.toString()).doesNotContain("@mail.test", "4111", " von ");
  }

  @Test
  void oneCopyOfAnAddressIsEnough() throws SQLException {
    database.asSuperuser("update shop.notes set note = 'write to P7@Mail.Test!' where id = 13");
    try {
      assertThat(search())
          .extracting(Deviation::sentence)
          .contains("shop.notes.note holds copies of shop.people.mail: 1 of 400 sampled values.");
    } finally {
      database.asSuperuser("update shop.notes set note = 'nothing' where id = 13");
    }
  }

  @Test
  void aRoleThatMayNotReadTheTablesIsToldSo() throws SQLException {
    try (var gateway = Helpdesk.connect(database.spec().address().database(), "lockbox_gateway")) {
      assertThatThrownBy(() -> CopySearch.of(gateway, database.spec(), new SecureRandom()))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
  }

  /// A superuser who looks runs no code of the application's.
  @Test
  void noCastOfTheApplicationRuns() throws SQLException {
    database.asSuperuser(
        """
        create type shop.citext as (value text);
        create function shop.taken(shop.citext) returns text language plpgsql as
          $$ begin raise exception 'code of the owner runs' using errcode = 'P0666'; end $$;
        create cast (shop.citext as text) with function shop.taken(shop.citext);
        alter table shop.notes add column cast_away shop.citext;
        update shop.notes set cast_away = row('p' || id || '@mail.test');
        """);
    try (var superuser = database.superuser()) {
      assertThat(search())
          .extracting(Deviation::sentence)
          .anySatisfy(found -> assertThat(found).contains("shop.notes.cast_away holds copies"));
      var samples = new DatabaseSamples(superuser, table -> 400, 1000);
      var notes =
          DatabaseSchema.read(superuser, database.spec()).table(new TableName("shop", "notes"));
      assertThat(samples.shapes(notes.orElseThrow())).containsKey("cast_away");
      assertThat(samples.unread()).isEmpty();
    } finally {
      database.asSuperuser("drop type shop.citext cascade");
    }
  }

  /// Between the look at the catalogs and the look at the rows, an owner may put a view there.
  @Test
  void aViewInThePlaceOfATableIsNotRead() throws SQLException {
    try (var superuser = database.superuser()) {
      var notes =
          DatabaseSchema.read(superuser, database.spec())
              .table(new TableName("shop", "notes"))
              .orElseThrow();
      database.asSuperuser(
          "alter table shop.notes rename to away; create view shop.notes as select * from shop.away");
      var samples = new DatabaseSamples(superuser, table -> 400, 1000);
      assertThat(samples.shapes(notes)).isEmpty();
      assertThat(samples.unread()).containsKey(new TableName("shop", "notes"));
    } finally {
      database.asSuperuser("drop view shop.notes; alter table shop.away rename to notes");
    }
  }

  private static List<Deviation> search() throws SQLException {
    try (var connection = database.superuser()) {
      return CopySearch.of(connection, database.spec(), new SecureRandom());
    }
  }
}
