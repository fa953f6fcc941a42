package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// Rows whose parent stands in a table that another column names, as Rails and Django keep them.
/// The same number is a key of acme's in one table and of globex's in the other: whoever looks into
/// the wrong one shows a foreign row.
class DiscriminatorsTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create schema shop;
      create type shop."Kind" as enum ('People', 'It''s a note');
      create table shop.people (id bigint primary key, tenant_id int);
      create table shop.notes (id bigint primary key, person_id bigint);
      create table shop.attachments (id serial primary key, owner_type text, owner_id bigint, note text);
      create table shop.marks (kind shop."Kind", at bigint, number int, note text);
      create table shop.lines (attachment_id int not null, note text);
      create table shop.persons_only (owner_type varchar(20), owner_id bigint, note text);
      insert into shop.people values (1, 1), (2, 2), (3, null);
      insert into shop.notes values (2, 1), (1, 2), (9, 3);
      insert into shop.attachments (owner_type, owner_id, note) values
        ('Person', 1, 'acme'), ('Note', 2, 'acme'), ('Person', 2, 'globex'), ('Note', 1, 'globex'),
        ('Person', 3, 'nobody'), ('Note', 9, 'nobody'), ('Other', 1, 'nobody'), (null, 1, 'nobody'), ('Person', null, 'nobody'),
        ('person', 1, 'nobody'), ('Person ', 1, 'nobody'), ('', 1, 'nobody'), ('Person', 7, 'nobody');
      insert into shop.marks values
        ('People', 1, null, 'acme'), ('It''s a note', 2, null, 'acme'), ('People', 2, null, 'globex'), ('It''s a note', 1, null, 'globex'),
        ('People', 1, 1, 'acme'), ('People', 1, 2, 'nobody'), (null, null, 1, 'acme'), (null, 2, 1, 'acme'), (null, 1, null, 'nobody');
      insert into shop.lines select id, note from shop.attachments;
      insert into shop.persons_only select owner_type, owner_id, case when owner_type = 'Person' then note else 'nobody' end
        from shop.attachments;
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: discriminators, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          filter: ${filter}
          tables:
            people: {}
            notes: {tenant: person_id in (select id from people)}
            attachments:
              tenant: >-
                owner_type = 'Person' and owner_id in (select id from people)
                or owner_type = 'Note' and owner_id in (select id from notes)
            lines: {tenant: attachment_id in (select id from attachments)}
            marks:
              tenant: >-
                kind = 'People' and at in (select id from people)
                or kind = 'It''s a note' and at in (select id from notes)
                or number in (select id from people)
            persons_only: {tenant: owner_type = 'Person' and owner_id in (select id from people)}
      """;

  private static final List<String> TABLES =
      List.of("attachments", "lines", "marks", "persons_only");

  private static FencedDatabase open(ResourceSpec.Filter filter) {
    return new FencedDatabase(
            Helpdesk.server(), SCHEMA, YAML.replace("${filter}", filter.word()), "acme")
        .applyPlan();
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void aRowBelongsToTheParentThatItsTypeNames(ResourceSpec.Filter filter) throws SQLException {
    try (var database = open(filter)) {
      assertThat(database.check().deviations()).isEmpty();
      for (String tenant : List.of("acme", "globex")) {
        for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
          try (Connection session = database.session(tenant, level)) {
            for (String table : TABLES) {
              assertThat(answer(session, "select string_agg(distinct note, ',') from " + table))
                  .as("%s at %s: %s", tenant, level, table)
                  .isEqualTo(tenant);
            }
            assertThat(answer(session, "select count(*) from attachments")).isEqualTo("2");
            assertThat(answer(session, "select count(*) from marks"))
                .isEqualTo(tenant.equals("acme") ? "5" : "2");
            assertThat(answer(session, "select count(*) from persons_only")).isEqualTo("1");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ResourceSpec.Filter.class,
      names = {"POLICIES", "VIEWS"})
  void noWriteGivesARowAParentOfAnotherTenant(ResourceSpec.Filter filter) throws SQLException {
    try (var database = open(filter)) {
      try (Connection session = database.session("acme", Level.WRITE)) {
        session.setAutoCommit(false);
        String into = "insert into attachments (owner_type, owner_id) values ";
        for (String inside : List.of("('Person', 1)", "('Note', 2)")) {
          assertThat(answer(session, into + inside)).as(inside).isEqualTo("1 rows");
          session.rollback();
        }
        for (String outside :
            List.of(
                "('Person', 2)",
                "('Note', 1)",
                "('Other', 1)",
                "(null, 1)",
                "('Person', null)",
                "('person', 1)")) {
          assertThat(answer(session, into + outside))
              .as(outside)
              .isIn("refused 42501", "refused 44000");
          session.rollback();
        }
        for (String change :
            List.of(
                "update attachments set owner_type = 'Note'",
                "update attachments set owner_id = 2",
                "update marks set kind = null",
                "update persons_only set owner_type = 'Other'")) {
          assertThat(answer(session, change)).as(change).isEqualTo("refused 42501");
          session.rollback();
        }
        assertThat(answer(session, "update attachments set note = 'x'")).isEqualTo("2 rows");
        assertThat(answer(session, "delete from lines")).isEqualTo("2 rows");
        session.rollback();
      }
    }
  }

  @Test
  void aTypeThatCannotBeComparedSafelyGetsNoPlan() {
    assertThat(refused("kind = 'Nobody' and at in (select id from people)", "marks"))
        .containsExactly("link-value");
    assertThat(refused("note = 'x' and at in (select id from people)", "marks")).isEmpty();
    assertThat(refused("nothing = 'x' and at in (select id from people)", "marks"))
        .containsExactly("tenant-column-missing");
    assertThat(refused("owner_id = 'x' and owner_id in (select id from people)", "attachments"))
        .containsExactly("link-value");
  }

  private static List<String> refused(String tenant, String table) {
    String yaml =
        """
        resources:
          - id: shop
            name: Shop
            postgres: {host: 127.0.0.1, port: ${port}, database: discriminators_refused, tls: disable, minimumVersion: 18.6}
            schema: shop
            tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
            levels: [read]
            unlisted: note
            tables:
              people: {}
              ${table}: {tenant: "${tenant}"}
        """
            .replace("${tenant}", tenant)
            .replace("${table}", table);
    try (var other = new FencedDatabase(Helpdesk.server(), SCHEMA, yaml, "acme")) {
      return other.obstacles();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
