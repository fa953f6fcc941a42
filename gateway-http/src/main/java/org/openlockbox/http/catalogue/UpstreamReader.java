package org.openlockbox.http.catalogue;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.http.uri.CanonicalPath;

/// Reads where a service answers: `upstream`, `upstreams` or `mounts`.
final class UpstreamReader {
  private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  private UpstreamReader() {}

  /// @throws YamlProblem naming the line of the first mistake
  static HttpUpstream read(YamlMap http) {
    List<String> there =
        List.of("upstream", "upstreams", "mounts").stream().filter(http::has).toList();
    if (there.size() != 1) {
      throw http.problem(
          "upstream",
          "either 'upstream' for all tenants, or 'upstreams' with one for each, or 'mounts' with one for each path");
    }
    String key = there.getFirst();
    try {
      return switch (key) {
        case "upstream" ->
            new HttpUpstream.SharedUpstream(address(http, key, http.text("upstream")));
        case "upstreams" -> new HttpUpstream.UpstreamPerTenant(tenants(http.map(key)));
        default -> new HttpUpstream.UpstreamMounts(mounts(http.map(key)));
      };
    } catch (IllegalArgumentException e) {
      throw http.problem(key, String.valueOf(e.getMessage()));
    }
  }

  private static Map<TenantId, URI> tenants(YamlMap each) {
    Map<TenantId, URI> bases = new HashMap<>();
    for (String tenant : each.keys()) {
      if (!SLUG.matcher(tenant).matches()) {
        throw each.problem(tenant, "must be lower-case letters, digits and dashes");
      }
      bases.put(new TenantId(tenant), address(each, tenant, each.text(tenant)));
    }
    each.done();
    return bases;
  }

  private static Map<CanonicalPath, URI> mounts(YamlMap each) {
    Map<CanonicalPath, URI> bases = new HashMap<>();
    for (String prefix : each.keys()) {
      CanonicalPath path =
          CanonicalPath.parse(prefix)
              .orElseThrow(() -> each.problem(prefix, "must be a path such as / or /api"));
      bases.put(path, address(each, prefix, each.text(prefix)));
    }
    each.done();
    return bases;
  }

  private static URI address(YamlMap map, String key, String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw map.problem(key, "must be an address such as https://api.example.com:8443");
    }
  }
}
