package org.openlockbox.postgres.propose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.fence.FencePlan;

/// Schemas that a draft cannot place, and names that try to become something else.
class UnusualSchemaTest {
  @Test
  void withoutATenantColumnEverythingIsHiddenAndOneQuestionSaysWhy() {
    var database =
        new ProposedDatabase(
            "proposal_untenanted",
            """
            create table books (id int primary key, title text);
            create table pages (id int primary key, book_id int not null references books, body text);
            """);
    String yaml = database.proposed();
    assertThat(yaml)
        .contains("tables: {}")
        .contains("- books  # question 1")
        .contains("- pages  # question 1")
        .contains("# 1. tenancy: no column looks like a tenant's");
    assertThat(database.planned(yaml)).isInstanceOf(FencePlan.Applicable.class);
  }

  @Test
  void anEmptyDatabaseHasADraft() {
    String yaml = new ProposedDatabase("proposal_empty", "select 1").proposed();
    assertThat(ProposedDatabase.spec(yaml).tables()).isEmpty();
  }

  @Test
  void schemasThatAreAlikeAreAskedAbout() {
    var database =
        new ProposedDatabase(
            "proposal_schemas",
            """
            create schema t_acme; create schema t_globex;
            create table t_acme.orders (id int primary key); create table t_acme.items (id int primary key);
            create table t_globex.orders (id int primary key); create table t_globex.items (id int primary key);
            """);
    assertThat(database.proposed())
        .contains("schemas: t_acme, t_globex hold the same tables. Is each one tenant's?");
  }

  /// Each of these names would end a line, a value or a comment, or begin a key, if it could.
  @Test
  void noNameBreaksTheFile() {
    var database =
        new ProposedDatabase(
            "proposal_hostile",
            """
            create table tenants (id int primary key);
            create table orders (
              id int primary key, tenant_id int not null references tenants,
              "email
                hide: [x]" text, "phone: x # y" text, "null" text, "password'\\""}" text, note text);
            create table "evil
            # 1. injected: x
                  evil: {shared: true}" (id int primary key, tenant_id int not null);
            create table "a.b" (id int primary key, tenant_id int not null);
            create table " " (id int primary key, tenant_id int not null);
            create table "x${unseen}z" (id int primary key, tenant_id int not null);
            create table "true" (id int primary key, tenant_id int not null);
            create table "{a: b}" (id int primary key, tenant_id int not null);
            """
                .replace("${unseen}", "\u2028y\u202e"));
    String yaml = database.proposed();
    var spec = ProposedDatabase.spec(yaml);
    assertThat(spec.table(new TableName("public", "tenants"))).isPresent();
    assertThat(spec.tables()).noneMatch(table -> table.shared());
    assertThat(yaml.lines()).noneMatch(line -> line.startsWith("# 1. injected"));
    assertThat(yaml).doesNotContain("\u2028", "\u202e");
    assertThat(yaml.lines().map(String::strip)).doesNotContain("evil: {shared: true}", "hide: [x]");
    assertThat(database.planned(yaml)).isInstanceOf(FencePlan.Applicable.class);
  }
}
