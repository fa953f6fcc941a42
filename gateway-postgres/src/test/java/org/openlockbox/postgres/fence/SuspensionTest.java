package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// The application's own migration: while the fence stands its views hold on to types and columns.
/// While it is suspended nobody sees anything, and what the migration adds stays unseen.
class SuspensionTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
        if not exists (select from pg_roles where rolname = 'migrations_owner') then
          create role migrations_owner login;
        end if;
      end $$;
      create schema shop authorization migrations_owner;
      set role migrations_owner;
      set search_path = shop;
      create table customers (
        id serial primary key, tenant_id int not null, email varchar(50) not null, fax text, note text);
      create table orders (
        id serial primary key, tenant_id int not null, customer_id int not null references customers, total int);
      create table faxes (id serial primary key, tenant_id int not null, page text);
      alter table orders enable row level security;
      create policy app on orders to migrations_owner using (true);
      insert into customers (tenant_id, email, fax, note) values (1, 'acme@mail.test', '1', 'acme-note'), (2, 'globex@mail.test', '2', 'globex-note');
      insert into orders (tenant_id, customer_id, total) values (1, 1, 111), (2, 2, 222);
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: suspension_test, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            customers: {mask: {email: email}}
            orders: {}
            faxes: {}
      """;

  private static final List<String> MIGRATION =
      List.of(
          "alter table shop.customers alter column email type varchar(400)",
          "alter table shop.customers drop column fax",
          "alter table shop.orders alter column tenant_id type bigint",
          "drop table shop.faxes");

  private FencedDatabase database;

  @BeforeEach
  void open() {
    database = new FencedDatabase(Helpdesk.server(), SCHEMA, YAML, "acme").applyPlan();
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  private void suspend() {
    database.asSuperuser(FenceSuspension.suspend(database.spec()));
  }

  private Optional<FenceSuspension> suspension() throws SQLException {
    try (var gateway = database.as("lockbox_gateway")) {
      return FenceSuspension.read(gateway);
    }
  }

  private FencePlan resuming(FencedDatabase with) throws SQLException {
    var spec = with.spec();
    try (var gateway = database.as("lockbox_gateway")) {
      return FencePlan.resuming(
          spec, DatabaseSchema.read(gateway, spec), FenceSuspension.read(gateway).orElseThrow());
    }
  }

  private String resume() throws SQLException {
    String sql = ((FencePlan.Applicable) resuming(database)).sql();
    database.asSuperuser(sql);
    return sql;
  }

  private List<String> migrate() throws SQLException {
    try (var owner = database.as("migrations_owner")) {
      return MIGRATION.stream().map(sql -> answer(owner, sql)).toList();
    }
  }

  @Test
  void aMigrationRunsWhileTheFenceIsSuspendedAndNotWhileItStands() throws SQLException {
    assertThat(migrate())
        .containsExactly("refused 0A000", "refused 2BP01", "refused 0A000", "refused 2BP01");
    suspend();
    assertThat(migrate()).containsOnly("0 rows");
    assertThat(database.check().deviations())
        .extracting(Deviation::kind, Deviation::subject)
        .containsExactly(
            Tuple.tuple("fence-suspended", "shop"), Tuple.tuple("table-missing", "shop.faxes"));
    assertThat(resuming(database))
        .as("the catalogue still lists a table that is gone")
        .isInstanceOf(FencePlan.Impossible.class);
  }

  @Test
  void whatTheMigrationAddsStaysUnseenUntilThePlanIsApplied() throws SQLException {
    suspend();
    database.asSuperuser(
        """
        alter table shop.customers alter column email type varchar(400);
        alter table shop.customers drop column fax;
        alter table shop.customers add column ssn text not null default 'SSN-CANARY';
        alter table shop.customers add column number serial;
        alter table shop.customers rename column note to remark;
        create table shop.cards (id int, tenant_id int, pan text);
        insert into shop.cards values (1, 1, 'CARD-CANARY');
        """);
    resume();
    assertThat(database.check().deviations())
        .extracting(Deviation::kind, Deviation::subject)
        .containsExactly(Tuple.tuple("table-forgotten", "shop.cards"));
    assertThat(database.check().found())
        .filteredOn(found -> found.kind().equals("column-new"))
        .extracting(Deviation::subject)
        .containsExactly("shop.customers.number", "shop.customers.remark", "shop.customers.ssn");
    for (Level level : Level.values()) {
      try (Connection session = database.session("acme", level)) {
        String seen = FencedDatabase.everything(session);
        assertThat(seen)
            .as(level.word())
            .doesNotContain("CANARY", "ssn", "remark", "globex", "222");
        assertThat(seen).contains(level == Level.METADATA ? "customers" : "111");
      }
    }
    try (Connection write = database.session("acme", Level.WRITE)) {
      assertThat(answer(write, "insert into customers (email) values ('new@mail.test')"))
          .as("a default that it may not see")
          .isEqualTo("refused 42501");
      assertThat(answer(write, "update orders set total = 112")).isEqualTo("1 rows");
    }
    database.applyPlan();
    try (Connection read = database.session("acme", Level.READ)) {
      assertThat(FencedDatabase.everything(read)).contains("SSN-CANARY").doesNotContain("CARD");
    }
  }

  @Test
  void sessionsEndAndNoneOpensUntilItIsResumed() throws SQLException {
    var read = database.session("acme", Level.READ);
    var write = database.session("globex", Level.WRITE);
    write.setAutoCommit(false);
    assertThat(answer(write, "update orders set total = 0")).isEqualTo("1 rows");
    suspend();
    assertThat(answer(read, "select 1")).startsWith("refused ");
    assertThat(answer(write, "commit")).startsWith("refused ");
    try (var superuser = database.superuser()) {
      assertThat(answer(superuser, "select count(*) from pg_roles where rolname ~ '^lb_s_'"))
          .isEqualTo("0");
      assertThat(answer(superuser, "select count(*) from lb.binding")).isEqualTo("0");
      assertThat(answer(superuser, "select sum(total) from shop.orders")).isEqualTo("333");
      assertThat(answer(superuser, "select count(*) from pg_namespace where nspname ~ '^lb_'"))
          .isEqualTo("0");
    }
    assertThat(database.role("acme", Level.READ))
        .isInstanceOfSatisfying(
            SessionRoles.OpenResult.NotOpened.class,
            refused -> assertThat(refused.why()).contains("suspended for a migration"));
    assertThat(database.state())
        .isInstanceOfSatisfying(
            ProtectionState.Suspended.class,
            suspended -> assertThat(suspended.since()).matches("20..-..-..T..:..:..Z"));
    resume();
    try (Connection again = database.session("acme", Level.READ)) {
      assertThat(answer(again, "select note from customers")).isEqualTo("acme-note");
      assertThat(answer(again, "select total from orders")).isEqualTo("111");
    }
  }

  /// Somebody holds a role that was made a moment too late: there is nothing to see with it.
  @Test
  void aRoleOfALevelSeesNothingMeanwhile() throws SQLException {
    suspend();
    database.asSuperuser("create role late_test login; grant lb_level_write to late_test");
    try (var late = database.as("late_test")) {
      for (String sql :
          List.of(
              "select * from shop.customers",
              "select * from lb_write.customers",
              "select * from lb_read.customers",
              "select lb.bound()",
              "select lb.t('customers')")) {
        assertThat(answer(late, sql)).as(sql).startsWith("refused ");
      }
    } finally {
      database.asSuperuser("drop role late_test");
    }
  }

  @Test
  void eachWayMayBeGoneTwiceAndIsAllOrNothing() throws SQLException {
    assertThat(suspension()).isEmpty();
    String half =
        FenceSuspension.suspend(database.spec()).replace("commit;", "select 1 / 0; commit;");
    try (var superuser = database.superuser()) {
      assertThat(answer(superuser, half)).isEqualTo("refused 22012");
    }
    assertThat(suspension()).isEmpty();
    assertThat(database.check().deviations()).isEmpty();
    suspend();
    var first = suspension().orElseThrow();
    suspend();
    assertThat(suspension()).hasValue(first);
    assertThat(first.shown()).contains("customers.email", "orders.total");
    String sql = ((FencePlan.Applicable) resuming(database)).sql();
    try (var superuser = database.superuser()) {
      assertThat(answer(superuser, sql.replace("commit;", "select 1 / 0; commit;")))
          .isEqualTo("refused 22012");
    }
    assertThat(suspension()).hasValue(first);
    resume();
    assertThat(database.check().deviations()).isEmpty();
    assertThat(suspension()).isEmpty();
    database.asSuperuser(sql);
    assertThat(database.check().deviations()).isEmpty();
  }

  @Test
  void aPlanThatIsAppliedMeanwhileEndsTheSuspensionAndUndoingTakesItAway() throws SQLException {
    suspend();
    database.applyPlan();
    assertThat(suspension()).isEmpty();
    assertThat(database.check().deviations()).isEmpty();
    suspend();
    database.asSuperuser(FenceUndo.of(database.spec()));
    assertThat(suspension()).isEmpty();
    assertThat(database.check().deviations()).extracting(Deviation::kind).contains("fence-missing");
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
  }

  @Test
  void whereNoFenceStandsThereIsNothingToSuspend() {
    database.asSuperuser(FenceUndo.of(database.spec()));
    try (var superuser = database.superuser()) {
      assertThat(answer(superuser, FenceSuspension.suspend(database.spec())))
          .isEqualTo("refused P0001");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    database.applyPlan();
  }

  @Test
  void whereEachTenantHasASchemaItsNewColumnsStayUnseenToo() throws SQLException {
    String tables =
        "create table %1$s.customers (id int, note text); insert into %1$s.customers values (1, '%1$s-note');";
    String schema =
        "create schema t_acme; create schema t_globex;"
            + tables.formatted("t_acme")
            + tables.formatted("t_globex");
    String yaml =
        YAML.substring(0, YAML.indexOf("    tables:"))
                .replace("suspension_test", "suspended_schemas")
                .replace(
                    "{column: tenant_id, values: {acme: 1, globex: 2}}",
                    "{schema: {acme: t_acme, globex: t_globex}}")
            + "    tables:\n      customers: {}\n";
    try (var own = new FencedDatabase(Helpdesk.server(), schema, yaml, "acme").applyPlan()) {
      own.asSuperuser(FenceSuspension.suspend(own.spec()));
      own.asSuperuser(
          "alter table t_acme.customers add column ssn text default 'CANARY';"
              + " alter table t_acme.customers alter column note type varchar(99)");
      try (var gateway = own.as("lockbox_gateway")) {
        var plan =
            FencePlan.resuming(
                own.spec(),
                DatabaseSchema.read(gateway, own.spec()),
                FenceSuspension.read(gateway).orElseThrow());
        own.asSuperuser(((FencePlan.Applicable) plan).sql());
      }
      assertThat(own.check().deviations()).isEmpty();
      assertThat(FencedDatabase.everything(own.session("acme", Level.READ)))
          .contains("t_acme-note")
          .doesNotContain("CANARY", "globex-note");
    }
  }
}
