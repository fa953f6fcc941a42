package org.openlockbox.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.http.catalogue.ServiceReader;
import org.openlockbox.http.openapi.OpenApiImport.RouteDraft;
import org.openlockbox.policy.yaml.MalformedYaml;

/// An OpenAPI document becomes routes that the catalogue takes, with remarks on what is lost.
class OpenApiImportTest {
  private static final String DOCUMENT =
      """
      openapi: 3.1.0
      info: {title: Helpdesk, version: 1.0.0}
      servers: [{url: 'https://api.example.com/v1/'}]
      paths:
        /tenants/{tenant_id}/tickets:
          parameters:
            - $ref: '#/components/parameters/page'
            - {name: tenant_id, in: path, required: true, schema: {type: integer}}
          get:
            operationId: listTickets
            parameters:
              - {name: status, in: query, schema: {type: string}}
              - {name: X-Trace, in: header, schema: {type: string}}
            responses: {'200': {description: all of them}}
          post:
            operationId: listTickets
            requestBody:
              content: {'application/json; charset=utf-8': {schema: {type: object}}}
            responses: {'201': {description: made}}
          options: {responses: {'200': {description: nothing}}}
        /tenants/{tenant_id}/tickets/{ticket-id}:
          get: {responses: {'200': {description: one}}}
        /tenants/{tenant_id}/tickets/search:
          get: {operationId: tickets.search, responses: {'200': {description: some}}}
        /tenants/{tenant_id}/export.{format}:
          get: {responses: {'200': {description: a file}}}
      components:
        parameters:
          page: {name: page, in: query, schema: {type: integer}}
      """;

  @Test
  void operationsBecomeRoutes() {
    RouteDraft draft = OpenApiImport.read(DOCUMENT, Optional.of("tenant_id"));
    assertThat(draft.title()).isEqualTo("Helpdesk");
    assertThat(RouteDraftText.of(draft))
        .isEqualToNormalizingNewlines(
            """
                routes:
                  list-tickets: {method: GET, path: '/v1/tenants/{tenant}/tickets', level: read, query: ['page', 'status']}
                  list-tickets-2: {method: POST, path: '/v1/tenants/{tenant}/tickets', level: write, query: ['page'], body: {types: ['application/json']}}
                  get-v1-tenants-tenant-id-tickets-ticket: {method: GET, path: '/v1/tenants/{tenant}/tickets/{ticketId}', level: read}
                  tickets-search: {method: GET, path: '/v1/tenants/{tenant}/tickets/search', level: read}
            """);
    assertThat(draft.remarks())
        .containsExactly(
            "get /v1/tenants/{tenant_id}/tickets: the header X-Trace does not pass",
            "options /v1/tenants/{tenant_id}/tickets is left out: no route has this method",
            "get /v1/tenants/{tenant_id}/export.{format} is left out: a segment is neither fixed"
                + " nor a single place",
            "one request could be get-v1-tenants-tenant-id-tickets-ticket and tickets-search:"
                + " leave one of them out");
  }

  /// But for routes that overlap, which a human has to decide.
  @Test
  void theCatalogueTakesTheDraft() {
    String apart = DOCUMENT.replace("tickets/search", "search");
    String routes = RouteDraftText.of(OpenApiImport.read(apart, Optional.of("tenant_id")));
    String resource =
        """
        id: api
        name: API
        http: {upstream: 'https://api.example.com', memory: db}
        tenancy: {path: {acme: 1}}
        levels: [read, write]
        """
            + routes.indent(-4);
    var listed = ServiceReader.read(YamlMap.parse("resources.yaml", resource));
    assertThat(listed.spec().routes().routes()).hasSize(4);
  }

  @Test
  void aDocumentInJsonIsReadToo() {
    String json =
        "{\"openapi\":\"3.0.0\",\"paths\":{\"/a\":{\"get\":{\"responses\":{\"200\":{}}}}}}";
    assertThat(RouteDraftText.of(OpenApiImport.read(json, Optional.empty())))
        .contains("get-a: {method: GET, path: '/a', level: read}");
  }

  @Test
  void whatIsNoSuchDocumentIsRefused() {
    assertThatThrownBy(() -> OpenApiImport.read("a: b", Optional.empty()))
        .hasMessageContaining("no 'paths'");
    assertThatThrownBy(() -> OpenApiImport.read("", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OpenApiImport.read("paths: {a: {200: b}}", Optional.empty()))
        .isInstanceOf(MalformedYaml.class);
  }

  /// References in a circle, or to nowhere, end.
  @Test
  void referencesThatLeadNowhereAreTakenForAbsent() {
    String circle =
        """
        paths:
          /a:
            get:
              parameters: [{$ref: '#/x'}, {$ref: 'other.yaml#/x'}, {$ref: '#/y'}]
        x: {$ref: '#/x'}
        """;
    assertThat(OpenApiImport.read(circle, Optional.of("id")).remarks())
        .containsExactly("no path has the parameter id");
  }
}
