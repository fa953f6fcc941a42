package org.openlockbox.postgres.propose;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.fence.Helpdesk;

/// The demo's helpdesk, as if nobody had written its catalogue: the draft against the one that
/// somebody wrote.
class HelpdeskProposalTest {
  private static Helpdesk helpdesk;
  private static String yaml;

  @BeforeAll
  static void draft() throws SQLException {
    helpdesk = Helpdesk.bare("helpdesk_proposal");
    yaml = proposed();
  }

  private static String proposed() throws SQLException {
    try (Connection connection = helpdesk.superuser()) {
      var result =
          CatalogueProposal.of(
              connection,
              new ResourceId("helpdesk"),
              helpdesk.spec().address(),
              ProposedDatabase.SAMPLED);
      return ((ProposalResult.Drafted) result).yaml();
    }
  }

  private static ResourceSpec reviewed() {
    return ProposedDatabase.spec(ProposedDatabase.reviewed(yaml, "acme: 1, globex: 2, initech: 3"));
  }

  @Test
  void theDraftPlansAndTheCheckIsClean() {
    helpdesk.asSuperuser(helpdesk.plan(reviewed()));
    var report = helpdesk.check(reviewed());
    assertThat(report.stands()).as(report.text()).isTrue();
    assertThat(report.text()).doesNotContain("mask-copies");
  }

  @Test
  void rowsBelongToTheTenantsThatTheDemosCatalogueNames() {
    var draft = reviewed();
    for (TableSpec written : helpdesk.spec().tables()) {
      var drafted = draft.table(written.name());
      if (!written.shared()) {
        assertThat(drafted.map(TableSpec::scope))
            .as(written.name().toString())
            .contains(written.scope());
      }
    }
    assertThat(draft.table(new TableName("helpdesk", "countries")).map(TableSpec::scope))
        .contains(new RowScope.Shared());
    assertThat(draft.hiddenTables().toString()).contains("helpdesk.schema_migrations");
  }

  /// What somebody masked or hid, the draft does as well; it may mask more.
  @Test
  void nothingIsInClearThatTheDemosCatalogueMasks() {
    var draft = reviewed();
    var clear = new ArrayList<String>();
    for (TableSpec written : helpdesk.spec().tables()) {
      var held = new ArrayList<>(written.masks().keySet());
      held.addAll(written.hidden());
      if (held.isEmpty()) {
        continue;
      }
      var drafted = draft.table(written.name()).orElseThrow();
      held.stream()
          .filter(column -> !drafted.masks().containsKey(column))
          .filter(column -> !drafted.hidden().contains(column))
          .forEach(column -> clear.add(written.name().name() + "." + column));
    }
    assertThat(clear)
        .containsExactlyInAnyOrder("tenants.billing_reference", "invoices.purchase_order");
  }

  @Test
  void secretsAreHidden() {
    var draft = reviewed();
    assertThat(draft.table(new TableName("helpdesk", "agents")).orElseThrow().hidden())
        .containsExactly("password_hash");
    assertThat(draft.table(new TableName("helpdesk", "api_tokens")).orElseThrow().hidden())
        .containsExactly("token");
  }

  @Test
  void twoDraftsAreEqualByteByByte() throws SQLException {
    assertThat(proposed()).isEqualTo(yaml);
  }

  @Test
  void noValueOfTheDataStandsInTheDraft() throws SQLException {
    var values = new ArrayList<String>();
    try (Connection connection = helpdesk.superuser();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                select email from helpdesk.customers
                union select phone from helpdesk.customers
                union select token from helpdesk.api_tokens
                union select password_hash from helpdesk.agents
                union select subject from helpdesk.tickets
                union select billing_reference from helpdesk.tenants
                union select slug from helpdesk.tenants
                """)) {
      while (rows.next()) {
        String value = rows.getString(1);
        if (value != null) {
          values.add(value);
        }
      }
    }
    assertThat(values).hasSizeGreaterThan(1000);
    assertThat(values).noneMatch(yaml::contains);
  }
}
