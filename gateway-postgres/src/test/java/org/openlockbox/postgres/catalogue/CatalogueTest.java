package org.openlockbox.postgres.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlProblem;

class CatalogueTest {
  private static final String YAML =
      """
      resources:
        - id: helpdesk
          name: Helpdesk database
          postgres: {host: 127.0.0.1, port: 5433, database: helpdesk, tls: verify-full}
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2, initech: 3}}
          tables:
            customers: {mask: {email: email, phone: last4, notes: redact}}
            tickets: {}
            ticket_messages: {tenant: "ticket_id in (select id from tickets)", mask: {body: redact}}
            crm.countries: {shared: true}
          levels: [metadata, masked, read, write]
          providerReview: false
      """;

  private static ResourceSpec read(String yaml) {
    return Catalogue.parse("resources.yaml", yaml)
        .resource(new ResourceId("helpdesk"))
        .orElseThrow();
  }

  @Test
  void readsTheCatalogueOfTheDesign() {
    var spec = read(YAML);
    assertThat(spec.address().tls()).isEqualTo(DatabaseAddress.TlsMode.VERIFY_FULL);
    assertThat(spec.tenancy().valueOf(new TenantId("globex"))).contains("2");
    assertThat(spec.tenancy().valueOf(new TenantId("nobody"))).isEmpty();
    assertThat(spec.levels()).containsExactly(Level.values());
    assertThat(spec.decideWithin()).isEqualTo(Duration.ofHours(12));
    assertThat(spec.table(new TableName("public", "ticket_messages")).orElseThrow().scope())
        .isEqualTo(new RowScope.ByParent("ticket_id", new TableName("public", "tickets"), "id"));
    assertThat(spec.sharedTables()).containsExactly(new TableName("crm", "countries"));
  }

  @Test
  void aReferenceLeadsToAKeyOfAListedTableOrNowhere() {
    var tickets =
        read(YAML.replace(
                "tickets: {}",
                "tickets: {references: {customer_id: customers.id, country: crm.countries.code, old_id: none,"
                    + " parent: {key: tickets.id, empty: 0}}}"))
            .table(new TableName("public", "tickets"))
            .orElseThrow();
    assertThat(tickets.references())
        .containsEntry(
            "customer_id",
            new ReferenceTarget.KeyColumn(
                new TableName("public", "customers"), "id", Optional.empty()))
        .containsEntry(
            "country",
            new ReferenceTarget.KeyColumn(
                new TableName("crm", "countries"), "code", Optional.empty()))
        .containsEntry(
            "parent",
            new ReferenceTarget.KeyColumn(
                new TableName("public", "tickets"), "id", Optional.of("0")))
        .containsEntry("old_id", new ReferenceTarget.Nowhere());
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tables:             | tabels:                | line 2: missing key 'resources[0].tables'
          providerReview      | providerReveiw         | line 12: unknown key 'resources[0].providerReveiw' (did you mean 'providerReview'?)
          mask: {email: email | mask: {email: emial    | line 7: resources[0].tables.customers.mask.email: must be email, last4, redact, 'null' or hash, or {truncate: …}, {bucket: …}, {keep: […]}, not 'emial'
          column: tenant_id, values: {acme: 1, globex: 2, initech: 3} | schema: {acme: one} | line 9: resources[0].tables.ticket_messages.tenant: the whole table is one tenant's: only 'shared' can be said
          column: tenant_id, values: {acme: 1, | schema: {acme: T-1, | line 5: resources[0].tenancy.schema.acme: 'T-1' is no name as PostgreSQL writes it; if it is the name itself, write '"T-1"'
          phone: last4        | phone: {bucket: 1}     | line 7: resources[0].tables.customers.mask.phone.bucket: must be a whole number above 1
          phone: last4        | phone: {truncate: day of week} | line 7: resources[0].tables.customers.mask.phone.truncate: must be year, quarter, month, week, day or hour, not 'day of week'
          phone: last4        | phone: {keep: ['a b']} | line 7: resources[0].tables.customers.mask.phone.keep: 'a b' is no path such as order.status
          phone: last4        | phone: {}              | line 7: resources[0].tables.customers.mask.phone: must be email
          notes: redact}      | notes: redact}, unmasked: [phone] | line 7: resources[0].tables.customers.unmasked: phone is also masked
          from tickets)       | from nowhere)          | line 9: resources[0].tables.ticket_messages: the parent public.nowhere is not listed
          from tickets)       | from ticket_messages)  | line 9: resources[0].tables.ticket_messages: the parents form a circle
          from tickets)       | from crm.countries)    | line 9: resources[0].tables.ticket_messages: the parent crm.countries is shared, so it has no tenant
          from tickets)       | from tickets where 1=1) | line 9: resources[0].tables.ticket_messages.tenant: must be a column, 'column in (select key from parent)'
          from tickets)       | from tickets) and ticket_id > 0 | line 9: resources[0].tables.ticket_messages.tenant
          ticket_id in        | kind = 'a' or ticket_id in | line 9: resources[0].tables.ticket_messages.tenant: must be a column
          ticket_id in        | kind = a and ticket_id in | line 9: resources[0].tables.ticket_messages.tenant: must be a column
          ticket_id in        | 1 = '1' and ticket_id in | line 9: resources[0].tables.ticket_messages.tenant: must be a column
          tickets: {}         | tickets: {tenant: "split_part(path, '', 1)"} | line 8: resources[0].tables.tickets.tenant: split_part needs a separator
          tickets: {}         | tickets: {tenant: "split_part(path, '/', 0)"} | line 8: resources[0].tables.tickets.tenant: must be a column
          tickets: {}         | tickets: {tenant: "lower(path)"} | line 8: resources[0].tables.tickets.tenant: must be a column
          tickets: {}         | tickets: {tenant: "data ->> 'a'::text"} | line 8: resources[0].tables.tickets.tenant: must be a column
          tickets: {}         | tickets: {tenant: "left(path, 4) = '' or left(path, 4)"} | line 8: resources[0].tables.tickets.tenant: must be a column
          notes: redact}      | notes: redact}, lookup: [id] | line 7: resources[0].tables.customers.lookup: id is not masked: compare it as it is
          notes: redact}      | notes: redact, '"No"': redact}, lookup: ['"No"'] | line 7: resources[0].tables.customers.lookup: the function for No of customers would need quotes
          tickets: {}         | tickets: {joinParent: true} | line 8: resources[0].tables.tickets.joinParent: only a table with one parent can be joined with it
          tickets: {}         | tickets: {references: {customer_id: customers}} | line 8: resources[0].tables.tickets.references.customer_id: must be table.column, schema.table.column or none, not 'customers'
          tickets: {}         | tickets: {references: {customer_id: "customers.id; drop"}} | line 8: resources[0].tables.tickets.references.customer_id: must be table.column
          tickets: {}         | tickets: {references: {customer_id: a.b.c.d}} | line 8: resources[0].tables.tickets.references.customer_id: must be table.column
          tickets: {}         | tickets: {references: {customer_id: clients.id}} | line 8: resources[0].tables.tickets: customer_id refers to public.clients, which is not listed: list it, hide customer_id, or say 'none'
          tickets: {}         | tickets: {references: {a: {key: customers.id, empty: 'a\\b'}}} | line 8: resources[0].tables.tickets.references.a.empty: must have no backslash
          tickets: {}         | tickets: {references: {a: {key: customers.id}}} | line 8: missing key 'resources[0].tables.tickets.references.a.empty'
          tickets: {}         | tickets: {references: [customers.id]} | line 8: resources[0].tables.tickets.references: must hold `key: value` pairs
          providerReview: false | extensions: [postgis, Bad Name] | line 12: resources[0].extensions: 'Bad Name' is not the name of an extension
          providerReview: false | extensions: [postgis, postgis] | line 12: resources[0].extensions: postgis is listed twice
          providerReview: false | extensions: postgis    | line 12: resources[0].extensions
          globex: 2           | globex: 1              | line 5: resources[0].tenancy.values.globex: two tenants share the value 1
          masked, read        | maskd, read            | line 11: resources[0].levels: must be metadata, masked, read or write, not 'maskd'
          tickets: {}         | Tickets: {}            | line 8: resources[0].tables.Tickets: 'Tickets' must be a table or schema.table as PostgreSQL writes it: tickets, crm.tickets, '"Tenant"'
          tickets: {}         | '"tickets"': {}        | line 8: resources[0].tables."tickets": '"tickets"' must be a table or schema.table
          tickets: {}         | '"two\u200bparts"': {} | has characters that no record can show
          phone: last4        | Phone: last4           | line 7: resources[0].tables.customers.mask.Phone: 'Phone' is no name as PostgreSQL writes it; if it is the name itself, write '"Phone"'
          from tickets)       | from Tickets)          | line 9: resources[0].tables.ticket_messages.tenant: must be a column
          ticket_id in (select id from tickets) | (ticket_id, ticket_id) in (select id, no from tickets) | needs one key of the parent for each column, each once
          ticket_id in (select id from tickets) | (ticket_id, no) in (select id, id from tickets) | needs one key of the parent for each column, each once
          ticket_id in (select id from tickets) | (ticket_id, no) in (select id from tickets) | needs one key of the parent for each column, each once
          port: 5433          | port: 0                | line 4: resources[0].postgres.port: must be between 1 and 65535
          tls: verify-full    | tls: disable, clientCertificate: {certificate: a, key: b} | line 4: resources[0].postgres.clientCertificate: needs tls
          tls: verify-full    | tls: on                | line 4: resources[0].postgres.tls: must be verify-full, require or disable, not 'on'
          crm.countries       | crm.tickets            | line 10: resources[0].tables.crm.tickets: two tables would share the view name tickets
          """)
  void mistakesAreNamedWithTheirLine(String text, String instead, String problem) {
    assertThatThrownBy(() -> read(YAML.replace(text, instead)))
        .isInstanceOf(YamlProblem.class)
        .hasMessageContaining(problem);
  }

  @Test
  void theDigestDependsOnWhatIsSaidAndNotOnHowItIsWritten() {
    String digest = read(YAML).digest();
    assertThat(digest).hasSize(64);
    assertThat(
            read("# comment\n" + YAML.replace("{acme: 1, globex: 2,", "{globex: 2, acme: 1,"))
                .digest())
        .isEqualTo(digest);
    assertThat(read(YAML.replace("phone: last4", "phone: redact")).digest()).isNotEqualTo(digest);
    assertThat(read(YAML.replace("acme: 1", "acme: 9")).digest()).isNotEqualTo(digest);
    assertThat(read(YAML + "    extensions: [postgis]\n").digest())
        .isEqualTo(read(YAML + "    extensions: ['postgis']\n").digest())
        .isNotEqualTo(digest);
    assertThat(read(YAML.replace("tls: verify-full", "minimumVersion: 18.6")).digest())
        .isNotEqualTo(digest);
  }

  @Test
  void theFencesDigestIgnoresWhatItsSqlDoesNotDependOn() {
    assertThat(read(YAML + "    extensions: [postgis]\n").fenceDigest())
        .isEqualTo(read(YAML).fenceDigest());
    assertThat(read(YAML.replace("5433", "5434")).fenceDigest())
        .isEqualTo(read(YAML).fenceDigest());
    assertThat(read(YAML.replace("tickets: {}", "tickets: {hide: [x]}")).fenceDigest())
        .isNotEqualTo(read(YAML).fenceDigest());
    assertThat(
            read(YAML.replace("from tickets)\",", "from tickets)\", joinParent: true,"))
                .fenceDigest())
        .isNotEqualTo(read(YAML).fenceDigest());
    assertThat(
            read(YAML.replace("tickets: {}", "tickets: {references: {customer_id: customers.id}}"))
                .fenceDigest())
        .isNotEqualTo(read(YAML).fenceDigest());
  }
}
