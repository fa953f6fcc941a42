package org.openlockbox.http.catalogue;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.http.json.JsonPath;
import org.openlockbox.tlog.tree.Hash;

/// SHA-256 of what the catalogue says of an HTTP resource, as canonical JSON. Sets are sorted, and
/// routes are in the order of the catalogue.
final class SpecDigest {
  private SpecDigest() {}

  static Hash of(HttpSpec spec) {
    JsonObjectBuilder json =
        Json.object()
            .put("id", spec.id().value())
            .put("name", spec.name())
            .putTexts("levels", spec.levels().stream().sorted().map(Level::word).toList())
            .put("providerReview", spec.needsReview())
            .put("routes", spec.routes().routes().stream().map(SpecDigest::route).toList())
            .put("tenants", tenants(spec));
    spec.assertion()
        .ifPresent(rule -> json.put("audience", rule.audience()).put("bearer", rule.bearer()));
    return Bytes.of(CanonicalJson.bytes(json.build())).sha256();
  }

  private static List<Json.Object> tenants(HttpSpec spec) {
    var byId = new TreeMap<String, String>();
    spec.tenants().forEach((tenant, segment) -> byId.put(tenant.value(), segment));
    return byId.entrySet().stream()
        .map(
            each ->
                Json.object()
                    .put("id", each.getKey())
                    .putIfPresent(
                        "answer",
                        Optional.ofNullable(spec.answers().get(new TenantId(each.getKey()))))
                    .put("path", each.getValue())
                    .putIfPresent("upstream", upstream(spec, new TenantId(each.getKey())))
                    .build())
        .toList();
  }

  /// Of mounts each path stands with its own.
  private static Optional<String> upstream(HttpSpec spec, TenantId tenant) {
    return switch (spec.upstream()) {
      case HttpUpstream.UpstreamMounts(var mounts) ->
          Optional.of(
              mounts.entrySet().stream()
                  .map(each -> each.getKey() + " " + each.getValue())
                  .sorted()
                  .collect(Collectors.joining(", ")));
      case HttpUpstream.SharedUpstream _, HttpUpstream.UpstreamPerTenant _ ->
          spec.upstream().all(tenant).stream().findFirst().map(Object::toString);
    };
  }

  private static Json.Object route(HttpRoute route) {
    JsonObjectBuilder json =
        Json.object()
            .put("level", route.level().word())
            .put("method", route.method().name())
            .put("name", route.name().value())
            .put("path", route.path().toString())
            .put("reads", route.request().reads())
            .putTexts("headers", List.copyOf(new TreeSet<>(route.request().headers())))
            .putTexts("query", List.copyOf(new TreeSet<>(route.request().query())))
            .put("forced", forced(route.request()));
    if (!route.request().subprotocols().isEmpty()) {
      json.putTexts("subprotocols", List.copyOf(new TreeSet<>(route.request().subprotocols())));
    }
    route.body().ifPresent(body -> json.put("body", body(body)));
    answer(route.answer(), json);
    return json.build();
  }

  private static List<Json.Object> forced(RequestRule rule) {
    return new TreeMap<>(rule.forced())
        .entrySet().stream()
            .map(
                each ->
                    Json.object().put("name", each.getKey()).put("value", each.getValue()).build())
            .toList();
  }

  private static void answer(AnswerRule rule, JsonObjectBuilder json) {
    json.put(
        "fields",
        rule.fields().byPath().entrySet().stream()
            .map(
                each ->
                    Json.object()
                        .put("mask", each.getValue().word())
                        .put("path", each.getKey().toString())
                        .build())
            .toList());
    json.put("form", rule.form().word());
    json.putIfPresent("rows", rule.rows().map(JsonPath::toString));
    json.putTexts("tenant", rule.tenant().stream().map(JsonPath::toString).sorted().toList());
  }

  private static Json.Object body(BodyRule body) {
    return Json.object()
        .put("most", body.most())
        .putTexts("types", List.copyOf(new TreeSet<>(body.types())))
        .build();
  }
}
