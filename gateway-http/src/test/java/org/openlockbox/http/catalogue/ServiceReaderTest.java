package org.openlockbox.http.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;

/// A service of the catalogue is read whole, or refused with the line of the first mistake.
class ServiceReaderTest {
  private static final String WHOLE =
      """
      id: helpdesk-api
      name: Helpdesk API
      http: {upstream: "https://api.internal:8443", memory: helpdesk}
      tenancy:
        path: {acme: a-1, globex: 4711}
      levels: [read, write]
      routes:
        tickets.list: {method: GET, path: "/v1/{tenant}/tickets", level: read, query: [status]}
        tickets.update:
          method: PATCH
          path: "/v1/{tenant}/tickets/{id}"
          level: write
          body: {types: [application/json], most: 1000}
      """;

  private static HttpListing read(String yaml) {
    return ServiceReader.read(YamlMap.parse("resources.yaml", yaml));
  }

  @Test
  void aWholeServiceIsRead() {
    HttpListing listed = read(WHOLE);
    HttpSpec spec = listed.spec();
    assertThat(listed.memory()).hasToString("helpdesk");
    assertThat(listed.decideWithin()).hasHours(12);
    assertThat(spec.levels()).containsExactlyInAnyOrder(Level.READ, Level.WRITE);
    assertThat(spec.tenants())
        .containsEntry(new TenantId("acme"), "a-1")
        .containsEntry(new TenantId("globex"), "4711");
    assertThat(spec.upstream().of(new TenantId("acme")))
        .contains(URI.create("https://api.internal:8443"));
    assertThat(spec.routes().routes())
        .extracting(route -> route.name().value())
        .containsExactly("tickets.list", "tickets.update");
    assertThat(spec.routes().routes().getFirst().query()).containsExactly("status");
    assertThat(spec.routes().routes().getLast().body().orElseThrow().most()).isEqualTo(1000);
  }

  @Test
  void aTenantWithAnUpstreamOfItsOwnNeedsNoPlaceInPaths() {
    String apart =
        WHOLE
            .replace(
                "upstream: \"https://api.internal:8443\"",
                "upstreams: {acme: \"https://acme.internal\", globex: \"https://globex.internal\"}")
            .replace("tenancy:\n  path: {acme: a-1, globex: 4711}\n", "")
            .replace("/{tenant}", "");
    HttpSpec spec = read(apart).spec();
    assertThat(spec.tenants()).containsEntry(new TenantId("acme"), "acme");
    assertThat(spec.upstream().of(new TenantId("globex")))
        .contains(URI.create("https://globex.internal"));
    assertThat(spec.upstream().of(new TenantId("initech"))).isEmpty();
  }

  /// Each thing that decides what passes is in the digest; the order of keys is not.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Helpdesk API           | Another API
          api.internal           | other.internal
          a-1                    | a-2
          [read, write]          | [read, write, metadata]
          query: [status]        | query: [page]
          tickets/{id}           | ticket/{id}
          method: GET            | method: HEAD
          most: 1000             | most: 1001
          level: read, query     | level: write, query
          application/json       | text/plain
          """)
  void theDigestStandsForAllOfIt(String from, String to) {
    assertThat(WHOLE).contains(from);
    assertThat(read(WHOLE.replace(from, to)).spec().digest())
        .isNotEqualTo(read(WHOLE).spec().digest());
    String name = "name: Helpdesk API\n";
    assertThat(read(WHOLE.replace(name, "") + name).spec().digest())
        .isEqualTo(read(WHOLE).spec().digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /v1/{tenant}/tickets"      | /v1/tickets"               | needs {tenant}
          query: [status]            | querry: [status]           | querry
          method: GET                | method: TRACE              | must be GET
          level: write               | level: admin               | must be metadata
          levels: [read, write]      | levels: [masked]           | masked is not offered
          levels: [read, write]      | levels: []                 | at least one
          globex: 4711               | globex: a-1                | two tenants share the value a-1
          globex: 4711               | globex: a/b                | one segment of a path
          https://api.internal:8443  | https://api.internal/v1    | not an address
          https://api.internal:8443  | file:///etc                | not an address
          , memory: helpdesk         | ``                         | memory
          upstream: "https           | upstreams: {acme: "https://c.d"}, upstream: "https | either
          most: 1000                 | most: 70000                | a body has 1 to 65536 bytes
          method: PATCH              | method: GET                | takes no body
          tickets/{id}               | tickets/{id}/{id}          | twice
          """)
  void aMistakeIsNamed(String from, String to, String said) {
    assertThat(WHOLE).contains(from);
    assertThatThrownBy(() -> read(WHOLE.replace(from, to)))
        .isInstanceOf(YamlProblem.class)
        .hasMessageContaining("resources.yaml line ")
        .hasMessageContaining(said);
  }
}
