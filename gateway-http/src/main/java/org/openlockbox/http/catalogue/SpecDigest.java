package org.openlockbox.http.catalogue;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.tenant.TenantId;
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
    spec.audience().ifPresent(audience -> json.put("audience", audience));
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
                    .put("path", each.getValue())
                    .putIfPresent(
                        "upstream",
                        spec.upstream().of(new TenantId(each.getKey())).map(Object::toString))
                    .build())
        .toList();
  }

  private static Json.Object route(HttpRoute route) {
    JsonObjectBuilder json =
        Json.object()
            .put("level", route.level().word())
            .put("method", route.method().name())
            .put("name", route.name().value())
            .put("path", route.path().toString())
            .putTexts("query", List.copyOf(new TreeSet<>(route.query())));
    route.body().ifPresent(body -> json.put("body", body(body)));
    return json.build();
  }

  private static Json.Object body(BodyRule body) {
    return Json.object()
        .put("most", body.most())
        .putTexts("types", List.copyOf(new TreeSet<>(body.types())))
        .build();
  }
}
