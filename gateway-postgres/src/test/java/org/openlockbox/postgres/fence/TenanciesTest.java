package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.database.SessionRoles;

/// Two tenants with canaries, told apart by schema, by database, and behind row-level security of
/// the application's own. By column and by parent: [SessionFenceTest].
class TenanciesTest {
  private static final String TABLES =
      """
      create table %1$s.customers (id serial primary key, email text not null, note text);
      create table %1$s.orders (
        id bigint generated always as identity primary key,
        customer_id int not null references %1$s.customers,
        total numeric not null);
      insert into %1$s.customers (email, note) values ('%2$s-canary@mail.test', '%2$s-note');
      insert into %1$s.orders (customer_id, total) values (1, %3$d);
      """;

  private static final String COMMON =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
        if not exists (select from pg_roles where rolname = 'helpdesk_app') then
          create role helpdesk_app login;
        end if;
      end $$;
      create schema shop;
      create table shop.plans (code text primary key, name text not null);
      insert into shop.plans values ('s', 'Small');
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: %s, tls: disable, minimumVersion: 18.6}
          schema: %s
          tenancy: %s
          levels: [metadata, masked, read, write]
          tables:
            customers: {mask: {email: email}, lookup: [email]}
            orders: {}
            shop.plans: {shared: true}
      """;

  private static final String GUARDED =
      COMMON
          + """
          create table shop.customers (
            id serial primary key, tenant_id int not null, email text not null, note text);
          create table shop.orders (
            id bigint generated always as identity primary key,
            customer_id int not null references shop.customers, total numeric not null);
          insert into shop.customers (tenant_id, email, note) values
            (1, 'acme-canary@mail.test', 'acme-note'), (2, 'globex-canary@mail.test', 'globex-note');
          insert into shop.orders (customer_id, total) values (1, 111), (2, 222);
          alter table shop.customers enable row level security;
          alter table shop.customers force row level security;
          alter table shop.orders enable row level security;
          create policy app on shop.customers
            using (tenant_id = current_setting('app.tenant')::int);
          create policy reporting on shop.customers to public using (true);
          create policy app on shop.orders to helpdesk_app using (true);
          grant usage on schema shop to helpdesk_app;
          grant select on all tables in schema shop to helpdesk_app;
          """;

  @Test
  void aSchemaForEachTenant() throws SQLException {
    String schema =
        COMMON
            + "create schema t_acme; create schema t_globex;"
            + TABLES.formatted("t_acme", "acme", 111)
            + TABLES.formatted("t_globex", "globex", 222);
    String yaml = YAML.formatted("by_schema", "shop", "{schema: {acme: t_acme, globex: t_globex}}");
    try (var database = new FencedDatabase(Helpdesk.server(), schema, yaml, "acme")) {
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      seesOnlyItsOwn(database);
      var read = database.session("acme", Level.READ);
      assertThat(answer(read, "select current_schema()")).isEqualTo("lb_read__t_acme");
      assertThat(answer(read, "select count(*) from lb_read__t_globex.customers")).isEqualTo("0");
      assertThat(answer(read, "select * from t_globex.customers")).isEqualTo("refused 42501");
      var masked = database.session("acme", Level.MASKED);
      assertThat(
              answer(
                  masked,
                  "select count(*) from lb_masked__t_globex.customers_by_email('globex-canary@mail.test')"))
          .isEqualTo("0");
      var write = database.session("acme", Level.WRITE);
      assertThat(answer(write, "update lb_write__t_globex.customers set note = 'x'"))
          .isEqualTo("0 rows");
      assertThat(answer(write, "insert into lb_write__t_globex.customers (email) values ('x')"))
          .isEqualTo("refused 42501");
      database.asSuperuser(
          "create schema t_initech;" + TABLES.formatted("t_initech", "initech", 1));
      assertThat(database.check().deviations())
          .extracting(Deviation::kind, Deviation::subject)
          .contains(Tuple.tuple("table-forgotten", "t_initech.orders"));
    }
  }

  @Test
  void aDatabaseForEachTenant() throws SQLException {
    String yaml =
        YAML.formatted("shop", "public", "{database: {acme: shop_acme, globex: shop_globex}}");
    try (var acme =
            new FencedDatabase(
                Helpdesk.server(), COMMON + TABLES.formatted("public", "acme", 111), yaml, "acme");
        var globex =
            new FencedDatabase(
                Helpdesk.server(),
                COMMON + TABLES.formatted("public", "globex", 222),
                yaml,
                "globex")) {
      acme.applyPlan();
      globex.applyPlan();
      assertThat(acme.check().deviations()).isEmpty();
      assertThat(globex.check().deviations()).isEmpty();
      assertThat(acme.spec().address().database()).isEqualTo("shop_acme");
      for (Level level : Level.values()) {
        assertThat(FencedDatabase.everything(acme.session("acme", level)))
            .doesNotContain("globex", "222");
        assertThat(FencedDatabase.catalogs(acme.session("acme", level))).doesNotContain("globex");
      }
      assertThat(acme.role("globex", Level.READ))
          .isInstanceOf(SessionRoles.OpenResult.NotOpened.class);
      try (var superuser = acme.superuser()) {
        assertThat(
                answer(
                    superuser,
                    "select lb.open_session('lb_s_%s', 'SCRAM-SHA-256$4096:%s$%s=:%s=', 'globex', 'read', now() + '1min', 's')"
                        .formatted("0".repeat(32), "A".repeat(24), "A".repeat(43), "A".repeat(43))))
            .as("a gateway that mistakes the tenant")
            .isEqualTo("refused 22023");
      }
      var role = (SessionRoles.OpenResult.RoleReady) acme.role("acme", Level.READ);
      var elsewhere = globex.login(role.role(), "shop_globex");
      assertThat(answer(elsewhere, "select * from lb_read.customers")).isEqualTo("refused 42501");
      elsewhere.close();
      writesItsOwn(acme.session("acme", Level.WRITE));
    }
  }

  @Test
  void anApplicationThatHasRowLevelSecurityItself() throws SQLException {
    String yaml =
        YAML.formatted("by_policy", "shop", "{column: tenant_id, values: {acme: 1, globex: 2}}")
            .replace(
                "orders: {}", "orders: {tenant: \"customer_id in (select id from customers)\"}");
    try (var database = new FencedDatabase(Helpdesk.server(), GUARDED, yaml, "acme")) {
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      seesOnlyItsOwn(database);
      try (var application = database.as("helpdesk_app")) {
        answer(application, "set app.tenant = '2'");
        assertThat(answer(application, "select count(*) from shop.customers")).isEqualTo("3");
        assertThat(answer(application, "select count(*) from shop.orders")).isEqualTo("2");
      }
      theSecondFenceHoldsWhereTheViewIsOpened(database);
      database.asSuperuser("drop policy lb_view_bounds on shop.orders");
      assertThat(database.check().deviations())
          .extracting(Deviation::kind)
          .containsExactly("policy-missing");
      database.applyPlan();
      assertThat(database.check().deviations()).isEmpty();
      database.asSuperuser("alter table shop.plans enable row level security");
      assertThat(database.check().deviations())
          .extracting(Deviation::kind)
          .containsExactly("policy-missing");
      database.asSuperuser(FenceUndo.of(database.spec()));
      try (var superuser = database.superuser()) {
        assertThat(answer(superuser, "select count(*) from pg_policy where polname ~ '^lb_'"))
            .isEqualTo("0");
      }
      database.applyPlan();
    }
  }

  private static void theSecondFenceHoldsWhereTheViewIsOpened(FencedDatabase database) {
    var read = database.session("acme", Level.READ);
    database.asSuperuser(
        "create or replace view lb_read.customers with (security_barrier) as"
            + " select id, tenant_id, email, note from shop.customers");
    assertThat(answer(read, "select string_agg(note, ' ') from customers"))
        .isEqualTo("acme-note seen");
    database.applyPlan();
  }

  private static void seesOnlyItsOwn(FencedDatabase database) throws SQLException {
    for (Level level : Level.values()) {
      String seen = FencedDatabase.everything(database.session("acme", level));
      assertThat(seen).as(level.word()).doesNotContain("globex-", "222");
      assertThat(FencedDatabase.catalogs(database.session("acme", level)))
          .contains("lb_" + level.word())
          .doesNotContain("globex");
      switch (level) {
        case METADATA -> assertThat(seen).doesNotContain("acme-");
        case MASKED -> assertThat(seen).contains("acme-note", "111").doesNotContain("acme-canary");
        case READ, WRITE -> assertThat(seen).contains("acme-note", "acme-canary", "111");
      }
    }
    writesItsOwn(database.session("acme", Level.WRITE));
    var masked = database.session("acme", Level.MASKED);
    String look = "select count(*) from customers_by_email('%s-canary@mail.test')";
    assertThat(answer(masked, look.formatted("acme"))).isEqualTo("1");
    assertThat(answer(masked, look.formatted("globex"))).isEqualTo("0");
  }

  private static void writesItsOwn(Connection write) {
    assertThat(answer(write, "insert into customers (email) values ('new@mail.test') returning id"))
        .doesNotContain("refused");
    assertThat(
            answer(
                write,
                "insert into orders (customer_id, total) select max(id), 5 from customers returning id"))
        .doesNotContain("refused");
    assertThat(answer(write, "update customers set note = 'seen' where email = 'new@mail.test'"))
        .isEqualTo("1 rows");
    assertThat(answer(write, "delete from orders where total = 5")).isEqualTo("1 rows");
    assertThat(answer(write, "insert into plans values ('x', 'y')")).isEqualTo("refused 42501");
  }
}
