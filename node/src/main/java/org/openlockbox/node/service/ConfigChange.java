package org.openlockbox.node.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.GatewayPart;
import org.openlockbox.node.config.NodeConfig.ServerPart;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// What may change of a configuration while its node runs.
final class ConfigChange {
  private static final List<LastingSetting<ServerPart>> OF_SERVERS =
      List.of(
          new LastingSetting<>(
              "listen, url, approve or the names of the TLS files", ServerPart::web),
          new LastingSetting<>("logHost, logKey or another setting of the log", ServerPart::log),
          new LastingSetting<>("database", ServerPart::database),
          new LastingSetting<>(
              "gatewayCa or gatewayAuthority",
              part -> List.of(part.gateways().ca(), part.gateways().authority())),
          new LastingSetting<>("provider", ServerPart::provider),
          new LastingSetting<>(
              "privateWebhookHosts", part -> part.notifications().privateWebhookHosts()),
          new LastingSetting<>("requestRates", ServerPart::requestRates),
          new LastingSetting<>("keep", ServerPart::keep),
          new LastingSetting<>("issuers", ServerPart::issuers));
  private static final List<LastingSetting<GatewayPart>> OF_GATEWAYS =
      List.of(
          new LastingSetting<>("id", GatewayPart::id),
          new LastingSetting<>("region", GatewayPart::region),
          new LastingSetting<>("listen", GatewayPart::listen),
          new LastingSetting<>(
              "http, apart from assertionKeys",
              part -> part.http().map(http -> List.of(http.listen(), http.ca(), http.idle()))),
          new LastingSetting<>(
              "check, apart from callers",
              part ->
                  part.check().map(check -> List.of(check.listen(), check.url(), check.idle()))),
          new LastingSetting<>("key", GatewayPart::key),
          new LastingSetting<>("certificate", GatewayPart::certificate),
          new LastingSetting<>("the names of the TLS files", GatewayPart::tls),
          new LastingSetting<>("server", GatewayPart::server),
          new LastingSetting<>("hold or recordMegabytes", GatewayPart::sessions),
          new LastingSetting<>("logins", GatewayPart::logins));

  /// A setting that takes effect at a start alone.
  private record LastingSetting<T>(String name, Function<T, Object> value) {
    boolean differs(T before, T next) {
      return !value.apply(before).equals(value.apply(next));
    }
  }

  private ConfigChange() {}

  /// Fails where a setting differs that takes effect at a start alone.
  static void requireReloadable(NodeConfig before, NodeConfig next) {
    var lasting = new ArrayList<String>();
    if (before.server().isPresent() != next.server().isPresent()
        || before.gateway().isPresent() != next.gateway().isPresent()) {
      lasting.add("which parts the node runs");
    } else {
      before.server().ifPresent(a -> find(OF_SERVERS, "server: ", a, next.server().get(), lasting));
      before
          .gateway()
          .ifPresent(a -> find(OF_GATEWAYS, "gateway: ", a, next.gateway().get(), lasting));
    }
    if (!before.management().equals(next.management())) {
      lasting.add("management");
    }
    if (!lasting.isEmpty()) {
      throw new NodeFailure(
          Code.USAGE,
          "%s: this takes effect at a restart alone: %s. Nothing was changed"
              .formatted(next.file(), String.join("; ", lasting)));
    }
  }

  private static <T> void find(
      List<LastingSetting<T>> settings, String part, T before, T next, List<String> found) {
    settings.stream()
        .filter(setting -> setting.differs(before, next))
        .forEach(setting -> found.add(part + setting.name()));
  }

  /// Fails where the rows that an open session may see would belong to another tenant from now on.
  static void requireKept(NodeConfig before, NodeConfig next, List<Permit> open) {
    for (Permit permit : open) {
      ResourceId resource = permit.protection().id();
      TenantId tenant = permit.tenant();
      var was = value(before.catalogue(), resource, tenant);
      if (!was.isEmpty() && !was.equals(value(next.catalogue(), resource, tenant))) {
        throw new NodeFailure(
            Code.FAILURE,
            "%s: the rows of tenant %s are %s while sessions run; they would be others. Nothing was changed"
                .formatted(resource, tenant, was));
      }
    }
  }

  private static String value(Catalogue catalogue, ResourceId resource, TenantId tenant) {
    return catalogue.resources().stream()
        .filter(spec -> spec.id().equals(resource))
        .flatMap(spec -> bound(spec, tenant).stream())
        .findFirst()
        .orElse("");
  }

  private static Optional<String> bound(ResourceSpec spec, TenantId tenant) {
    return spec.tenancy().valueOf(tenant).map(value -> value + " of " + spec.address().database());
  }
}
