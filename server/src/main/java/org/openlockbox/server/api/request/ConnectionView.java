package org.openlockbox.server.api.request;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.access.ConnectStatements;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.StoredRequest;

/// Where an engineer connects, as the API says it.
public final class ConnectionView {
  private final Provider provider;

  public ConnectionView(Provider provider) {
    this.provider = provider;
  }

  /// The gateway that leads to what was asked for: in this region, or where engineers usually go.
  ///
  /// @throws Problem if the resource is no longer served, or has no gateway in that region
  ChosenGateway gateway(StoredRequest stored, Optional<Region> region) {
    var id = stored.submission().terms().resource();
    var resource =
        provider
            .resource(id)
            .orElseThrow(
                () ->
                    Problem.conflict(
                        "resource", "the resource %s is no longer served".formatted(id)));
    return new ChosenGateway(
        resource,
        region
            .map(name -> resource.gatewayIn(name).orElseThrow(() -> noGateway(resource, name)))
            .orElseGet(resource::gateway));
  }

  private static Problem noGateway(Resource resource, Region region) {
    String others =
        resource.regions().isEmpty()
            ? "its gateways have no region"
            : "its gateways are in "
                + resource.regions().stream().map(Region::value).collect(Collectors.joining(", "));
    return Problem.refused(
        "region", "no gateway in %s leads to %s; %s".formatted(region, resource.id(), others));
  }

  /// A resource, and the gateway through which this engineer goes.
  record ChosenGateway(Resource resource, Resource.GatewayEndpoint gateway) {
    Json.Object answer(ConnectStatements.AcceptableStatement ready) {
      var answer =
          Json.object()
              .put("request", ready.stored().id().value())
              .put("protocol", resource.protocol().word())
              .put("host", gateway.host())
              .put("port", gateway.port())
              .put("database", gateway.database())
              .put("user", ready.statement().user())
              .put("caPem", gateway.caPem())
              .put("expireTime", ready.statement().window().notAfter());
      gateway.region().ifPresent(region -> answer.put("region", region.value()));
      if (!resource.regions().isEmpty()) {
        answer.putTexts("regions", resource.regions().stream().map(Region::value).toList());
      }
      resource.routes().ifPresent(all -> answer.put("routes", routes(all, ready)));
      return answer.build();
    }

    /// What the engineer may ask for, at the level that was granted.
    private static List<Json.Object> routes(
        Resource.ServiceRoutes all, ConnectStatements.AcceptableStatement ready) {
      return all.of(ready.stored().tenant(), ready.level()).stream()
          .map(
              route ->
                  Json.object()
                      .put("name", route.name())
                      .put("method", route.method())
                      .put("path", route.path())
                      .put("level", route.level().word())
                      .build())
          .toList();
    }
  }
}
