package org.openlockbox.postgres.propose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.catalogue.ReferenceTarget;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.fence.FencedDatabase;
import org.openlockbox.postgres.fence.Helpdesk;

/// Drafts for schemas as an identity server has them: text keys, the tenant in a column that some
/// tables lack and some leave null, children over two steps, links that no key declares.
class CatalogueProposalTest {
  private static final String GATEWAY =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      """;

  private static final String SCHEMA =
      GATEWAY
          + """
          create table realm (id varchar(36) primary key, name varchar(255), smtp_note text);
          create table user_entity (
            id varchar(36) primary key, realm_id varchar(255) not null references realm,
            username varchar(255), email varchar(255), first_name varchar(255), created_timestamp bigint);
          create table credential (
            id varchar(36) primary key, user_id varchar(36) not null references user_entity,
            secret_data text, priority int);
          create table credential_label (
            id varchar(36) primary key, credential_id varchar(36) not null references credential on delete cascade,
            label varchar(30));
          create table keycloak_group (id varchar(36) primary key, realm_id varchar(36) not null, name varchar(255));
          create table user_group_membership (
            user_id varchar(36) not null references user_entity, group_id varchar(36) not null,
            primary key (user_id, group_id));
          create table client (id varchar(36) primary key, realm_id varchar(36) references realm, remark text);
          create table client_scope (id varchar(36) primary key, realm_id varchar(36) not null references realm);
          create table protocol_mapper (
            id varchar(36) primary key, client_id varchar(36) references client,
            client_scope_id varchar(36) references client_scope, protocol varchar(30));
          create table "Resource" (
            "serverId" varchar(36) not null references client, nr int, "displayName" text, primary key ("serverId", nr));
          create table "ResourceUri" (
            id int primary key, "server" varchar(36) not null, nr int not null, uri text,
            foreign key ("server", nr) references "Resource");
          create table workflow_state (id varchar(36) primary key, keycloak_group_id varchar(36) not null, step int);
          create table attachment (id int primary key, owner_type text, owner_id varchar(36), size int);
          create table remark (id int primary key, subject_type text, subject_id varchar(36));
          create table file (path text primary key, size int);
          create table happening (id int primary key, body jsonb);
          create table country (code char(2) primary key, label varchar(40));
          create table group_country (
            id int primary key, realm_id varchar(36) not null, code char(2) not null references country);
          create table lonely (id int primary key, height int);
          create table setting (id int primary key, realm_id varchar(36) not null, odd text, doc jsonb);
          create table databasechangelog (id varchar(255) primary key);
          create view people_view as select * from user_entity;
          create materialized view group_counts as select realm_id, count(*) as groups from keycloak_group group by 1;
          create function touch() returns trigger language plpgsql as 'begin return new; end';
          create trigger touched before update on keycloak_group for each row execute function touch();
          insert into realm select 'canary-realm-' || i, 'canary name ' || i, null from generate_series(1, 3) i;
          insert into user_entity
            select 'canary-user-' || i, 'canary-realm-' || (1 + i % 3), 'canarylogin' || i,
                   'canary' || i || '@canary.example', 'Canary', i
              from generate_series(1, 60) i;
          insert into keycloak_group
            select 'canary-group-' || i, 'canary-realm-' || (1 + i % 3), 'g' || i from generate_series(1, 40) i;
          insert into user_group_membership
            select 'canary-user-' || i, 'canary-group-' || (1 + i % 40) from generate_series(1, 60) i;
          insert into workflow_state
            select 'canary-state-' || i, 'canary-group-' || i, i from generate_series(1, 40) i;
          insert into attachment
            select i, case i % 3 when 0 then 'KeycloakGroup' when 1 then 'UserEntity' else 'Canary' end,
                   'canary-' || case i % 3 when 0 then 'group-' when 1 then 'user-' else 'none-' end || i, i
              from generate_series(1, 30) i;
          insert into file select 'canary-realm-' || (1 + i % 3) || '/f' || i, i from generate_series(1, 30) i;
          insert into happening
            select i, jsonb_build_object('realm_id', 'canary-realm-' || (1 + i % 3)) from generate_series(1, 30) i;
          insert into remark select 1, 'CanaryType', 'canary-user-1';
          insert into country values ('DE', 'Germany'), ('FR', 'France');
          insert into group_country
            select i, 'canary-realm-' || (1 + i % 3), case i % 2 when 0 then 'DE' else 'FR' end
              from generate_series(1, 40) i;
          insert into setting
            select i, 'canary-realm-' || (1 + i % 3), 'sk_live_canary0123456789' || i, '{}' from generate_series(1, 9) i;
          """;

  private static ProposedDatabase database;
  private static String yaml;

  @BeforeAll
  static void draft() {
    database = new ProposedDatabase("proposal", SCHEMA);
    yaml = database.proposed();
  }

  private static Optional<RowScope> scope(String table) {
    return ProposedDatabase.spec(yaml).table(name(table)).map(TableSpec::scope);
  }

  private static TableName name(String table) {
    return new TableName("public", table);
  }

  @Test
  void thePlanTakesTheDraftAsItStands() {
    assertThat(database.planned(yaml)).isInstanceOf(FencePlan.Applicable.class);
  }

  @Test
  void theFenceOfTheReviewedDraftStands() throws Exception {
    String reviewed =
        ProposedDatabase.reviewed(yaml, "acme: canary-realm-1, globex: canary-realm-2")
            .replace("database: proposal", "database: proposal_fenced");
    try (var fenced = new FencedDatabase(Helpdesk.server(), SCHEMA, reviewed, "acme")) {
      var report = fenced.applyPlan().check();
      assertThat(report.stands()).as(report.text()).isTrue();
    }
  }

  @Test
  void theTenantColumnIsChosenAndTheOthersAreNamed() {
    assertThat(yaml)
        .contains("# Chosen as the tenant's: realm_id: 6 tables carry it")
        .contains("column: realm_id")
        .doesNotContain("canary");
  }

  @Test
  void tablesAreReachedOverTwoSteps() {
    assertThat(scope("realm")).contains(new RowScope.ByColumn("id"));
    assertThat(scope("user_entity")).contains(new RowScope.ByColumn("realm_id"));
    assertThat(scope("credential"))
        .contains(new RowScope.ByParent("user_id", name("user_entity"), "id"));
    assertThat(scope("credential_label"))
        .contains(new RowScope.ByParent("credential_id", name("credential"), "id"));
    assertThat(scope("user_group_membership"))
        .contains(new RowScope.ByParent("user_id", name("user_entity"), "id"));
  }

  @Test
  void whatTenantsShareIsSharedAndWhatNothingTiesIsHidden() {
    assertThat(scope("country")).contains(new RowScope.Shared());
    var hidden = ProposedDatabase.spec(yaml).hiddenTables();
    assertThat(hidden).contains(name("lonely"), name("workflow_state"), name("databasechangelog"));
    assertThat(yaml)
        .contains("- databasechangelog  # what changed the schema")
        .containsPattern("- lonely {2}# question [0-9]+")
        .contains("lonely: nothing leads from it to a tenant. Whose are its rows?");
  }

  @Test
  void namesInQuotesKeysOfSeveralColumnsAndAlternativesAreDrafted() {
    assertThat(scope("Resource")).contains(new RowScope.ByParent("serverId", name("client"), "id"));
    assertThat(scope("ResourceUri"))
        .contains(
            new RowScope.ByParent(
                List.of(
                    new RowScope.ByParent.KeyLink("server", "serverId"),
                    new RowScope.ByParent.KeyLink("nr", "nr")),
                name("Resource")));
    assertThat(scope("protocol_mapper"))
        .contains(
            new RowScope.ByParents(
                List.of(
                    new RowScope.ByParent("client_id", name("client"), "id"),
                    new RowScope.ByParent("client_scope_id", name("client_scope"), "id"))));
    var resource = ProposedDatabase.spec(yaml).table(name("Resource")).orElseThrow();
    assertThat(resource.masks()).containsOnlyKeys("displayName");
  }

  @Test
  void rowsOfNobodyAreNamed() {
    assertThat(scope("client")).contains(new RowScope.ByColumn("realm_id"));
    assertThat(yaml).contains("client:  # carries realm_id; rows without it belong to nobody");
  }

  /// A link that no key declares never places a table, and never goes unnamed.
  @Test
  void undeclaredLinksAreAskedAbout() {
    assertThat(yaml)
        .contains(
            "workflow_state: no declared key leads to a tenant, but keycloak_group_id may point to"
                + " public.keycloak_group.id by name and type; all sampled values stand there. Is it"
                + " so?")
        .contains(
            "#      workflow_state: {tenant: \"keycloak_group_id in (select id from"
                + " keycloak_group)\"}");
  }

  /// The names are those of tables: no value leaves the database.
  @Test
  void parentsThatAnotherColumnNamesAreAskedAbout() {
    assertThat(yaml)
        .contains(
            "attachment: owner_type may say of which table owner_id is a key, and sampled values"
                + " fit. Are these all? Rows of other types stay unseen.")
        .contains(
            "#      attachment: {tenant: \"owner_type = 'KeycloakGroup' and owner_id in (select id"
                + " from keycloak_group) or owner_type = 'UserEntity' and owner_id in (select id from"
                + " user_entity)\"}")
        .contains("remark: subject_type may say of which table subject_id is a key, and no sample");
    String answer =
        yaml.lines()
            .filter(line -> line.startsWith("#      attachment: "))
            .findFirst()
            .orElseThrow();
    String drafted =
        yaml.replaceFirst("(?m)^ *- attachment .*\\n", "")
            .replace("    tables:\n", "    tables:\n" + answer.substring(1) + "\n");
    assertThat(ProposedDatabase.spec(drafted).table(name("attachment")).orElseThrow().scope())
        .isInstanceOfSatisfying(
            RowScope.ByParents.class,
            parents ->
                assertThat(parents.alternatives())
                    .extracting(up -> up.only().orElseThrow().value())
                    .containsExactly("KeycloakGroup", "UserEntity"));
    assertThat(database.planned(drafted)).isInstanceOf(FencePlan.Applicable.class);
  }

  @Test
  void aTenantInAPartOfAColumnIsAskedAbout() {
    assertThat(yaml)
        .contains("file: a part of path seems to be the tenant: each sampled value stands in")
        .contains("#      file: {tenant: \"split_part(path, '/', 1)\"}")
        .contains("#      happening: {tenant: \"body ->> 'realm_id'\"}");
  }

  /// A reference only keeps writes inside, so samples suffice for it.
  @Test
  void undeclaredReferencesAreDraftedWhereSampledValuesKeepThem() {
    var membership = ProposedDatabase.spec(yaml).table(name("user_group_membership")).orElseThrow();
    assertThat(membership.references())
        .containsEntry(
            "group_id",
            new ReferenceTarget.KeyColumn(name("keycloak_group"), "id", Optional.empty()));
    assertThat(database.proposed(ProposedDatabase.UNSAMPLED))
        .contains("keycloak_group.id: user_group_membership.group_id may point to it")
        .contains("#      --link user_group_membership.group_id=keycloak_group.id")
        .contains("#      user_group_membership: {references: {group_id: \"keycloak_group.id\"}}");
  }

  /// What a person states places tables and keeps writes in, as a foreign key would.
  @Test
  void aStatedLinkIsTakenAsAForeignKey() {
    var stated =
        new ProposalOptions(
            Optional.empty(),
            Optional.empty(),
            0,
            List.of(
                "workflow_state.keycloak_group_id,user_group_membership.group_id=keycloak_group.id"));
    String draft = database.proposed(stated);
    var state = ProposedDatabase.spec(draft).table(name("workflow_state")).orElseThrow();
    assertThat(state.scope())
        .isEqualTo(new RowScope.ByParent("keycloak_group_id", name("keycloak_group"), "id"));
    var membership = ProposedDatabase.spec(draft).table(name("user_group_membership"));
    assertThat(membership.orElseThrow().references()).containsOnlyKeys("group_id");
    assertThat(draft).contains("leads to keycloak_group, as stated").doesNotContain("--link");
    assertThat(database.planned(draft)).isInstanceOf(FencePlan.Applicable.class);
  }

  @Test
  void aStatedLinkThatLeadsNowhereIsRefused() {
    for (String link : List.of("no_such.id=realm.id", "lonely.id=realm.no_such", "lonely")) {
      var stated = new ProposalOptions(Optional.empty(), Optional.empty(), 0, List.of(link));
      assertThat(database.result(stated, "postgres"))
          .isInstanceOfSatisfying(
              ProposalResult.NotDrafted.class,
              refused -> assertThat(refused.why()).startsWith("--link " + link));
    }
  }

  /// A newer part of a schema may name the tenant otherwise, and declare no keys.
  @Test
  void oneQuestionStandsForAllColumnsThatLookLikeTheTenants() {
    database.asSuperuser(
        """
        create table task (id int primary key, tenant_realm varchar(36) not null, "realmId" varchar(36) not null);
        create table run (id int primary key, "realmId" varchar(36) not null);
        create table run_note (run_id int not null references run, what int);
        """);
    try {
      assertThat(database.proposed())
          .contains(
              "realm.id: run.\"realmId\", task.\"realmId\" may hold the tenant by name and type,"
                  + " and no key declares it. Do they? With them, these have a place as well: run_note.")
          .contains("#      --link 'run.\"realmId\",task.\"realmId\"=realm.id'")
          .contains("#      task: {tenant: \"\\\"realmId\\\"\"}");
      var stated =
          new ProposalOptions(
              Optional.empty(),
              Optional.empty(),
              0,
              List.of("run.\"realmId\",task.\"realmId\"=realm.id"));
      String draft = database.proposed(stated);
      assertThat(ProposedDatabase.spec(draft).table(name("task")).map(TableSpec::scope))
          .contains(new RowScope.ByColumn("realmId"));
      assertThat(ProposedDatabase.spec(draft).table(name("run_note"))).isPresent();
    } finally {
      database.asSuperuser("drop table run_note, run, task");
    }
  }

  /// Tables behind one that has no place wait for its question, and its keys may be another's.
  @Test
  void oneQuestionStandsForAllTablesBehindIt() {
    database.asSuperuser(
        """
        create table resource_server (id varchar(36) primary key, mode int);
        create table server_policy (
          id varchar(36) primary key, server_id varchar(36) not null references resource_server);
        create table policy_setting (policy_id varchar(36) not null references server_policy, setting text);
        insert into client values ('canary-client-1', 'canary-realm-1', null), ('canary-client-2', 'canary-realm-2', null);
        insert into resource_server values ('canary-client-1', 1), ('canary-client-2', 2);
        """);
    try {
      assertThat(database.proposed())
          .containsPattern(
              "- policy_setting {2}# (question [0-9]+)\n(.*\n)*.*- server_policy {2}# \\1\n")
          .contains(
              "resource_server: no declared key leads to a tenant, but id may point to"
                  + " public.client.id by its values; all sampled values stand there. Is it so?"
                  + " With it, 2 tables have a place as well: policy_setting, server_policy.")
          .contains("#      --link resource_server.id=client.id");
      var stated =
          new ProposalOptions(
              Optional.empty(), Optional.empty(), 0, List.of("resource_server.id=client.id"));
      assertThat(ProposedDatabase.spec(database.proposed(stated)).table(name("policy_setting")))
          .isPresent();
    } finally {
      database.asSuperuser(
          "drop table policy_setting, server_policy, resource_server; delete from client");
    }
  }

  /// At level write the check has nothing left to warn about.
  @Test
  void theDraftWithLevelWriteHasNoUndeclaredReference() {
    String writing = yaml.replace("levels: [metadata, masked, read]", "levels: [read, write]");
    assertThat(database.planned(writing))
        .isInstanceOfSatisfying(
            FencePlan.Applicable.class,
            plan ->
                assertThat(plan.remarks())
                    .noneMatch(remark -> remark.kind().equals("reference-undeclared")));
  }

  @Test
  void aLinkWithValuesThatStandNowhereIsNoCandidate() {
    database.asSuperuser("insert into workflow_state values ('x', 'canary-nowhere', 1)");
    try {
      assertThat(database.proposed()).doesNotContain("keycloak_group_id may point to");
    } finally {
      database.asSuperuser("delete from workflow_state where id = 'x'");
    }
  }

  @Test
  void personalDataIsMaskedByNameAndBySample() {
    var users = ProposedDatabase.spec(yaml).table(name("user_entity")).orElseThrow();
    assertThat(users.masks().keySet()).containsExactly("email", "first_name", "username");
    assertThat(yaml).contains("email: email  # name and sample");
    var settings = ProposedDatabase.spec(yaml).table(name("setting")).orElseThrow();
    assertThat(settings.hidden()).containsExactly("odd");
    assertThat(settings.masks().keySet()).containsExactly("doc");
    assertThat(yaml).contains("- odd  # sample: keys, tokens or password hashes");
  }

  @Test
  void viewsTriggersAndSecondSightsAreNamed() {
    assertThat(yaml)
        .contains("views: people_view: they run with their owner's rights")
        .contains("group_counts: it is a materialized view with the column realm_id.")
        .contains("level write: a write to keycloak_group sets off triggers or rules.");
  }

  @Test
  void withoutSamplesOnlyNamesTypesAndKeysCount() {
    String unsampled = database.proposed(ProposedDatabase.UNSAMPLED);
    var spec = ProposedDatabase.spec(unsampled);
    assertThat(spec.table(name("setting")).orElseThrow().hidden()).isEmpty();
    assertThat(spec.hiddenTables()).contains(name("country"));
    assertThat(unsampled)
        .contains("#      country: {shared: true}")
        .contains("by name and type; no value was sampled");
    assertThat(database.planned(unsampled)).isInstanceOf(FencePlan.Applicable.class);
  }

  /// It needs no right but that to connect; what it could not look at is named.
  @Test
  void aRoleThatMayReadNothingGetsADraftByNames() {
    database.asSuperuser("drop role if exists proposal_reader; create role proposal_reader login");
    var draft = database.drafted(ProposedDatabase.SAMPLED, "proposal_reader");
    assertThat(draft.yaml())
        .contains(
            "user_entity: no row of it was sampled, because this role may not read all of its"
                + " rows.");
    assertThat(draft.summary()).containsPattern("[0-9]+ tables not sampled");
    assertThat(database.planned(draft.yaml())).isInstanceOf(FencePlan.Applicable.class);
  }

  @Test
  void aWantedColumnIsTakenAndAMissingOneRefused() {
    var wanted = new ProposalOptions(Optional.of("user_id"), Optional.empty(), 0);
    assertThat(database.proposed(wanted)).contains("column: user_id");
    var missing = new ProposalOptions(Optional.of("no_such"), Optional.empty(), 0);
    assertThat(database.result(missing, "postgres"))
        .isInstanceOfSatisfying(
            ProposalResult.NotDrafted.class,
            refused ->
                assertThat(refused.why()).contains("No table has a column called \"no_such\""));
  }

  @Test
  void aDatabaseOfOneTenantShowsEveryTable() {
    var alone = new ProposalOptions(Optional.empty(), Optional.of(new TenantId("acme")), 1000);
    String drafted = database.proposed(alone);
    assertThat(drafted).contains("database:\n        acme: proposal").contains("lonely: {}");
    assertThat(ProposedDatabase.spec(drafted).tables()).hasSize(20);
    assertThat(database.planned(drafted)).isInstanceOf(FencePlan.Applicable.class);
  }

  @Test
  void twoDraftsAreEqualByteByByte() {
    assertThat(database.proposed()).isEqualTo(yaml);
  }
}
