package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.postgres.propose.CatalogueProposal;
import org.openlockbox.postgres.propose.CatalogueUpdate;
import org.openlockbox.postgres.propose.ProposalOptions;
import org.openlockbox.postgres.propose.ProposalResult;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.testing.Needed;

/// Keycloak behind the fence, with a realm for each tenant: drafted, reviewed, planned and checked
/// without a change to Keycloak's schema; administered meanwhile; and upgraded by itself, from the
/// last version before 26.
@Tag("long")
class KeycloakFenceTest {
  private static final String OLD = "25.0.6";
  private static final String NEW = "26.7.3";
  private static final List<String> REALMS = List.of("acme", "globex");

  private static final String ROLES =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
        if not exists (select from pg_roles where rolname = 'keycloak') then
          create role keycloak login;
        end if;
      end $$;
      alter database keycloak owner to keycloak;
      alter schema public owner to keycloak;
      """;

  private static final String NO_TABLES =
      """
      resources:
        - id: keycloak
          name: Keycloak
          postgres: {host: 127.0.0.1, port: ${port}, database: keycloak, tls: disable}
          tenancy: {column: realm_id, values: {acme: x}}
          levels: [read]
          tables: {}
      """;

  /// What Keycloak's documents say and its database does not declare (docs/migrations.md).
  private static final List<String> LINKS =
      List.of(
          "authenticator_config_entry.authenticator_id=authenticator_config.id",
          "client_auth_flow_bindings.client_id=client.id",
          "client_auth_flow_bindings.flow_id=authentication_flow.id",
          "client_scope_client.client_id=client.id",
          "client_scope_client.scope_id=client_scope.id",
          "fed_user_consent_cl_scope.user_consent_id=fed_user_consent.id",
          "fed_user_consent_cl_scope.scope_id=client_scope.id",
          "offline_client_session.client_id=client.id",
          "org_domain.org_id=org.id",
          "required_action_config.required_action_id=required_action_provider.id",
          "resource_server.id=client.id",
          "client_session.client_id,fed_user_consent.client_id,user_consent.client_id=client.id",
          "user_consent_client_scope.scope_id=client_scope.id",
          "fed_user_group_membership.group_id,org.group_id=keycloak_group.id",
          "client_session_role.role_id,fed_user_role_mapping.role_id=keycloak_role.id",
          "client_session_prot_mapper.protocol_mapper_id=protocol_mapper.id",
          "broker_link.user_id,fed_user_attribute.user_id,fed_user_consent.user_id,"
              + "fed_user_credential.user_id,fed_user_group_membership.user_id,"
              + "fed_user_required_action.user_id,fed_user_role_mapping.user_id,"
              + "user_session.user_id=user_entity.id");

  private static final String SHAPE =
      """
      select string_agg(line, e'\\n' order by line) from (
        select attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull as line
          from pg_attribute where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) and attnum > 0
        union all
        select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
          from pg_constraint where connamespace = 'public'::regnamespace
        union all
        select pg_get_indexdef(indexrelid) from pg_index where indrelid in
          (select oid from pg_class where relnamespace = 'public'::regnamespace)
        union all
        select tgrelid::regclass || ' ' || tgname from pg_trigger where not tgisinternal) x
      """;

  private static final String IDS =
      """
      with r as (select id from realm where name = '${realm}'),
      x as (select id from user_entity where realm_id in (select id from r)
        union select id from client where realm_id in (select id from r)
        union select id from keycloak_role where realm_id in (select id from r)
        union select id from keycloak_group where realm_id in (select id from r)
        union select id from client_scope where realm_id in (select id from r)
        union select id from component where realm_id in (select id from r)
        union select id from authentication_flow where realm_id in (select id from r)
        union select id from event_entity where realm_id in (select id from r)
        union select id from r)
      select string_agg(id, '|') from x
      """;

  private FencedDatabase bare =
      new FencedDatabase(Helpdesk.server(), "select 1", NO_TABLES, "acme");
  private FencedDatabase fenced = bare;

  @BeforeEach
  void hasBothVersions() {
    Needed.isHere(
        KeycloakProcess.isHere(OLD) && KeycloakProcess.isHere(NEW), "Keycloak 25.0.6 and 26.7.3");
    bare.asSuperuser(ROLES);
  }

  @AfterEach
  void close() throws SQLException {
    if (!fenced.equals(bare)) {
      fenced.close();
    }
    bare.close();
  }

  private static String url() {
    return "jdbc:postgresql://127.0.0.1:" + Helpdesk.server() + "/keycloak";
  }

  private String asked(String sql) throws SQLException {
    try (var superuser = bare.superuser()) {
      return answer(superuser, sql);
    }
  }

  @Test
  void realmsStayApartWhileKeycloakWorksAndUpgradesItself() throws Exception {
    String reviewed;
    try (var keycloak = KeycloakProcess.start(OLD, url())) {
      keycloak.administer("fill", REALMS);
      String shape = asked(SHAPE);
      reviewed = reviewed(proposed());
      fence(reviewed);
      assertThat(asked(SHAPE)).as("Keycloak's schema").isEqualTo(shape);
      staysApart();
      keycloak.administer("work", REALMS);
      staysApart();
    }

    assertThat(KeycloakProcess.endsByItself(NEW, url()))
        .as("the new version while the fence stands")
        .contains("because other objects depend on it");
    staysApart();

    fenced.asSuperuser(FenceSuspension.suspend(fenced.spec()));
    try (var keycloak = KeycloakProcess.start(NEW, url())) {
      String merged = withoutWhatIsGone(updated(reviewed));
      resume(merged);
      staysApart();
      keycloak.administer("work", REALMS);
      staysApart();
      fence(merged);
      staysApart();
    }
  }

  private String proposed() throws SQLException {
    var options = new ProposalOptions(Optional.empty(), Optional.empty(), 1000, LINKS);
    try (var superuser = bare.superuser()) {
      return drafted(
          CatalogueProposal.of(
              superuser, new ResourceId("keycloak"), bare.spec().address(), options));
    }
  }

  private String updated(String yaml) throws SQLException {
    var options = new ProposalOptions(Optional.empty(), Optional.empty(), 1000);
    try (var superuser = bare.superuser()) {
      return drafted(CatalogueUpdate.of(superuser, fenced.spec(), yaml, options));
    }
  }

  private static String drafted(ProposalResult result) {
    return switch (result) {
      case ProposalResult.Drafted done -> done.yaml();
      case ProposalResult.NotDrafted refused -> throw new AssertionError(refused.why());
    };
  }

  /// What a person adds: whose realm is whose, all levels, and that names and kinds of settings may
  /// be shown.
  private String reviewed(String draft) throws SQLException {
    assertThat(draft).contains("column: realm_id");
    String values =
        asked(
            "select string_agg(name || ': ' || id, ', ') from realm where name in ('acme', 'globex')");
    return draft
        .replace("values: {}", "values: {" + values + "}")
        .replace("tls: disable", "tls: disable\n      minimumVersion: 18.6")
        .replace(
            "levels: [metadata, masked, read]",
            "levels: [metadata, masked, read, write]\n    unmasked: [name, value]");
  }

  /// Tables and references of the catalogue that the new version dropped, taken out as a person
  /// would.
  private String withoutWhatIsGone(String yaml) throws SQLException {
    String there =
        "|"
            + asked(
                "select string_agg(relname, '|') from pg_class where relnamespace = 'public'::regnamespace")
            + "|";
    var kept = new StringBuilder();
    boolean keep = true;
    for (String line : yaml.split("\n", -1)) {
      var table = Pattern.compile(" {6}(\\w+):.*").matcher(line);
      var hidden = Pattern.compile(" {6}- (\\w+)\\b.*").matcher(line);
      if (table.matches() && yaml.indexOf("    tables:") < yaml.indexOf(line)) {
        keep = there.contains("|" + table.group(1) + "|");
      } else if (hidden.matches()) {
        keep = there.contains("|" + hidden.group(1) + "|");
      } else if (!line.startsWith("       ")) {
        keep = true;
      }
      if (keep) {
        kept.append(line).append('\n');
      }
    }
    return kept.toString();
  }

  private void fence(String yaml) throws SQLException {
    over(yaml);
    fenced.applyPlan();
    var report = fenced.check();
    assertThat(report.stands()).as(report.text()).isTrue();
  }

  private void over(String yaml) throws SQLException {
    if (!fenced.equals(bare)) {
      fenced.close();
    }
    fenced = FencedDatabase.over(Helpdesk.server(), yaml);
  }

  private void resume(String yaml) throws SQLException {
    over(yaml);
    try (var gateway = fenced.as("lockbox_gateway")) {
      var suspension = FenceSuspension.read(gateway).orElseThrow();
      var plan =
          FencePlan.resuming(
              fenced.spec(), DatabaseSchema.read(gateway, fenced.spec()), suspension);
      assertThat(plan).isInstanceOf(FencePlan.Applicable.class);
      fenced.asSuperuser(((FencePlan.Applicable) plan).sql());
    }
    var report = fenced.check();
    assertThat(report.stands()).as(report.text()).isTrue();
  }

  /// All views of all levels, for both realms: each has its own canaries, and no word and no key of
  /// the other; and none is written across.
  private void staysApart() throws SQLException {
    for (String realm : REALMS) {
      String other = realm.equals("acme") ? "globex" : "acme";
      var foreign = Pattern.compile(asked(IDS.replace("${realm}", other)));
      for (Level level : Level.values()) {
        try (var session = fenced.session(realm, level)) {
          String seen = FencedDatabase.everything(session);
          String what = realm + " at " + level.word();
          assertThat(seen).as(what).doesNotContain("refused", other + "canary");
          assertThat(foreign.matcher(seen).results().map(found -> found.group()).toList())
              .as("keys of %s, seen by %s", other, what)
              .isEmpty();
          switch (level) {
            case METADATA -> assertThat(seen).as(what).doesNotContain("canary");
            case MASKED ->
                assertThat(seen).as(what).contains(realm + "canary").doesNotContain("@example.org");
            case READ -> assertThat(seen).as(what).contains(realm + "canary-user3@example.org");
            case WRITE -> writesNothingAcross(session, other);
          }
        }
      }
    }
  }

  private void writesNothingAcross(Connection session, String other) throws SQLException {
    String group =
        asked(
            "select min(g.id) from keycloak_group g join realm r on r.id = g.realm_id where r.name = '%s'"
                .formatted(other));
    String hasType =
        "select count(*) from pg_attribute where attname = 'membership_type' and attrelid = '%s.user_group_membership'::regclass";
    boolean shown = asked(hasType.formatted("lb_write")).equals("1");
    boolean there = asked(hasType.formatted("public")).equals("1");
    assertThat(
            answer(
                session,
                "insert into user_group_membership (group_id, user_id%s) select '%s', min(id)%s from user_entity"
                    .formatted(
                        shown ? ", membership_type" : "", group, shown ? ", 'UNMANAGED'" : "")))
        .as("a member of another realm's group; without its new column no member at all")
        .isEqualTo(there && !shown ? "refused 23502" : "refused 44000");
    assertThat(answer(session, "update user_entity set last_name = last_name")).endsWith(" rows");
  }
}
