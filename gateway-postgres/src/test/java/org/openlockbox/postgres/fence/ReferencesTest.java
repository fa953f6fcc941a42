package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Writes through columns that lead to other rows and have no foreign key, as Keycloak's
/// memberships of groups and roles: what the catalogue declares, the database holds inside the
/// tenant, and what nobody declared, the check names.
class ReferencesTest {
  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create table user_entity (
        id varchar(36) primary key, realm_id varchar(255) not null, username varchar(255) not null,
        number int unique);
      create table keycloak_group (
        id varchar(36) primary key, realm_id varchar(36) not null, name varchar(255), parent_group varchar(36),
        top_group varchar(36) not null default ' ');
      create table keycloak_role (id varchar(36) primary key, realm_id varchar(36) not null, name varchar(255));
      create table user_group_membership (
        group_id varchar(36) not null, user_id varchar(36) not null references user_entity,
        membership_type varchar(255) not null, primary key (group_id, user_id));
      create table user_role_mapping (
        role_id varchar(255) not null, user_id varchar(36) not null references user_entity,
        primary key (role_id, user_id));
      create table event_entity (
        id varchar(36) primary key, realm_id varchar(255) not null, user_id varchar(255), external_id text,
        owner_type text, owner_id text, note text, userid text, valid text, number int);
      create table secrets (id varchar(36) primary key, realm_id varchar(36) not null);
      create table lockers (
        id varchar(36) primary key, realm_id varchar(36) not null, secret_id varchar(36) references secrets);
      insert into user_entity values ('ua', 'acme', 'ada'), ('ug', 'globex', 'bob');
      insert into keycloak_group values ('ga', 'acme', 'a', null, ' '), ('ga2', 'acme', 'b', 'ga', 'ga'), ('gg', 'globex', 'c', null, ' ');
      insert into keycloak_role values ('ra', 'acme', 'a'), ('rg', 'globex', 'admin');
      insert into user_group_membership values ('ga', 'ua', 'UNMANAGED'), ('gg', 'ug', 'UNMANAGED');
      """;

  private static final String REFERENCES =
      """
            keycloak_group:
              references: {parent_group: keycloak_group.id, top_group: {key: keycloak_group.id, empty: ' '}}
            user_group_membership:
              tenant: user_id in (select id from user_entity)
              references: {group_id: public.keycloak_group.id}
            user_role_mapping:
              tenant: user_id in (select id from user_entity)
              references: {role_id: keycloak_role.id}
            event_entity: {references: {user_id: user_entity.id, owner_id: none, userid: none}}
            lockers: {references: {secret_id: none}}
      """;

  private static final String YAML =
      """
      resources:
        - id: keycloak
          name: Keycloak
          postgres: {host: 127.0.0.1, port: ${port}, database: references_test, tls: disable, minimumVersion: 18.6}
          tenancy: {column: realm_id, values: {acme: acme, globex: globex}}
          levels: [metadata, masked, read, write]
          hiddenTables: [secrets]
          tables:
            user_entity: {}
            keycloak_role: {}
      """;

  private static FencedDatabase database;
  private static Connection write;

  @BeforeAll
  static void open() {
    database = new FencedDatabase(Helpdesk.server(), SCHEMA, YAML + REFERENCES, "acme").applyPlan();
    write = database.session("acme", Level.WRITE);
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  @Test
  void theFenceStandsAndNothingLooksUndeclared() {
    assertThat(database.check().found())
        .filteredOn(found -> found.kind().startsWith("reference") || found.refusesSessions())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into user_group_membership values ('gg', 'ua', 'UNMANAGED')",
        "insert into user_group_membership select id, 'ua', 'X' from (values ('ga2'), ('gg')) g (id)",
        "insert into user_group_membership values ('ga2', 'ua', 'X'), ('gg', 'ua', 'X')",
        "insert into user_group_membership values ('nothing', 'ua', 'X')",
        "insert into user_group_membership values ('', 'ua', 'X')",
        "insert into user_group_membership values ('GA', 'ua', 'X')",
        "insert into user_group_membership values ('ga ', 'ua', 'X')",
        "insert into user_group_membership values ('gg', 'ua', 'X') on conflict do nothing",
        "insert into user_group_membership values ('ga', 'ua', 'X') on conflict (group_id, user_id) do update set group_id = 'gg'",
        "insert into user_group_membership values ('gg', 'ua', 'X') returning group_id",
        "with gone as (delete from keycloak_group where id = 'ga2' returning 'gg') insert into user_group_membership select *, 'ua', 'X' from gone",
        "update user_group_membership set group_id = 'gg'",
        "update user_group_membership set group_id = (select 'gg') where user_id = 'ua'",
        "merge into user_group_membership m using (values ('gg', 'ua')) v (g, u) on m.user_id = v.u when matched then update set group_id = v.g",
        "merge into user_group_membership m using (values ('gg', 'ua')) v (g, u) on false when not matched then insert values (v.g, v.u, 'X')",
        "insert into user_role_mapping values ('rg', 'ua')",
        "update keycloak_group set parent_group = 'gg' where id = 'ga2'",
        "update keycloak_group set top_group = 'gg' where id = 'ga2'",
        "update keycloak_group set top_group = '' where id = 'ga2'",
        "insert into keycloak_group (id, name, parent_group) values ('new', 'x', 'gg')",
        "insert into event_entity (id, user_id) values ('e', 'ug')"
      })
  void aWriteThatLeadsToNoRowOfTheTenantIsRefused(String sql) throws SQLException {
    String before = state();
    assertThat(answer(write, sql)).isEqualTo("refused 44000");
    assertThat(state()).isEqualTo(before);
  }

  private static String state() throws SQLException {
    try (var superuser = database.superuser()) {
      return answer(
              superuser, "select string_agg(m::text, ' ' order by m) from user_group_membership m")
          + answer(
              superuser, "select string_agg(g::text, ' ' order by g.id) from keycloak_group g");
    }
  }

  @Test
  void whatLeadsToTheTenantsOwnRowsOrToNoneIsWritten() throws SQLException {
    write.setAutoCommit(false);
    try {
      for (String sql :
          new String[] {
            "insert into user_group_membership values ('ga2', 'ua', 'UNMANAGED')",
            "update user_group_membership set membership_type = 'Y'",
            "insert into user_role_mapping values ('ra', 'ua')",
            "update keycloak_group set parent_group = null",
            "update keycloak_group set top_group = 'ga'",
            "update keycloak_group set top_group = ' '",
            "insert into keycloak_group (id) values ('g3')",
            "update keycloak_group set parent_group = 'ga' where id = 'ga2'",
            "insert into event_entity (id, owner_type, owner_id) values ('e', 'group', 'gg')",
            "insert into event_entity (id, user_id) values ('f', 'ua')",
            "delete from user_group_membership"
          }) {
        assertThat(answer(write, sql)).as(sql).doesNotContain("refused");
      }
    } finally {
      write.rollback();
      write.setAutoCommit(true);
    }
  }

  /// The view compares when a row is written, and nothing holds it afterwards: that is what a
  /// foreign key does. A row that then leads elsewhere is not shown at this level, and not changed.
  @Test
  void aReferenceIsComparedWhenItIsWrittenAndNotLater() throws SQLException {
    try (var superuser = database.superuser()) {
      answer(superuser, "insert into keycloak_group values ('gx', 'acme', 'x', null)");
      assertThat(answer(write, "insert into user_group_membership values ('gx', 'ua', 'X')"))
          .isEqualTo("1 rows");
      answer(superuser, "delete from keycloak_group where id = 'gx'");
      answer(superuser, "insert into keycloak_group values ('gx', 'globex', 'x', null)");
      try {
        assertThat(
                answer(write, "select count(*) from user_group_membership where group_id = 'gx'"))
            .isEqualTo("0");
        assertThat(
                answer(
                    write,
                    "update user_group_membership set membership_type = 'Y' where group_id = 'gx'"))
            .isEqualTo("0 rows");
        var read = database.session("acme", Level.READ);
        assertThat(answer(read, "select count(*) from user_group_membership where group_id = 'gx'"))
            .as("own rows are shown at read as they are")
            .isEqualTo("1");
      } finally {
        answer(superuser, "delete from user_group_membership where group_id = 'gx'");
        answer(superuser, "delete from keycloak_group where id = 'gx'");
      }
    }
  }

  @Test
  void undeclaredColumnsThatLookLikeReferencesAreNamedWithTheLineToWrite() throws SQLException {
    String bare =
        REFERENCES
            .replaceAll("keycloak_group:\n +references: .*", "keycloak_group: {}")
            .replaceAll("(?m)^ +references: .*\\n", "")
            .replaceAll("\\{references: .*}}", "{}");
    assertThat(found(spec(YAML + bare)))
        .extracting(Deviation::kind, Deviation::subject, Deviation::fix)
        .containsExactly(
            undeclared("public.keycloak_group", "parent_group", "public.keycloak_group.id"),
            undeclared("public.keycloak_group", "top_group", "public.keycloak_group.id"),
            undeclared("public.user_group_membership", "group_id", "public.keycloak_group.id"),
            undeclared("public.user_role_mapping", "role_id", "public.keycloak_role.id"),
            undeclared("public.event_entity", "user_id", "public.user_entity.id"),
            Tuple.tuple(
                "reference-undeclared",
                "public.event_entity.owner_id",
                "hide owner_id, or, if no row of another tenant can be meant, write under"
                    + " public.event_entity: `references: {owner_id: none}`."),
            undeclared("public.event_entity", "userid", "public.user_entity.id"),
            Tuple.tuple(
                "reference-unlisted",
                "public.lockers.secret_id",
                "list that table, hide secret_id, or, if its rows belong to nobody, write under"
                    + " public.lockers: `references: {secret_id: none}`."));
    assertThat(found(spec(YAML.replace("read, write]", "read]") + bare)))
        .as("where nothing is written, nothing can lead anywhere")
        .isEmpty();
  }

  private static Tuple undeclared(String table, String column, String key) {
    return Tuple.tuple(
        "reference-undeclared",
        table + "." + column,
        "write under %s: `references: {%s: %s}`, or `references: {%s: none}` if it leads nowhere."
            .formatted(table, column, key, column));
  }

  private static List<Deviation> found(ResourceSpec spec) throws SQLException {
    try (var connection = database.superuser()) {
      return ReferenceCheck.of(spec, DatabaseSchema.read(connection, spec));
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          parent-not-unique | public.user_entity.username | {user_id: user_entity.username}
          reference-empty   | public.event_entity.number  | {number: {key: user_entity.number, empty: none}}
          reference-missing | public.user_entity.nobody   | {user_id: user_entity.nobody}
          reference-missing | public.event_entity.people  | {people: user_entity.id}
          reference-missing | public.event_entity.people  | {people: none}
          """)
  void aReferenceThatCannotBeComparedIsRefused(String kind, String subject, String references)
      throws SQLException {
    var spec = spec(YAML + "      event_entity: {references: " + references + "}\n");
    assertThat(database.planned(spec))
        .isInstanceOfSatisfying(
            FencePlan.Impossible.class,
            refused ->
                assertThat(refused.why())
                    .extracting(Deviation::kind, Deviation::subject)
                    .contains(Tuple.tuple(kind, subject)));
  }

  private static ResourceSpec spec(String yaml) {
    return Catalogue.parse("resources.yaml", yaml.replace("${port}", "1")).resources().getFirst();
  }
}
