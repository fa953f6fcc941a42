package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// What a table has below it and what runs before its filter: partitions, tables that inherit, and
/// triggers, with the rights of their owner and without. A row of globex has a text that no cast to
/// a number survives.
class FilterOrderTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create table shop.events (id int, tenant_id int not null, secret text) partition by range (id);
      create table shop.events_1 partition of shop.events for values from (1) to (1000);
      create table shop.events_2 partition of shop.events for values from (1000) to (2000);
      create table shop.base (id int, tenant_id int not null, secret text);
      create table shop.below (more int) inherits (shop.base);
      create table shop.copied (id int, tenant_id int not null, secret text);
      create table shop.moved (id int, tenant_id int not null, secret text);
      create table shop.moved_by_owner (id int, tenant_id int not null, secret text);
      create table shop.people (id int primary key, tenant_id int not null, secret text);
      create table shop.notes (id int, person_id int not null references shop.people, secret text);
      create table shop.audit (tenant_id int, secret text);
      insert into shop.events select n, 1 + n % 2, case n % 2 when 0 then n::text else 'canary' || n end
        from generate_series(1, 1999) n;
      insert into shop.base select id, tenant_id, secret from shop.events where id <= 100;
      insert into shop.below select id, tenant_id, secret, 1 from shop.events where id between 101 and 200;
      insert into shop.people select id, tenant_id, secret from shop.events where id <= 100;
      create function shop.copies() returns trigger language plpgsql security definer set search_path = shop as
        'begin insert into audit values (new.tenant_id, new.secret); return new; end';
      create trigger copies before insert or update on shop.copied for each row execute function shop.copies();
      create trigger copies after insert or update on shop.moved for each row execute function shop.copies();
      create function shop.moves() returns trigger language plpgsql as
        'begin if new.secret = ''move'' then new.tenant_id := 2; end if; return new; end';
      create trigger moves before insert or update on shop.moved for each row execute function shop.moves();
      create trigger moves before insert or update on shop.events for each row execute function shop.moves();
      create function shop.moves_by_owner() returns trigger language plpgsql security definer as
        'begin if new.secret = ''move'' then new.tenant_id := 2; end if; return new; end';
      create trigger moves before insert or update on shop.moved_by_owner
        for each row execute function shop.moves_by_owner();
      create function shop.tells() returns trigger language plpgsql security definer set search_path = shop as
        'begin insert into audit select 7, secret from people where id = new.person_id;
               raise notice ''%'', (select secret from people where id = new.person_id); return new; end';
      create trigger tells before insert on shop.notes for each row execute function shop.tells();
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: filter_order, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [read, write]
          filter: ${filter}
          tables:
            events: {}
            base: {}
            copied: {}
            moved: {}
            moved_by_owner: {}
            people: {}
            notes: {tenant: person_id in (select id from people)}
          hiddenTables: [audit, below]
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
  void partitionsAndTablesThatInheritAreHeldByTheTableAbove(ResourceSpec.Filter filter)
      throws SQLException {
    try (var database = open(filter)) {
      assertThat(database.check().deviations()).isEmpty();
      database.asSuperuser(
          """
          create table shop.events_3 (id int, tenant_id int not null, secret text);
          insert into shop.events_3 values (2001, 2, 'canary'), (2002, 1, '2002');
          alter table shop.events attach partition shop.events_3 for values from (2000) to (3000);
          create table shop.deeper () inherits (shop.below);
          insert into shop.deeper values (2001, 2, 'canary', 1), (2002, 1, '2002', 1);
          """);
      try (var read = database.session("acme", Level.READ);
          var write = database.session("acme", Level.WRITE)) {
        looksBelow(read);
        looksBelow(write);
        writesBelow(write);
      }
      try (var superuser = database.superuser()) {
        assertThat(answer(superuser, "select count(*) from shop.base")).isEqualTo("202");
      }
    }
  }

  private static void looksBelow(Connection session) {
    for (String plan : List.of("on", "off")) {
      answer(session, "set enable_partition_pruning = " + plan + "; set enable_seqscan = " + plan);
      for (String where :
          List.of("", " where secret::int > 0", " where not secret::int < 0 or id < 0")) {
        assertThat(answer(session, "select count(*) from events" + where)).isEqualTo("1000");
        assertThat(answer(session, "select count(*) from base" + where)).isEqualTo("101");
      }
      assertThat(
              answer(
                  session,
                  "select count(*) from events e join base b on e.secret::int = b.secret::int"))
          .isEqualTo("101");
    }
    for (String below : List.of("events_1", "events_3", "below", "deeper")) {
      assertThat(answer(session, "select count(*) from shop." + below)).isEqualTo("refused 42501");
    }
  }

  private static void writesBelow(Connection session) throws SQLException {
    session.setAutoCommit(false);
    assertThat(answer(session, "update events set secret = '1' where secret::int > 0"))
        .isEqualTo("1000 rows");
    assertThat(answer(session, "update events set id = 1500 where id = 2")).isEqualTo("1 rows");
    assertThat(answer(session, "delete from base where secret::int > 0")).isEqualTo("101 rows");
    session.rollback();
    for (String outside :
        List.of(
            "insert into events (id, tenant_id) values (5, 2)",
            "insert into events (id, tenant_id) values (2500, 2)",
            "insert into base (id, tenant_id) values (5, 2)",
            "update events set tenant_id = 2 where id = 2",
            "update events set secret = 'move' where id = 2",
            "update events set id = 1500, secret = 'move' where id = 2")) {
      assertThat(answer(session, outside)).as(outside).isIn("refused 42501", "refused 44000");
      session.rollback();
    }
  }

  /// With the rights of its owner a trigger would write down another tenant's value, so the column
  /// stays closed: the default fills in the own one.
  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void aTriggerThatCopiesTheRowSeesNoTenantButTheOwn(ResourceSpec.Filter filter)
      throws SQLException {
    try (var database = open(filter)) {
      assertThat(database.check().deviations()).isEmpty();
      try (var session = database.session("acme", Level.WRITE)) {
        for (String sql :
            List.of(
                "insert into copied (id, tenant_id, secret) values (1, 2, 'x')",
                "insert into copied (id, tenant_id, secret) values (1, 1, 'x')",
                "update copied set tenant_id = 2",
                "insert into copied select id, 2, secret from people")) {
          assertThat(answer(session, sql)).as(sql).isEqualTo("refused 42501");
        }
        assertThat(answer(session, "insert into copied (id, secret) values (1, 'x')"))
            .isEqualTo("1 rows");
        assertThat(answer(session, "update copied set secret = 'y'")).isEqualTo("1 rows");
      }
      assertThat(audited(database)).isEqualTo("1x,1y");
      database.asSuperuser(
          "create trigger copies before insert on shop.base for each row execute function shop.copies()");
      assertThat(database.check().deviations())
          .anySatisfy(found -> assertThat(found.kind()).isEqualTo("tenant-exposed"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void aTriggerThatChangesTheTenantIsRefusedItsRow(ResourceSpec.Filter filter) throws SQLException {
    try (var database = open(filter)) {
      assertThat(database.check().deviations()).isEmpty();
      try (var session = database.session("acme", Level.WRITE)) {
        for (String table : List.of("moved", "moved_by_owner", "events")) {
          String insert = "insert into " + table + " (id, secret) values (3, ";
          assertThat(answer(session, insert + "'stay')")).as(table).isEqualTo("1 rows");
          for (String sql :
              List.of(
                  insert + "'move')",
                  insert + "'move') returning *",
                  "update " + table + " set secret = 'move' where secret = 'stay'",
                  "merge into "
                      + table
                      + " t using (values (1)) v on t.secret = 'stay' when matched then"
                      + " update set secret = 'move'")) {
            assertThat(answer(session, sql)).as(sql).isIn("refused 42501", "refused 44000");
          }
        }
      }
      assertThat(audited(database)).as("of the trigger after moved").isEqualTo("1stay");
      try (var globex = database.session("globex", Level.READ)) {
        for (String table : List.of("moved", "moved_by_owner")) {
          assertThat(answer(globex, "select count(*) from " + table)).isEqualTo("0");
        }
      }
    }
  }

  /// A limit, and stated as one: the application's own code runs first, on the key that the session
  /// wrote. What it wrote is taken back with the row, what it said is not.
  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void whatADefinersTriggerWroteIsTakenBackAndWhatItSaidIsNot(ResourceSpec.Filter filter)
      throws SQLException {
    try (var database = open(filter)) {
      assertThat(database.check().deviations()).isEmpty();
      try (var session = database.session("acme", Level.WRITE);
          var statement = session.createStatement()) {
        String sql = "insert into notes values (1, 1, 'x')";
        try {
          statement.execute(sql);
          throw new AssertionError("a row of globex has a note of acme");
        } catch (SQLException e) {
          assertThat(e.getSQLState()).isIn("42501", "44000");
        }
        assertThat(statement.getWarnings().getMessage()).isEqualTo("canary1");
      }
      assertThat(audited(database)).isEmpty();
      assertThat(database.check().found())
          .anySatisfy(
              found -> {
                assertThat(found.kind()).isEqualTo("write-effect");
                assertThat(found.sentence())
                    .contains("shop.notes: its trigger tells runs tells with the rights of")
                    .contains("before the fence has looked at the row");
              });
    }
  }

  private static String audited(FencedDatabase database) throws SQLException {
    try (var superuser = database.superuser()) {
      return answer(
          superuser,
          "select coalesce(string_agg(tenant_id || secret, ',' order by secret), '') from shop.audit");
    }
  }
}
