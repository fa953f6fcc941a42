package org.openlockbox.check.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;

/// What a checked resource may be written with. A mistake is told with its key.
class CheckReaderTest {
  private static final String GOOD =
      """
      id: office
      name: Back office
      check: {memory: helpdesk, url: 'https://office.example.com'}
      tenancy: {ids: {acme: [acme, acme-eu], globex: [globex]}}
      levels: [read, write]
      actions:
        refunds.list: {level: read}
        refunds.remove: {action: remove, where: {soft: true}, level: write}
      routes:
        reports.show: {method: GET, path: '/{tenant}/reports/{month}', level: read, query: [page]}
      """;

  private static CheckListing read(String text) {
    return CheckReader.read(YamlMap.parse("resources.yaml", text));
  }

  @Test
  void everythingThatIsWrittenIsRead() {
    CheckSpec spec = read(GOOD).spec();
    assertThat(spec.subjectType()).isEqualTo("engineer");
    assertThat(spec.resourceType()).isEqualTo("office");
    assertThat(spec.tenantOf("acme-eu")).contains(new TenantId("acme"));
    assertThat(spec.tenantOf("acme-us")).isEmpty();
    assertThat(spec.action("refunds.list", Map.of("any", "x")).orElseThrow().level())
        .isEqualTo(Level.READ);
    assertThat(spec.action("remove", Map.of("soft", "true", "any", "x"))).isPresent();
    assertThat(spec.action("remove", Map.of("soft", "false"))).isEmpty();
    assertThat(spec.action("remove", Map.of())).isEmpty();
    assertThat(spec.action("refunds.remove", Map.of("soft", "true"))).isEmpty();
    assertThat(spec.routes()).hasSize(1);
  }

  /// Each session-open entry names it, so that no change of the catalogue goes unseen.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Back office | Front office",
        "[acme, acme-eu] | [acme]",
        "refunds.list: {level: read} | refunds.list: {level: write}",
        "soft: true | soft: false",
        "action: remove | action: delete",
        "'/{tenant}/reports/{month}' | '/{tenant}/reports'",
        "query: [page] | query: [page, size]",
        "levels: [read, write] | levels: [read]",
        "tenancy: { | providerReview: true%ntenancy: {",
        "globex: [globex]}} | globex: [globex]}, hosts: {acme: a.example.com, globex: g.example.com}}",
      })
  void everyChangeIsAnotherDigest(String from, String to) {
    String changed = GOOD.replace(from, to.formatted());
    assertThat(changed).isNotEqualTo(GOOD);
    assertThat(read(changed).spec().digest()).isNotEqualTo(read(GOOD).spec().digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "levels: [read, write] | levels: [masked] | a check masks nothing",
        "refunds.list: {level: read} | refunds.list: {level: masked} | a check masks nothing",
        "levels: [read, write] | levels: [] | at least one of read and write",
        "'/{tenant}/reports/{month}' | '/reports/{month}' | its path needs {tenant}",
        "https://office | http://office | must be an address such as",
        "globex: [globex] | globex: [acme-eu] | two tenants share the value",
        "globex: [globex] | globex: ['a/b'] | must be one segment",
        "globex: [globex] | globex: [] | at least one value",
        "action: remove, where: {soft: true} | action: refunds.list, where: {soft: true} | one question could mean",
        "globex: [globex]}} | globex: [globex]}, hosts: {acme: a.example.com}} | 'hosts' names the tenants",
        "refunds.list: | Refunds: | not a name of a route",
        "method: GET | method: BREW | must be GET",
        "name: Back office | names: Back office | name",
      })
  void aMistakeIsToldWithWhatIsMeant(String from, String to, String says) {
    String changed = GOOD.replace(from, to);
    assertThat(changed).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> read(changed))
        .isInstanceOf(YamlProblem.class)
        .hasMessageContaining("resources.yaml")
        .hasMessageContaining(says);
  }

  @Test
  void aResourceThatListsNothingIsAMistake() {
    String empty = GOOD.substring(0, GOOD.indexOf("actions:"));
    assertThatThrownBy(() -> read(empty))
        .isInstanceOf(YamlProblem.class)
        .hasMessageContaining("'actions' or 'routes' is needed");
  }
}
