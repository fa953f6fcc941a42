package org.openlockbox.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.provider.Resource;

/// What engineers can ask a [TestServer] for.
final class TestResources {
  private TestResources() {}

  /// Two databases, one of which needs a review, and a service that speaks HTTP.
  static List<Resource> all() {
    return List.of(database("helpdesk", false), database("billing", true), api());
  }

  /// A database.
  private static Resource database(String id, boolean review) {
    return new Resource(
        new ResourceId(id),
        id,
        Set.of(Level.METADATA, Level.MASKED, Level.READ),
        review,
        Resource.DECIDE_WITHIN,
        List.of(new Resource.GatewayEndpoint(Optional.empty(), "127.0.0.1", 8432, id, "")),
        List.of(
            new Resource.ResourceTable(
                "app", "customers", List.of("email"), List.of("secret"), false),
            new Resource.ResourceTable("app", "plans", List.of(), List.of(), true)),
        Optional.empty(),
        Assurance.GATED,
        "0".repeat(64));
  }

  private static Resource.GatewayEndpoint apiGateway(String region) {
    return new Resource.GatewayEndpoint(
        Optional.of(new Region(region)), "127.0.0.1", 8443, "helpdesk-api", "");
  }

  /// A service that speaks HTTP, with gateways in two regions, and no route at level metadata.
  private static Resource api() {
    return new Resource(
        new ResourceId("helpdesk-api"),
        "Helpdesk API",
        Set.of(Level.values()),
        false,
        Resource.DECIDE_WITHIN,
        Stream.of("eu-central-1", "us-east-1").map(TestResources::apiGateway).toList(),
        List.of(),
        Optional.of(
            new Resource.ServiceRoutes(
                List.of(
                    new Resource.ResourceRoute(
                        "tickets.list",
                        "GET",
                        "/t/{tenant}/tickets",
                        Level.MASKED,
                        new Resource.RouteFields(
                            List.of("tickets.*.id"), List.of("tickets.*.subject"))),
                    new Resource.ResourceRoute(
                        "tickets.update", "PATCH", "/t/{tenant}/tickets/{id}", Level.WRITE)),
                Map.of(new TenantId("acme"), "a-1"))),
        Assurance.GATED,
        "1".repeat(64));
  }
}
