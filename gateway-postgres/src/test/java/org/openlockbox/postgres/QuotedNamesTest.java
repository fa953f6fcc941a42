package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// A schema as Prisma and TypeORM make it, through a whole gateway: requests, sessions and records
/// name its tables as PostgreSQL writes them.
class QuotedNamesTest {
  private static final String SCHEMA =
      """
      create schema "App";
      create type "App"."Role" as enum ('ADMIN', 'USER');
      create table "App"."Tenant" ("tenantId" text primary key, "displayName" text);
      create table "App"."User" (
        "id" serial primary key, "tenantId" text not null references "App"."Tenant", "eMail" text,
        "role" "App"."Role" not null default 'USER', "createdAt" timestamp(3) not null default current_timestamp);
      create table "App"."user" ("tenantId" text not null, note text);
      create table "App".contact ("tenantId" text not null, mail text);
      insert into "App".contact values ('acme', 'ada@acme.test'), ('globex', 'bob@globex.test');
      insert into "App"."Tenant" values ('acme', 'Acme'), ('globex', 'Globex');
      insert into "App"."User" ("tenantId", "eMail") values ('acme', 'ada@acme.test'), ('globex', 'bob@globex.test');
      insert into "App"."user" values ('acme', 'a'), ('globex', 'g');
      """;

  private static final String YAML =
      """
      resources:
        - id: helpdesk
          name: Helpdesk database
          postgres: {host: 127.0.0.1, port: ${port}, database: quoted_names, tls: disable, minimumVersion: 18.6}
          schema: '"App"'
          tenancy: {column: '"tenantId"', values: {acme: acme, globex: globex}}
          levels: [metadata, masked, read, write]
          unlisted: note
          tables:
            '"Tenant"': {}
            '"User"': {mask: {'"eMail"': email}}
            'user': {}
            contact: {mask: {mail: email}, lookup: [mail]}
      """;

  private static GatewayFixture fixture;

  @BeforeAll
  static void open() throws SQLException {
    try (Connection superuser = superuser("postgres");
        var statement = superuser.createStatement()) {
      statement.execute("drop database if exists quoted_names with (force)");
      statement.execute("create database quoted_names");
    }
    var catalogue =
        Catalogue.parse(
            "resources.yaml",
            YAML.replace("${port}", Integer.toString(GatewayFixture.DATABASE.port())));
    var spec = catalogue.resources().getFirst();
    try (Connection superuser = superuser("quoted_names");
        var statement = superuser.createStatement()) {
      statement.execute(SCHEMA);
      if (!(FencePlan.of(spec, DatabaseSchema.read(superuser, spec))
          instanceof FencePlan.Applicable ready)) {
        throw new AssertionError("no plan");
      }
      statement.execute(ready.sql());
    }
    fixture =
        new GatewayFixture(LiveSessions.SessionLimits.STANDARD, InstantSource.system(), catalogue);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(GatewayFixture.DATABASE.port(), database),
        "postgres",
        "");
  }

  private static Connection guarded(Level level, Tables tables) throws SQLException {
    return fixture.connect(
        fixture.approved(level, Duration.ofMinutes(30), Limits.UNWRITTEN.withTables(tables)));
  }

  private static SqlFacts facts(String text) {
    GatewayFixture.await(() -> statements(text).size() == 1);
    return statements(text).getFirst().sql().orElseThrow();
  }

  private static List<SessionEvent.Operation> statements(String text) {
    return fixture.controlPlane.events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .filter(each -> fixture.controlPlane.text(each).equals(text))
        .toList();
  }

  @Test
  void aGuardedSessionReadsAndWritesThem() throws SQLException {
    try (Connection session = guarded(Level.WRITE, Tables.ALL)) {
      String join =
          "select u.\"eMail\" from \"User\" u join \"Tenant\" t on t.\"tenantId\" = u.\"tenantId\" where t.\"displayName\" is not null";
      assertThat(answer(session, join)).isEqualTo("ada@acme.test");
      assertThat(facts(join).reads()).containsExactly("\"Tenant\"", "\"User\"");
      String insert =
          "insert into \"User\" (\"eMail\", \"role\") values ('new@acme.test', 'ADMIN')";
      assertThat(answer(session, insert)).isEqualTo("1 rows");
      assertThat(facts(insert).writes()).containsExactly("\"User\"");
      assertThat(facts(insert).line()).isEqualTo("writes \"User\"");
      assertThat(answer(session, "select \"role\" from \"User\" where \"id\" > 2"))
          .isEqualTo("ADMIN");
      assertThat(answer(session, "delete from \"User\" where \"id\" > 2")).isEqualTo("1 rows");
    }
    try (Connection session = guarded(Level.MASKED, Tables.ALL)) {
      assertThat(answer(session, "select \"eMail\" from \"User\"")).isEqualTo("a***@***");
      assertThat(answer(session, "select string_agg(note, '') from \"user\"")).isEqualTo("a");
    }
  }

  /// Of the functions that are on no list, those of the catalogue pass, by their names.
  @Test
  void aGuardedSessionLooksForAMaskedValueOnRecord() throws SQLException {
    try (Connection session = guarded(Level.MASKED, Tables.ALL)) {
      String own = "select mail from contact_by_mail('ada@acme.test')";
      assertThat(answer(session, own)).isEqualTo("a***@***");
      assertThat(facts(own).functions().names()).containsExactly("contact_by_mail");
      assertThat(answer(session, "select mail from contact_by_mail('bob@globex.test')"))
          .isEqualTo("no row");
      assertThat(answer(session, "select mail from contact_by_mails('ada@acme.test')"))
          .isEqualTo("refused 42501");
    }
    try (Connection session = guarded(Level.READ, Tables.ALL)) {
      assertThat(answer(session, "select mail from contact_by_mail('ada@acme.test')"))
          .isEqualTo("refused 42501");
    }
  }

  @Test
  void anAccessOfOneTableOpensNoOther() throws SQLException {
    try (Connection session = guarded(Level.READ, Tables.of(List.of("\"User\"")))) {
      assertThat(answer(session, "select count(*) from \"User\"")).isEqualTo("1");
      assertThat(answer(session, "select count(*) from \"user\"")).isEqualTo("refused 42501");
      assertThat(answer(session, "select count(*) from \"Tenant\"")).isEqualTo("refused 42501");
    }
    try (Connection session = guarded(Level.READ, Tables.of(List.of("\"App\".\"Tenant\"")))) {
      assertThat(answer(session, "select count(*) from \"Tenant\"")).isEqualTo("1");
      assertThat(answer(session, "select count(*) from \"User\"")).isEqualTo("refused 42501");
    }
  }

  @Test
  void toolsFindThem() throws SQLException {
    try (Connection session = guarded(Level.READ, Tables.ALL);
        var columns = session.getMetaData().getColumns(null, null, "User", "eMail")) {
      assertThat(columns.next()).isTrue();
      assertThat(columns.getString("TABLE_SCHEM")).isEqualTo("lb_read");
      assertThat(
              answer(
                  session,
                  "select string_agg(table_name, ',' order by table_name) from information_schema.tables"
                      + " where table_schema = 'lb_read'"))
          .isEqualTo("Tenant,User,contact,user");
    }
  }
}
