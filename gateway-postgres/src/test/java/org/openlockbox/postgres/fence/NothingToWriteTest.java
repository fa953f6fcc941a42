package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;

/// Tables that have no column for a session to insert, to update, or to see: the plan is SQL all
/// the same, and the fence stands.
class NothingToWriteTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create table shop.ticks (id int generated always as identity primary key, tenant_id int not null);
      create table shop.links (tick_id int not null references shop.ticks);
      create table shop.secrets (tenant_id int not null, token text);
      create table shop.codes (code text);
      insert into shop.ticks (tenant_id) values (1), (2), (1);
      insert into shop.links values (1), (2);
      insert into shop.secrets values (1, 'acme'), (2, 'globex');
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: nothing_to_write, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            ticks: {}
            links: {tenant: tick_id in (select id from ticks)}
            secrets: {hide: [tenant_id, token]}
            codes: {shared: true, hide: [code]}
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
  void theFenceStands() {
    assertThat(database.check().deviations()).isEmpty();
    database.applyPlan();
    assertThat(database.check().deviations()).isEmpty();
  }

  @Test
  void whatIsThereIsSeenAndDeleted() throws SQLException {
    try (Connection session = database.session("acme", Level.WRITE)) {
      session.setAutoCommit(false);
      assertThat(answer(session, "select count(*) from ticks")).isEqualTo("2");
      assertThat(answer(session, "select count(*) from secrets")).isEqualTo("1");
      assertThat(answer(session, "select count(*) from codes")).isEqualTo("0");
      assertThat(answer(session, "insert into links values (3)")).isEqualTo("1 rows");
      assertThat(answer(session, "delete from links")).isEqualTo("2 rows");
      assertThat(answer(session, "delete from ticks")).isEqualTo("2 rows");
      session.rollback();
      assertThat(answer(session, "update links set tick_id = 3")).isEqualTo("refused 42501");
    }
    try (Connection session = database.session("globex", Level.METADATA)) {
      assertThat(answer(session, "select string_agg(column_name, ',') from columns"))
          .isEqualTo("id,tenant_id,tick_id");
      assertThat(answer(session, "select own_rows from row_counts where table_name = 'secrets'"))
          .isEqualTo("1");
    }
  }

  @Test
  void aSequenceWhoseNameNeedsQuotesGivesItsDefault() throws SQLException {
    // in HostileNamesTest for every name; here that the check sees what is missing
    database.asSuperuser("create sequence shop.\"Next One\" owned by shop.links.tick_id");
    try {
      assertThat(database.check().deviations()).isEmpty();
      database.asSuperuser(
          "alter table shop.links alter tick_id set default nextval('shop.\"Next One\"')");
      assertThat(database.check().deviations())
          .extracting(Deviation::kind, Deviation::subject)
          .containsExactly(Tuple.tuple("grant-missing", "shop.\"Next One\""));
    } finally {
      database.asSuperuser(
          "alter table shop.links alter tick_id drop default; drop sequence shop.\"Next One\"");
    }
  }
}
