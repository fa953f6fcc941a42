package org.openlockbox.postgres.propose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.catalogue.Mask;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.fence.Helpdesk;

/// A database that went on after somebody had edited its catalogue.
class CatalogueUpdateTest {
  private static final String SCHEMA =
      """
      create table tenants (id int primary key, note text);
      create table customers (
        id int primary key, tenant_id int not null references tenants, name text, email text, remark text);
      create table orders (id int primary key, customer_id int not null references customers, total int);
      create table audit (id int primary key, what text);
      insert into tenants values (1), (2);
      insert into customers values (1, 1, 'canary', 'canary@canary.example', 'canary');
      """;

  /// As people write it: flow and block, comments, an order of their own.
  private static final String EDITED =
      """
      # our own words
      resources:
        - id: other
          name: Other
          postgres: {host: 127.0.0.1, port: ${port}, database: other, tls: disable}
          tenancy: {column: tenant_id, values: {acme: 1}}
          levels: [read]
          tables:
            customers: {}
        - id: shop
          name: Web shop   # as customers know it
          postgres: {host: 127.0.0.1, port: ${port}, database: proposal_update, tls: disable}
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked]
          tables:
            tenants: {tenant: id, unmasked: [note]}
            customers:
              # names stay readable for support
              unmasked: [name, remark]
              mask: {email: email}
            orders: {tenant: "customer_id in (select id from customers)"}
          hiddenTables: [audit]
      """;

  private ProposedDatabase database;
  private String edited;

  @BeforeEach
  void begin() {
    database = new ProposedDatabase("proposal_update", SCHEMA);
    edited = EDITED.replace("${port}", Integer.toString(Helpdesk.server()));
  }

  @Test
  void nothingNewChangesNothing() {
    var update = database.updated(edited);
    assertThat(update.yaml()).isEqualTo(edited);
    assertThat(update.difference()).isEmpty();
  }

  @Test
  void newTablesAndColumnsAreProposedAndEachWordStays() {
    database.asSuperuser(
        """
        create table order_notes (id int primary key, order_id int not null references orders, body text);
        create table strange (id int primary key);
        alter table customers add column phone text, add column api_key text;
        alter table orders add column comment text;
        """);
    var update = database.updated(edited);
    var spec = ProposedDatabase.spec(update.yaml());
    assertThat(spec.table(name("order_notes"))).isPresent();
    assertThat(spec.table(name("strange"))).isEmpty();
    assertThat(spec.table(name("customers")).orElseThrow().masks())
        .containsEntry("phone", Mask.SimpleMask.LAST4)
        .containsEntry("email", Mask.SimpleMask.EMAIL)
        .hasSize(2);
    assertThat(spec.table(name("customers")).orElseThrow().hidden()).containsExactly("api_key");
    assertThat(spec.table(name("orders")).orElseThrow().masks()).containsOnlyKeys("comment");
    assertThat(update.yaml())
        .contains("name: Web shop   # as customers know it", "# names stay readable for support")
        .contains("strange: nothing leads from it to a tenant.")
        .doesNotContain("canary");
    assertThat(update.difference())
        .contains("new: customers.phone: last4  # name")
        .contains("+         mask: {phone: last4, email: email}")
        .contains("-         mask: {email: email}")
        .contains("@@ line ");
    assertThat(database.planned(update.yaml())).isInstanceOf(FencePlan.Applicable.class);
  }

  @Test
  void aColumnThatIsUnmaskedByNameIsNotProposedAgain() {
    database.asSuperuser("alter table orders add column comment text");
    String decided =
        edited.replace("hiddenTables: [audit]", "hiddenTables: [audit]\n    unmasked: [comment]");
    assertThat(database.updated(decided).yaml()).isEqualTo(decided);
  }

  /// So no session waits for the answer to a question.
  @Test
  void aNewTableWithoutAPlaceIsHidden() {
    database.asSuperuser(
        "create table strange (id int primary key); create table knex_migrations (id int primary key);");
    for (String file : List.of(edited, edited.replace("      hiddenTables: [audit]\n", ""))) {
      var update = database.updated(file);
      assertThat(ProposedDatabase.spec(update.yaml()).hiddenTables())
          .contains(name("audit"), name("strange"), name("knex_migrations"));
      assertThat(update.difference()).contains("hidden: ", "knex_migrations, strange");
      assertThat(database.updated(update.yaml()).difference()).isEmpty();
    }
  }

  @Test
  void aSecondUpdateAddsNothing() {
    database.asSuperuser(
        "create table strange (id int primary key); alter table customers add column phone text;");
    var first = database.updated(edited);
    var second = database.updated(first.yaml());
    assertThat(second.yaml()).isEqualTo(first.yaml());
    assertThat(second.difference()).isEmpty();
  }

  @Test
  void whatIsGoneIsNamedAndStays() {
    database.asSuperuser(
        """
        drop table orders, audit;
        alter table customers drop column email;
        create table strange (code text primary key, owner_type text, owner_id int);
        insert into strange values ('canary');
        """);
    var update = database.updated(edited);
    assertThat(update.yaml())
        .contains("audit, customers.email, orders: the database no longer has them.")
        .contains("mask: {email: email}");
  }

  @Test
  void aDraftIsUpdatedLikeAFileThatSomebodyWrote() {
    String draft = ProposedDatabase.reviewed(database.proposed(), "acme: 1");
    database.asSuperuser(
        """
        create table invoices (id int primary key, tenant_id int not null, iban text);
        alter table customers add column phone text;
        """);
    var update = database.updated(draft);
    var spec = ProposedDatabase.spec(update.yaml());
    assertThat(spec.table(name("invoices")).orElseThrow().masks()).containsOnlyKeys("iban");
    assertThat(spec.table(name("customers")).orElseThrow().masks()).containsKey("phone");
    assertThat(database.planned(update.yaml())).isInstanceOf(FencePlan.Applicable.class);
  }

  private static TableName name(String table) {
    return new TableName("public", table);
  }
}
