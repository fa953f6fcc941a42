package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ServerVersion;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Every way in which a fence can drift is planted, must be named, and must be gone after the
/// repair.
class FenceCheckTest {
  private static final Helpdesk HELPDESK = guarded();

  /// The demo's helpdesk with row-level security on one table, so that its fence has policies.
  private static Helpdesk guarded() {
    var helpdesk = Helpdesk.bare("check_test");
    helpdesk.asSuperuser("alter table helpdesk.invoices enable row level security");
    helpdesk.applyPlan();
    return helpdesk;
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          table-forgotten       | helpdesk.payroll           | create table helpdesk.payroll (id int)                        | drop table helpdesk.payroll
          table-forgotten       | helpdesk."Odd Name"        | create table helpdesk."Odd Name" (id int)                     | drop table helpdesk."Odd Name"
          table-missing         | helpdesk.plans             | alter table helpdesk.plans rename to tariffs                  | alter table helpdesk.tariffs rename to plans
          tenant-column-missing | helpdesk.articles.tenant_id | alter table helpdesk.articles rename tenant_id to owner_id   | alter table helpdesk.articles rename owner_id to tenant_id
          column-missing        | helpdesk.customers.email   | alter table helpdesk.customers rename email to mail           | alter table helpdesk.customers rename mail to email
          parent-not-unique     | helpdesk.invoices.id       | alter table helpdesk.invoices drop constraint invoices_pkey cascade; create index invoices_plain on helpdesk.invoices (id) | drop index helpdesk.invoices_plain; alter table helpdesk.invoices add constraint invoices_pkey primary key (id); alter table helpdesk.invoice_lines add foreign key (invoice_id) references helpdesk.invoices on delete cascade
          mask-leaks            | helpdesk.agents.label      | alter table helpdesk.agents add column label text generated always as (lower(email)) stored | alter table helpdesk.agents drop column label
          grant-too-much        | lb_level_read              | grant select on helpdesk.customers to lb_level_read           | revoke all on helpdesk.customers from lb_level_read
          grant-too-much        | lb_level_masked            | grant select (email) on helpdesk.customers to lb_level_masked | revoke all (email) on helpdesk.customers from lb_level_masked
          grant-too-much        | lb_level_masked            | grant usage on schema helpdesk to lb_level_masked             | revoke usage on schema helpdesk from lb_level_masked
          grant-too-much        | lb_level_write             | grant usage on sequence helpdesk.tickets_id_seq to lb_level_write | revoke all on sequence helpdesk.tickets_id_seq from lb_level_write
          grant-too-much        | lb_level_read              | grant execute on function helpdesk.find_customer(text) to lb_level_read | revoke all on function helpdesk.find_customer(text) from lb_level_read
          grant-too-much        | helpdesk.api_tokens        | grant select on helpdesk.api_tokens to lb_view                | revoke all on helpdesk.api_tokens from lb_view
          grant-too-much        | helpdesk.agents            | grant select (password_hash) on helpdesk.agents to lb_view    | revoke select (password_hash) on helpdesk.agents from lb_view
          grant-too-much        | helpdesk.tickets           | grant truncate on helpdesk.tickets to lb_view                 | revoke truncate on helpdesk.tickets from lb_view
          grant-too-much        | lb_level_read              | grant temporary on database check_test to lb_level_read       | revoke temporary on database check_test from lb_level_read
          grant-missing         | helpdesk.plans             | revoke select (name) on helpdesk.plans from lb_view           | grant select (name) on helpdesk.plans to lb_view
          view-changed          | lb_read.plans              | create or replace view lb_read.plans as select code, name, seats, monthly_price from helpdesk.plans | PLAN
          view-changed          | lb_read.customers          | alter view lb_read.customers set (security_barrier = false)   | PLAN
          view-changed          | lb_read.customers          | alter view lb_read.customers owner to helpdesk_owner          | PLAN
          view-changed          | lb_read.customers          | grant update on lb_read.customers to lb_level_read            | PLAN
          view-changed          | lb_write.articles          | alter view lb_write.articles alter column title set default 'x' | PLAN
          view-changed          | lb_masked.customers        | create or replace rule r as on insert to lb_masked.customers do instead nothing | PLAN
          view-missing          | lb_masked.plans            | drop view lb_masked.plans                                     | PLAN
          view-unexpected       | lb_read.secrets            | create view lb_read.secrets as select * from helpdesk.api_tokens | PLAN
          view-changed          | lb.binding                 | grant insert on lb.binding to lockbox_gateway                 | PLAN
          function-changed      | lb.t(view_name text)       | alter function lb.t(text) security invoker                    | PLAN
          function-changed      | lb.close_session(role text) | grant execute on function lb.close_session(text) to public   | PLAN
          function-unexpected   | lb.extra()                 | create function lb.extra() returns int language sql as 'select 1' | drop function lb.extra()
          schema-changed        | lb                         | grant usage on schema lb to lb_level_read                     | revoke usage on schema lb from lb_level_read
          role-attribute        | lb_view                    | alter role lb_view bypassrls                                  | alter role lb_view nobypassrls
          role-attribute        | lb_level_read              | alter role lb_level_read login                                | alter role lb_level_read nologin
          role-attribute        | lockbox_gateway            | alter role lockbox_gateway superuser                          | alter role lockbox_gateway nosuperuser
          role-reaches          | lb_level_read              | grant pg_read_all_data to lb_level_read                       | revoke pg_read_all_data from lb_level_read
          role-reaches          | lb_view                    | grant helpdesk_owner to lb_view                               | revoke helpdesk_owner from lb_view
          role-reaches          | lockbox_gateway            | grant pg_signal_backend to lockbox_gateway                    | revoke pg_signal_backend from lockbox_gateway
          role-member           | lb_level_write             | grant lb_level_write to helpdesk_app                          | revoke lb_level_write from helpdesk_app
          role-member           | lb_view                    | grant lb_view to helpdesk_app                                 | revoke lb_view from helpdesk_app
          role-setting          | lb_level_read              | alter role lb_level_read set search_path = helpdesk           | alter role lb_level_read reset all
          public-right          | helpdesk.find_customer(text) | grant execute on function helpdesk.find_customer(text) to public | revoke execute on function helpdesk.find_customer(text) from public
          public-right          | pg_catalog.pg_roles        | grant select on pg_catalog.pg_roles to public                 | revoke select on pg_catalog.pg_roles from public
          public-right          | pg_catalog.pg_class        | grant select (reltuples) on pg_catalog.pg_class to public     | revoke select (reltuples) on pg_catalog.pg_class from public
          public-right          | pg_get_viewdef(oid)        | grant execute on function pg_get_viewdef(oid) to public       | revoke execute on function pg_get_viewdef(oid) from public
          catalog-changed       | pg_class                   | grant select on pg_catalog.pg_class to lb_level_read          | PLAN
          catalog-unexpected    | pg_authid                  | grant select on pg_catalog.pg_authid to lb_level_masked       | revoke select on pg_catalog.pg_authid from lb_level_masked
          catalog-changed       | pg_database                | grant select on pg_catalog.pg_database to lb_view             | PLAN
          function-changed      | lb_catalog.pg_get_viewdef(oid) | create or replace function lb_catalog.pg_get_viewdef(oid) returns text language sql return 'x' | PLAN
          role-reaches          | lb_level_read              | grant lb_catalog to lb_level_read                             | revoke lb_catalog from lb_level_read
          public-right          | lo_create(oid)             | grant execute on function lo_create(oid) to public            | revoke execute on function lo_create(oid) from public
          public-right          | check_test                 | grant temporary on database check_test to public              | revoke temporary on database check_test from public
          public-right          | plpgsql                    | grant usage on language plpgsql to public                     | revoke usage on language plpgsql from public
          public-right          | public                     | grant usage on schema public to public                        | revoke usage on schema public from public
          public-right          | helpdesk.plans             | grant select on helpdesk.plans to public                      | revoke select on helpdesk.plans from public
          function-missing      | lb.next(sequence text)     | drop function lb.next(text)                                   | PLAN
          schema-missing        | lb_metadata                | drop schema lb_metadata cascade                               | PLAN
          schema-unexpected     | lb_read__initech           | create schema lb_read__initech                                | drop schema lb_read__initech
          catalog-missing       | pg_class                   | revoke all on pg_catalog.pg_class from lb_view, lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write | PLAN
          policy-missing        | helpdesk.invoices lb_view_bounds | drop policy lb_view_bounds on helpdesk.invoices         | PLAN
          tenant-exposed        | helpdesk.customers         | create rule kept as on update to helpdesk.customers do also insert into helpdesk.schema_migrations values ('x') | drop rule kept on helpdesk.customers
          policy-changed        | helpdesk.articles lb_view_bounds | alter table helpdesk.articles disable row level security | alter table helpdesk.articles enable row level security
          policy-missing        | helpdesk.articles lb_view_everybody | drop policy lb_view_everybody on helpdesk.articles   | PLAN
          row-security-own      | helpdesk.articles          | create policy own on helpdesk.articles using (true)           | drop policy own on helpdesk.articles
          policy-changed        | helpdesk.invoices lb_view_bounds | alter policy lb_view_bounds on helpdesk.invoices using (true) | PLAN
          policy-changed        | helpdesk.invoices lb_view_reaches | alter policy lb_view_reaches on helpdesk.invoices to public | PLAN
          policy-unexpected     | helpdesk.invoices lb_view_more | create policy lb_view_more on helpdesk.invoices using (true) | drop policy lb_view_more on helpdesk.invoices
          role-missing          | lb_level_metadata          | alter role lb_level_metadata rename to helpdesk_metadata      | alter role helpdesk_metadata rename to lb_level_metadata
          session-levels        | lb_s_0123456789abcdef0123456789abcdef | `select lb.open_session('lb_s_0123456789abcdef0123456789abcdef', 'SCRAM-SHA-256$4096:' || repeat('A', 24) || '$' || repeat('A', 43) || '=:' || repeat('A', 43) || '=', '1', 'masked', now() + '5min', 's'); grant lb_level_read to lb_s_0123456789abcdef0123456789abcdef` | select lb.close_session('lb_s_0123456789abcdef0123456789abcdef')
          extension-unlisted    | dblink                     | create extension dblink                                       | drop extension dblink
          extension-unlisted    | postgres_fdw               | create extension postgres_fdw                                 | drop extension postgres_fdw
          extension-unlisted    | file_fdw                   | create extension file_fdw schema helpdesk                     | drop extension file_fdw
          extension-unlisted    | pg_stat_statements         | create extension pg_stat_statements                           | drop extension pg_stat_statements
          extension-unlisted    | pgcrypto                   | create extension pgcrypto                                     | drop extension pgcrypto
          public-right          | levenshtein(text,text)     | create extension fuzzystrmatch schema pg_catalog              | drop extension fuzzystrmatch
          public-right          | public.dblink_connect(text)       | create extension dblink                                       | drop extension dblink
          fence-outdated        | helpdesk                   | update lb.fence set catalogue_digest = 'older'                | PLAN
          """)
  void namesWhatWasPlanted(String kind, String subject, String plant, String repair) {
    assertThat(HELPDESK.check().deviations()).as("before").isEmpty();
    HELPDESK.asSuperuser(plant);
    try {
      assertThat(HELPDESK.check().deviations())
          .anySatisfy(
              deviation -> {
                assertThat(deviation.kind()).isEqualTo(kind);
                assertThat(deviation.subject()).isEqualTo(subject);
                assertThat(deviation.sentence()).endsWith(".").contains(" ");
                assertThat(deviation.fix()).isNotEmpty();
              });
    } finally {
      if (repair.equals("PLAN")) {
        HELPDESK.applyPlan();
      } else {
        HELPDESK.asSuperuser(repair);
      }
    }
    assertThat(HELPDESK.check().deviations()).as("after the repair").isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          not-a-table           | helpdesk.open_tickets      | open_tickets: {}         | select                                                   | select
          not-a-table           | helpdesk.ticket_events_2026_q1 | ticket_events_2026_q1: {} | select                                              | select
          not-a-table           | helpdesk.orders            | orders: {}               | create foreign data wrapper w; create server s foreign data wrapper w; create foreign table helpdesk.orders (tenant_id int not null) server s | drop foreign data wrapper w cascade
          tenant-value          | helpdesk.visits.tenant_id  | visits: {}               | create type helpdesk.side as enum ('a', 'b'); create table helpdesk.visits (tenant_id helpdesk.side not null) | drop table helpdesk.visits; drop type helpdesk.side
          tenant-collation      | helpdesk.visits.tenant_id  | visits: {}               | create collation helpdesk.alike (provider = icu, locale = 'und-u-ks-level1', deterministic = false); create table helpdesk.visits (tenant_id text collate helpdesk.alike not null) | drop table helpdesk.visits; drop collation helpdesk.alike
          tenant-column-missing | helpdesk.tickets.code      | visits: {tenant: "ticket in (select code from tickets)"} | create table helpdesk.visits (ticket int not null) | drop table helpdesk.visits
          parent-not-unique     | helpdesk.agents.email      | visits: {tenant: "agent in (select email from agents)"} | create table helpdesk.visits (agent text not null) | drop table helpdesk.visits
          mask-type             | helpdesk.visits.at         | visits: {mask: {at: last4}} | create table helpdesk.visits (tenant_id int not null, at date) | drop table helpdesk.visits
          """)
  void noPlanIsWrittenForATableThatCannotBeFenced(
      String kind, String subject, String entry, String plant, String repair) throws SQLException {
    String yaml = HELPDESK.yaml().replace("    tables:\n", "    tables:\n      " + entry + "\n");
    var wanted = Catalogue.parse("resources.yaml", yaml).resources().getFirst();
    HELPDESK.asSuperuser(plant);
    try (var superuser = HELPDESK.superuser()) {
      assertThat(HELPDESK.check(wanted).deviations())
          .filteredOn(Deviation::endsSessions)
          .extracting(Deviation::kind, Deviation::subject)
          .contains(Tuple.tuple(kind, subject));
      assertThat(FencePlan.of(wanted, DatabaseSchema.read(superuser, wanted)))
          .isInstanceOfSatisfying(
              FencePlan.Impossible.class,
              refused ->
                  assertThat(refused.why())
                      .extracting(Deviation::kind, Deviation::subject)
                      .containsExactly(Tuple.tuple(kind, subject)));
    } finally {
      HELPDESK.asSuperuser(repair);
    }
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          column-new            | helpdesk.plans.terms       | column helpdesk.plans.terms is newer | alter table helpdesk.plans add column terms text | alter table helpdesk.plans drop column terms
          tenant-nullable       | helpdesk.articles.tenant_id | no session sees them | alter table helpdesk.articles alter tenant_id drop not null  | alter table helpdesk.articles alter tenant_id set not null
          tenant-nullable       | helpdesk.invoice_lines.invoice_id | no session sees them | alter table helpdesk.invoice_lines alter invoice_id drop not null | alter table helpdesk.invoice_lines alter invoice_id set not null
          role-without-app      | check_reporter             | lacks what PUBLIC once gave          | create role check_reporter login                 | drop role check_reporter
          mask-copies           | helpdesk.articles.phone    | the name of helpdesk.customers.phone, which is masked | alter table helpdesk.articles add column phone varchar(40) | alter table helpdesk.articles drop column phone
          mask-copies           | helpdesk.articles.password_hash | the name of helpdesk.agents.password_hash, which is hidden | alter table helpdesk.articles add column password_hash text | alter table helpdesk.articles drop column password_hash
          mask-copies           | helpdesk.articles.before   | columns of other tables              | alter table helpdesk.articles add column before jsonb | alter table helpdesk.articles drop column before
          write-effect          | helpdesk.articles          | its trigger touched runs touch_ticket with the rights of the session | create trigger touched after insert on helpdesk.articles for each row execute function helpdesk.touch_ticket() | drop trigger touched on helpdesk.articles
          write-effect          | helpdesk.articles          | its trigger touched runs noted with the rights of postgres | create function helpdesk.noted() returns trigger language plpgsql security definer as 'begin return new; end'; revoke all on function helpdesk.noted() from public; create trigger touched after insert on helpdesk.articles for each row execute function helpdesk.noted() | drop function helpdesk.noted() cascade
          write-effect          | helpdesk.ticket_events     | its trigger touched runs touch_ticket | create trigger touched after insert on helpdesk.ticket_events_2026_q1 for each row execute function helpdesk.touch_ticket() | drop trigger touched on helpdesk.ticket_events_2026_q1
          write-effect          | helpdesk.ticket_messages   | its rule kept acts with the rights of helpdesk_owner | create rule kept as on update to helpdesk.ticket_messages do also insert into helpdesk.schema_migrations values ('x') | drop rule kept on helpdesk.ticket_messages
          write-effect          | helpdesk.agents            | a delete also changes helpdesk.scraps (foreign key scraps_agent_id_fkey) | create table helpdesk.scraps (agent_id bigint references helpdesk.agents on delete set null) | drop table helpdesk.scraps
          write-effect          | helpdesk.agents            | an update of its key also changes helpdesk.scraps (foreign key scraps_agent_id_fkey) | create table helpdesk.scraps (agent_id bigint references helpdesk.agents on update cascade) | drop table helpdesk.scraps
          """)
  void namesWhatSomebodyShouldLookAt(
      String kind, String subject, String words, String plant, String repair) {
    var before = HELPDESK.check().found();
    HELPDESK.asSuperuser(plant);
    try {
      assertThat(HELPDESK.check().found())
          .filteredOn(found -> !before.contains(found))
          .filteredOn(found -> !found.kind().equals("table-forgotten"))
          .filteredOn(found -> found.kind().equals(kind) || found.refusesSessions())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.kind()).isEqualTo(kind);
                assertThat(found.subject()).isEqualTo(subject);
                assertThat(found.sentence()).contains(words);
              });
    } finally {
      HELPDESK.asSuperuser(repair);
    }
    assertThat(HELPDESK.check().found()).isEqualTo(before);
  }

  @Test
  void theDemoIsToldWhatAWriteSetsOff() {
    assertThat(HELPDESK.check().found())
        .extracting(Deviation::kind, Deviation::subject)
        .contains(Tuple.tuple("server-below-floor", "18.6"))
        .contains(Tuple.tuple("row-security", "helpdesk.invoices"))
        .filteredOn(found -> found.toList().getFirst().equals("write-effect"))
        .extracting(found -> found.toList().getLast())
        .containsExactly(
            "helpdesk.invoices",
            "helpdesk.ticket_messages",
            "helpdesk.tickets",
            "helpdesk.tickets");
  }

  @Test
  void theDemoHoldsNoCopyOfAMaskedValueThatNobodyHasLookedAt() {
    assertThat(HELPDESK.check().found())
        .extracting(Deviation::kind)
        .doesNotContain("mask-copies", "mask-leaks");
  }

  /// A name that many tables use is looked at once, for all of them.
  @Test
  void aColumnThatIsUnmaskedByNameIsNoCopyInAnyTable() {
    String yaml = HELPDESK.yaml().replace("    levels:", "    unmasked: [phone]\n    levels:");
    var named = Catalogue.parse("resources.yaml", yaml).resources().getFirst();
    HELPDESK.asSuperuser("alter table helpdesk.articles add column phone varchar(40)");
    try {
      assertThat(HELPDESK.check().found()).extracting(Deviation::kind).contains("mask-copies");
      assertThat(HELPDESK.check(named).found())
          .extracting(Deviation::kind)
          .doesNotContain("mask-copies");
    } finally {
      HELPDESK.asSuperuser("alter table helpdesk.articles drop column phone");
    }
  }

  @Test
  void aDatabaseWithoutAFenceIsNamed() {
    assertThat(Helpdesk.bare("check_bare").check().deviations())
        .extracting(Deviation::kind)
        .contains("fence-missing", "public-right");
  }

  @Test
  void aFenceOlderThanItsCatalogueIsNamed() {
    var newer =
        Catalogue.parse(
            "resources.yaml",
            HELPDESK
                .yaml()
                .replace(
                    "articles: {unmasked: [body, search]}", "articles: {mask: {body: redact}}"));
    assertThat(HELPDESK.check(newer.resources().getFirst()).deviations())
        .extracting(Deviation::kind)
        .contains("fence-outdated", "mask-leaks");
  }

  @Test
  void aForgottenTableIsOnlyANoteWhenTheCatalogueSaysSo() {
    HELPDESK.asSuperuser("create table helpdesk.scratch (id int)");
    try {
      var report = HELPDESK.check(HELPDESK.spec("    unlisted: note\n"));
      assertThat(report.stands()).isTrue();
      assertThat(report.text()).contains("note [table-forgotten]").contains("helpdesk.scratch");
    } finally {
      HELPDESK.asSuperuser("drop table helpdesk.scratch");
    }
  }

  @Test
  void aServerBelowTheFloorIsRefusedUnlessTheCatalogueAcceptsItAndThenWarnedAbout() {
    var spec = HELPDESK.spec();
    assertThat(ServerCheck.of(spec, version(18, 6)))
        .singleElement()
        .satisfies(d -> assertThat(d.kind()).isEqualTo("server-below-floor"))
        .satisfies(d -> assertThat(d.refusesSessions()).isFalse())
        .satisfies(d -> assertThat(d.sentence()).contains("18.6").contains("18.7"));
    for (var old : List.of(version(18, 5), version(17, 11), version(14, 25))) {
      assertThat(ServerCheck.of(spec, old))
          .singleElement()
          .satisfies(d -> assertThat(d.kind()).isEqualTo("server-too-old"))
          .satisfies(d -> assertThat(d.refusesSessions()).isTrue());
    }
    assertThat(ServerCheck.of(spec, version(17, 12))).isEmpty();
    assertThat(ServerCheck.of(spec, version(18, 7))).isEmpty();
  }

  private static ServerVersion version(int major, int minor) {
    return new ServerVersion(major, minor);
  }
}
