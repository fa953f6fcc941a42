package org.openlockbox.http.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.http.assertion.AssertionRule;
import org.openlockbox.http.json.FieldMask;
import org.openlockbox.http.json.JsonPath;

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
    assertThat(spec.upstream().all(new TenantId("acme")))
        .contains(URI.create("https://api.internal:8443"));
    assertThat(spec.routes().routes())
        .extracting(route -> route.name().value())
        .containsExactly("tickets.list", "tickets.update");
    assertThat(spec.routes().routes().getFirst().request().query()).containsExactly("status");
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
    assertThat(spec.upstream().all(new TenantId("globex")))
        .contains(URI.create("https://globex.internal"));
    assertThat(spec.upstream().all(new TenantId("initech"))).isEmpty();
  }

  @Test
  void aServiceThatTakesAssertionsNeedsNoTenantInItsPaths() {
    String asserted =
        WHOLE
            .replace("memory: helpdesk", "memory: helpdesk, assertion: {}")
            .replace("/{tenant}", "");
    assertThat(read(asserted).spec().assertion())
        .contains(new AssertionRule("helpdesk-api", false));
    String other = asserted.replace("assertion: {}", "assertion: {audience: api, bearer: true}");
    assertThat(read(other).spec().assertion()).contains(new AssertionRule("api", true));
  }

  /// A forced parameter tells the service whose data is meant, as a path does.
  @Test
  void aForcedParameterStandsForTheTenantInThePath() {
    String forced =
        WHOLE
            .replace("/v1/{tenant}/tickets\"", "/v1/tickets\"")
            .replace("query: [status]", "query: [status], forced: {tenant_id: \"{tenant}\"}");
    assertThat(read(forced).spec().routes().routes().getFirst().request().forcedFor("a-1"))
        .containsExactly(Map.entry("tenant_id", "a-1"));
  }

  @Test
  void anAnswerIsReadWithItsFieldsAndItsTenant() {
    String masked =
        WHOLE
            .replace(
                "level: read, query",
                "level: masked, show: [a.*.id], mask: {a.*.mail: email}, tenant: [a.*.t], query")
            .replace("globex: 4711}", "globex: 4711}\n  answer: {acme: 1}")
            .replace("levels: [read", "levels: [masked, read");
    HttpSpec spec = read(masked).spec();
    AnswerRule answer = spec.routes().routes().getFirst().answer();
    assertThat(answer.fields().byPath())
        .containsEntry(JsonPath.parse("a.*.id"), FieldMask.SHOW)
        .containsEntry(JsonPath.parse("a.*.mail"), FieldMask.EMAIL);
    assertThat(answer.tenant()).containsExactly(JsonPath.parse("a.*.t"));
    assertThat(spec.answers())
        .containsEntry(new TenantId("acme"), "1")
        .containsEntry(new TenantId("globex"), "4711");
    assertThat(spec.digest())
        .isNotEqualTo(read(masked.replace("acme: 1", "acme: 2")).spec().digest());
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
          level: read, query     | level: masked, show: [a], query
          level: read, query     | level: masked, show: [b], query
          level: read, query     | level: masked, mask: {a: redact}, query
          level: read, query     | level: masked, show: [a], lines: true, query
          level: read, query     | level: read, tenant: [a], query
          query: [status]        | query: [status], headers: [x-trace]
          query: [status]        | query: [status], forced: {t: "{tenant}"}
          query: [status]        | query: [status], forced: {t: x}
          query: [status]        | query: [status], rows: a.*
          query: [status]        | query: [status], opaque: true
          query: [status]        | query: [status], stream: events
          query: [status]        | query: [status], stream: websocket
          upstream: "https://api.internal:8443" | mounts: {/: "https://api.internal:8443"}
          memory: helpdesk       | memory: helpdesk, assertion: {}
          memory: helpdesk       | memory: helpdesk, assertion: {bearer: true}
          memory: helpdesk       | memory: helpdesk, assertion: {audience: api}
          """)
  void theDigestStandsForAllOfIt(String from, String to) {
    assertThat(WHOLE).contains(from);
    assertThat(read(WHOLE.replace(from, to)).spec().digest())
        .isNotEqualTo(read(WHOLE).spec().digest());
    String name = "name: Helpdesk API\n";
    assertThat(read(WHOLE.replace(name, "") + name).spec().digest())
        .isEqualTo(read(WHOLE).spec().digest());
  }

  @Test
  void theDigestStandsForSubprotocols() {
    String words = WHOLE.replace("query: [status]", "stream: websocket, subprotocols: [chat]");
    assertThat(read(words).spec().digest())
        .isNotEqualTo(read(words.replace("chat", "talk")).spec().digest());
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
          levels: [read, write]      | levels: [masked]           | no route is of the level masked
          levels: [read, write]      | levels: []                 | at least one
          globex: 4711               | globex: a-1                | two tenants share the value a-1
          globex: 4711               | globex: a/b                | one segment of a path
          https://api.internal:8443  | https://api.internal/v1    | not an address
          https://api.internal:8443  | file:///etc                | not an address
          , memory: helpdesk         | ``                         | memory
          upstream: "https           | upstreams: {acme: "https://c.d"}, upstream: "https | either
          memory: helpdesk           | memory: helpdesk, assertion: {audience: "a b"} | an audience is
          level: read, query         | level: masked, query       | 'show' or 'mask' is needed
          query: [status]            | show: [id]                 | are for metadata and masked
          query: [status]            | lines: true                | are for metadata and masked
          query: [status]            | tenant: [a b]              | is no path
          level: read, query         | level: masked, mask: {a: hash}, query  | must be email
          level: read, query         | level: masked, show: [a], mask: {a: email}, query | listed twice
          level: read, query | level: masked, show: [a], lines: true, tenant: [a], query | form lines
          globex: 4711}              | globex: 4711}\\n  answer: {initech: 3}      | does not name
          globex: 4711}              | globex: 4711}\\n  answer: {acme: 1, globex: 1} | share a value
          most: 1000                 | most: 2000000000           | a body has 1 to 1073741824 bytes
          method: PATCH              | method: GET                | takes no body
          level: write               | level: read                | is of the level write
          level: read, query         | level: read, reads: true, query | 'reads' is for POST
          query: [status]            | subprotocols: [chat]       | are for a WebSocket
          query: [status]            | stream: websocket, subprotocols: ["a b"] | is no subprotocol
          query: [status]            | headers: [cookie]          | never passes
          query: [status]            | headers: [x-forwarded-user] | never passes
          query: [status]            | headers: [x-lockbox-assertion] | never passes
          query: [status]            | headers: [x_trace]         | is no header
          query: [status]            | query: [status], forced: {status: x} | either sent
          query: [status]            | query: [status], forced: {Status: x} | either sent
          query: [status]            | query: ["status[]"], forced: {status: x} | either sent
          body: {types: [application/json] | forced: {t: x}\\n    body: {types: [multipart/form-data] | fields of a form
          query: [status]            | headers: [x-accel-redirect] | never passes
          query: [status]            | headers: [content-encoding] | never passes
          query: [status]            | headers: [remote-user]     | never passes
          query: [status]            | forced: {t: "{id}"}        | without braces
          query: [status]            | opaque: true, rows: a.*    | nor counted
          query: [status]            | opaque: true, stream: events | one of
          query: [status]            | stream: sse                | must be events or websocket
          level: read, query         | level: masked, opaque: true, query | is shown whole
          level: read, query         | level: masked, show: [a], headers: [if-none-match], query | tell what is masked
          upstream: "https://api.internal:8443" | mounts: {/v2: "https://a.b"} | no mount has the path
          upstream: "https://api.internal:8443" | mounts: {/: "https://a.b", /v1/a-1/tickets/9: "https://c.d"} | could be below the mount
          upstream: "https://api.internal:8443" | mounts: {v1: "https://a.b"} | must be a path
          tickets/{id}               | tickets/{id}/{id}          | twice
          """)
  void aMistakeIsNamed(String from, String to, String said) {
    assertThat(WHOLE).contains(from);
    assertThatThrownBy(() -> read(WHOLE.replace(from, to.replace("\\n", "\n"))))
        .isInstanceOf(YamlProblem.class)
        .hasMessageContaining("resources.yaml line ")
        .hasMessageContaining(said);
  }
}
