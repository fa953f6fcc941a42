package org.openlockbox.gateway.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlProblem;

/// What the catalogue says of an application, and which mistakes it names.
class ApplicationReaderTest {
  private static final String CATALOGUE =
      """
      resources:
        - id: orders-db
          postgres: {host: db}
        - id: orders
          name: Orders
          application: {url: 'https://orders.example.com'}
          tenancy: {ids: {acme: '1', globex: '2'}}
          levels: [masked, write]
          actions:
            orders.list: {level: masked}
            orders.refund: {level: write}
      """;

  private static ApplicationListing read(String catalogue) {
    return ApplicationReader.readAll("resources.yaml", catalogue).getFirst();
  }

  @Test
  void anApplicationIsReadAndWhatIsNoneIsLeft() {
    assertThat(ApplicationReader.readAll("resources.yaml", CATALOGUE)).hasSize(1);
    ApplicationListing listed = read(CATALOGUE);
    assertThat(listed.decideWithin()).isEqualTo(Duration.ofHours(12));
    ApplicationSpec spec = listed.spec();
    assertThat(spec.tenantOf("2")).contains(new TenantId("globex"));
    assertThat(spec.tenantOf("3")).isEmpty();
    assertThat(spec.levelOf(new ApplicationAction("orders.refund"))).contains(Level.WRITE);
    assertThat(spec.levelOf(new ApplicationAction("orders.drop"))).isEmpty();
    assertThat(spec.allowedAt(Level.READ)).containsExactly(new ApplicationAction("orders.list"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "masked} | read}",
        "globex: '2' | globex: '3'",
        "[masked, write] | [masked, read, write]",
        "name: Orders | name: Order",
        "orders.refund | orders.return",
        "name: Orders | providerReview: true~    name: Orders"
      })
  void whateverItSaysChangesItsDigest(String from, String to) {
    String other = CATALOGUE.replace(from, to.replace("~", "\n"));
    assertThat(read(other).spec().digest()).isNotEqualTo(read(CATALOGUE).spec().digest());
    assertThat(read(CATALOGUE).spec().digest()).isEqualTo(read(CATALOGUE).spec().digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "https: | http: | must be an address such as",
        "globex: '2' | globex: '1' | two tenants share a value",
        "{level: write} | {level: admin} | level",
        "orders.refund | Orders! | not a name of a route",
        "[masked, write] | [] | tenants, actions and levels are needed",
        "{level: write} | {level: write, more: 1} | more",
      })
  void aMistakeIsNamedWithItsLine(String from, String to, String why) {
    assertThatThrownBy(() -> read(CATALOGUE.replace(from, to)))
        .isInstanceOf(YamlProblem.class)
        .hasMessageContaining("resources.yaml line ")
        .hasMessageContaining(why);
  }
}
