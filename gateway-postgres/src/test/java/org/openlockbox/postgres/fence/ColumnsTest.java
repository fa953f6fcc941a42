package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Types, masks, defaults and materialized views behind the fence, on a real server.
class ColumnsTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      set search_path = shop;
      create type mood as enum ('calm', 'angry');
      create domain email_address as text not null check (value ~ '@');
      create domain work_email as email_address;
      create domain percent as int check (value between 0 and 100);
      create table people (
        id serial primary key,
        tenant_id int not null,
        mail work_email,
        share percent,
        mood mood not null default 'calm',
        lucky int[] not null default '{}',
        doc jsonb not null default '{}',
        salary numeric(10,2),
        born date,
        seen_at timestamptz,
        left_at timestamp,
        badge uuid not null default gen_random_uuid(),
        valid daterange,
        photo bytea,
        score int generated always as (share * 2) stored,
        search tsvector generated always as (to_tsvector('simple', salary::text)) stored,
        note text
      );
      insert into people (tenant_id, mail, share, mood, lucky, doc, salary, born, seen_at, left_at, badge, valid, photo, note)
        values (1, 'ada@acme.test', 40, 'angry', '{7,8}',
                '{"order": {"status": "open", "card": "4111"}, "source": "web", "secret": "CANARY-DOC", "list": [1]}',
                51234.50, '1990-05-17', '2026-03-04 05:06:07Z', '2026-03-04 05:06:07',
                '00000000-0000-0000-0000-00000000000a', '[2026-01-01,2026-02-01)', '\\x00ff', 'hello'),
               (2, 'bob@globex.test', 41, 'calm', '{9}', '"GLOBEX-CANARY"', -7, '1991-01-01', now(), now(),
                '00000000-0000-0000-0000-00000000000b', null, null, 'GLOBEX-CANARY');
      create table periods (
        tenant_id int not null,
        day_quarter date, day_month date, day_week date,
        zoned_year timestamptz, zoned_quarter timestamptz, zoned_month timestamptz, zoned_week timestamptz,
        local_quarter timestamp, local_month timestamp, local_week timestamp);
      insert into periods
        select 1, '2026-05-17', '2026-05-17', '2026-05-17', z, z, z, z, l, l, l
          from (values (timestamptz '2026-01-01 00:30:00+02', timestamp '2026-02-28 23:59:59')) v (z, l);
      create table accounts (tenant_id int not null, pin text, opened timestamptz, scans bytea[]);
      create domain body as jsonb;
      create table audit (
        tenant_id int not null, mail text, at date, pin varchar(10), salary float8, born timestamp, opened text,
        before jsonb, rows json[], was people, had people[], said body[], words text[], image bytea);
      create table forms (code text, layout jsonb);
      create materialized view totals as
        select tenant_id, count(*) as people, max(salary) as highest from people group by tenant_id;
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: columns_test, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            people:
              mask:
                mail: email
                doc: {keep: [order.status, source, absent.path]}
                salary: {bucket: 10000}
                born: {truncate: year}
                seen_at: {truncate: day}
                left_at: {truncate: hour}
                badge: hash
                photo: redact
                lucky: 'null'
                search: redact
                note: last4
            totals: {mask: {highest: redact}, unmasked: [tenant_id, people]}
            audit: {}
            accounts: {hide: [pin, tenant_id]}
            forms: {shared: true}
            periods:
              mask:
                day_quarter: {truncate: quarter}
                day_month: {truncate: month}
                day_week: {truncate: week}
                zoned_year: {truncate: year}
                zoned_quarter: {truncate: quarter}
                zoned_month: {truncate: month}
                zoned_week: {truncate: week}
                local_quarter: {truncate: quarter}
                local_month: {truncate: month}
                local_week: {truncate: week}
      """;

  private static FencedDatabase database;
  private static Connection masked;
  private static Connection read;
  private static Connection write;

  @BeforeAll
  static void open() {
    database = new FencedDatabase(Helpdesk.server(), SCHEMA, YAML, "acme").applyPlan();
    masked = database.session("acme", Level.MASKED);
    read = database.session("acme", Level.READ);
    write = database.session("acme", Level.WRITE);
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  @Test
  void theFenceStandsAndNoOtherTenantShowsAtAnyLevel() throws SQLException {
    assertThat(database.check().deviations()).isEmpty();
    for (Level level : Level.values()) {
      String seen = FencedDatabase.everything(database.session("acme", level));
      assertThat(seen).as(level.word()).doesNotContain("GLOBEX", "bob", "000b");
    }
    assertThat(FencedDatabase.everything(masked)).doesNotContain("CANARY", "4111", "51234", "000a");
    assertThat(FencedDatabase.everything(read)).contains("CANARY-DOC", "51234.50", "ada@acme.test");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          mail                     | a***@***
          share                    | 40
          mood                     | angry
          doc                      | {"order": {"status": "open"}, "source": "web"}
          salary                   | 50000
          born                     | 1990-01-01
          seen_at at time zone 'UTC' | 2026-03-04 00:00:00
          left_at                  | 2026-03-04 05:00:00
          badge ~ '^[0-9a-f]{16}$' | t
          photo                    | null
          lucky                    | null
          search                   | null
          valid                    | [2026-01-01,2026-02-01)
          note                     | ****
          doc->>'secret'           | null
          (select highest from totals) | null
          (select people from totals)  | 1
          """)
  void theMaskedLevelShows(String expression, String expected) {
    assertThat(answer(masked, "select " + expression + " from people where id > 0"))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          day_quarter   | 2026-04-01
          day_month     | 2026-05-01
          day_week      | 2026-05-11
          zoned_year    | 2025-01-01 00:00:00
          zoned_quarter | 2025-10-01 00:00:00
          zoned_month   | 2025-12-01 00:00:00
          zoned_week    | 2025-12-29 00:00:00
          local_quarter | 2026-01-01 00:00:00
          local_month   | 2026-02-01 00:00:00
          local_week    | 2026-02-23 00:00:00
          """)
  void aPeriodBeginsInUtcWhereverTheSessionSaysThatItIs(String column, String start) {
    String utc = column.startsWith("zoned") ? " at time zone 'UTC'" : "";
    for (String zone : new String[] {"UTC", "Pacific/Kiritimati", "America/Los_Angeles"}) {
      answer(masked, "set time zone '" + zone + "'");
      assertThat(answer(masked, "select " + column + utc + " from periods"))
          .as(zone)
          .isEqualTo(start);
    }
    answer(masked, "reset time zone");
  }

  @Test
  void aPredicateOnAMaskSeesTheMask() {
    assertThat(answer(masked, "select count(*) from people where salary > 50000")).isEqualTo("0");
    assertThat(
            answer(
                masked, "select count(*) from people where doc @> '{\"secret\": \"CANARY-DOC\"}'"))
        .isEqualTo("0");
    assertThat(answer(masked, "select count(*) from people where born > '1990-01-01'"))
        .isEqualTo("0");
    assertThat(answer(masked, "select lb.keep('{}', array['secret'])")).isEqualTo("refused 42501");
  }

  @Test
  void theWriteLevelInsertsWithASerialAndKeepsTypesAndChecks() throws SQLException {
    write.setAutoCommit(false);
    try {
      assertThat(
              answer(
                  write,
                  """
                  insert into people (mail, share, mood, lucky, doc, valid, photo)
                  values ('new@acme.test', 10, 'calm', '{1}', '{"a": 1}', '[2026-01-01,)', '\\x01')
                  returning tenant_id || ' ' || score || ' ' || (id > 2)
                  """))
          .isEqualTo("1 20 true");
    } finally {
      write.rollback();
      write.setAutoCommit(true);
    }
    assertThat(answer(write, "insert into people (mail, share) values ('x@y', 101)"))
        .isEqualTo("refused 23514");
    assertThat(answer(write, "update people set mail = 'no address'")).isEqualTo("refused 23514");
    assertThat(answer(write, "update people set score = 1")).isEqualTo("refused 428C9");
    assertThat(answer(write, "update totals set people = 2")).isEqualTo("refused 55000");
    assertThat(answer(write, "select lb.next('shop.people_id_seq')")).isEqualTo("refused 42501");
    assertThat(answer(write, "select nextval('shop.people_id_seq')")).isEqualTo("refused 42501");
    assertThat(answer(write, "refresh materialized view shop.totals")).isEqualTo("refused 42501");
  }

  @Test
  void copiesOfMaskedValuesElsewhereAreNamedUntilSomebodyHasLooked() {
    assertThat(database.check().found())
        .filteredOn(found -> found.kind().equals("mask-copies"))
        .extracting(Deviation::subject)
        .as("documents and lists of them, and columns of the same names")
        .containsExactly(
            "shop.audit.mail",
            "shop.audit.pin",
            "shop.audit.salary",
            "shop.audit.born",
            "shop.audit.before",
            "shop.audit.rows",
            "shop.audit.was",
            "shop.audit.had",
            "shop.audit.said",
            "shop.accounts.scans");
    var open =
        Catalogue.parse(
                "resources.yaml",
                YAML.replace("${port}", "1")
                    .replace("doc: {keep: [order.status, source, absent.path]}", "share: redact")
                    .replace("photo: redact", "mood: redact")
                    .replace("mail: email", "at: redact")
                    .replace(", unmasked: [tenant_id, people]", ""))
            .resources()
            .getFirst();
    try (var connection = database.superuser()) {
      assertThat(MaskCheck.of(open, DatabaseSchema.read(connection, open)))
          .extracting(Deviation::kind, Deviation::subject)
          .contains(
              Tuple.tuple("mask-copies", "shop.people.doc"),
              Tuple.tuple("mask-copies", "shop.people.photo"),
              Tuple.tuple("mask-leaks", "shop.people.score"),
              Tuple.tuple("mask-leaks", "shop.totals.people"),
              Tuple.tuple("column-missing", "shop.people.at"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest(name = "{0} is refused for {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          email              | salary
          last4              | doc
          hash               | mood
          hash               | lucky
          hash               | doc
          {truncate: hour}   | born
          {truncate: month}  | note
          {bucket: 10}       | note
          {keep: [a]}        | note
          """)
  void aMaskRefusesTypesThatItDoesNotKnow(String mask, String column) throws SQLException {
    var wrong =
        Catalogue.parse(
                "resources.yaml",
                YAML.replace("${port}", "1")
                    .replaceAll(
                        "(?m)^ +(mail|doc|salary|born|seen_at|left_at|badge|photo|lucky|search|note): .*\n",
                        "")
                    .replace("mask:\n", "mask:\n          " + column + ": " + mask + "\n"))
            .resources()
            .getFirst();
    assertThat(database.planned(wrong))
        .isInstanceOfSatisfying(
            FencePlan.Impossible.class,
            refused ->
                assertThat(refused.why())
                    .extracting(Deviation::kind, Deviation::subject)
                    .contains(Tuple.tuple("mask-type", "shop.people." + column)));
  }
}
