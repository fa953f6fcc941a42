package org.openlockbox.node.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.check.caller.CheckCaller;
import org.openlockbox.check.caller.CheckCaller.CallerKind;
import org.openlockbox.check.caller.CheckCaller.CallerProof;
import org.openlockbox.check.caller.CheckCallers;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.node.config.NodeConfig.CheckPart;
import org.openlockbox.tlog.tree.Hash;

/// Reads where services and proxies ask, and who may (`gateway.check`).
final class CheckPartReader {
  private static final Duration IDLE = Duration.ofMinutes(15);

  private CheckPartReader() {}

  /// A caller that asks about nothing that there is, is a typing mistake.
  static void requireKnown(NodeConfig config, int line) {
    Set<ResourceId> known = new HashSet<>();
    config.checks().forEach(each -> known.add(each.spec().id()));
    Optional<ResourceId> unknown =
        config.gateway().flatMap(NodeConfig.GatewayPart::check).stream()
            .flatMap(check -> check.callers().stream())
            .flatMap(caller -> caller.resources().stream())
            .filter(each -> !known.contains(each))
            .findFirst();
    if (unknown.isPresent()) {
      throw new YamlProblem(
          config.file().toString(),
          line,
          "gateway.check.callers: the catalogue has no resource with 'check' called "
              + unknown.get());
    }
  }

  static CheckPart read(YamlMap check) {
    List<CheckCaller> callers = new ArrayList<>();
    for (YamlMap each : check.maps("callers")) {
      callers.add(caller(each));
    }
    try {
      var _ = new CheckCallers(callers);
    } catch (IllegalArgumentException e) {
      throw check.problem("callers", String.valueOf(e.getMessage()));
    }
    var read =
        new CheckPart(
            ConfigReader.listen(check, "listen"),
            url(check),
            callers,
            check.optionalDuration("idle").orElse(IDLE));
    check.done();
    if (!read.idle().isPositive()) {
      throw check.problem("idle", "must be above 0");
    }
    return read;
  }

  private static URI url(YamlMap check) {
    try {
      URI url = new URI(check.text("url"));
      if ("https".equals(url.getScheme())
          && url.getHost() != null
          && url.getRawPath().isEmpty()
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw check.problem("url", "must be https://host or https://host:port");
  }

  private static CheckCaller caller(YamlMap map) {
    if (map.has("secretSha256") == map.has("certificateSha256")) {
      throw map.problem("name", "either 'secretSha256' or 'certificateSha256' is needed");
    }
    CallerProof proof =
        map.has("secretSha256")
            ? new CallerProof.SecretHash(hash(map, "secretSha256"))
            : new CallerProof.CertificateHash(hash(map, "certificateSha256"));
    if (map.has("tenants") && map.texts("tenants").isEmpty()) {
      throw map.problem("tenants", "names no tenant; leave the key out for all of them");
    }
    Set<ResourceId> resources = new HashSet<>();
    Set<TenantId> tenants = new HashSet<>();
    try {
      map.texts("resources").forEach(each -> resources.add(new ResourceId(each)));
      map.texts("tenants").forEach(each -> tenants.add(new TenantId(each)));
      var read = new CheckCaller(map.text("name"), proof, kind(map), resources, tenants);
      map.done();
      return read;
    } catch (IllegalArgumentException e) {
      throw map.problem("name", String.valueOf(e.getMessage()));
    }
  }

  private static CallerKind kind(YamlMap map) {
    return switch (map.text("kind")) {
      case "service" -> CallerKind.SERVICE;
      case "proxy" -> CallerKind.PROXY;
      default -> throw map.problem("kind", "must be service or proxy");
    };
  }

  private static Hash hash(YamlMap map, String key) {
    String text = map.word(key);
    if (!text.matches("[0-9a-f]{64}")) {
      throw map.problem(key, "must be 64 hexadecimal digits, a SHA-256");
    }
    return Hash.ofHex(text);
  }
}
