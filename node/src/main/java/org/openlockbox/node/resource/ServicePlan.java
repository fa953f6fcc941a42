package org.openlockbox.node.resource;

import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.HttpSpec;

/// `lockbox resource plan` for a service that speaks HTTP: there is nothing to apply, so it says
/// what each level opens, what tells the customers apart, and what that leaves to the service.
final class ServicePlan {
  private final HttpSpec spec;
  private final PrintStream out;

  ServicePlan(HttpListing service, PrintStream out) {
    this.spec = service.spec();
    this.out = out;
  }

  void print() {
    out.printf("%s (%s), over HTTP%n", spec.name(), spec.id());
    spec.tenants().keySet().stream()
        .sorted((a, b) -> a.value().compareTo(b.value()))
        .forEach(
            tenant ->
                out.printf(
                    "  %s: %s, %s in paths%n",
                    tenant, upstreams(tenant), spec.tenants().get(tenant)));
    for (Level level : Level.values()) {
      if (spec.levels().contains(level)) {
        level(level);
      }
    }
    out.println("\nWhat tells the customers apart:");
    spec.assertion()
        .ifPresentOrElse(
            rule ->
                out.printf(
                    "  an assertion for %s, which the service has to check"
                        + " (`lockbox resource check %s`)%n",
                    rule.audience(), spec.id()),
            () ->
                out.println(
                    "  no assertion: the service believes its network and the path of a request"));
    List<HttpRoute> unchecked =
        spec.routes().routes().stream().filter(each -> each.answer().tenant().isEmpty()).toList();
    if (unchecked.isEmpty()) {
      out.println("  each answer has to say whose it is");
    } else {
      out.println("  answers that are not held against 'tenant': " + names(unchecked));
    }
  }

  private String upstreams(TenantId tenant) {
    return spec.upstream().all(tenant).stream()
        .map(URI::toString)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String names(List<HttpRoute> routes) {
    return routes.stream().map(each -> each.name().value()).collect(Collectors.joining(", "));
  }

  private void level(Level level) {
    out.printf("%n%s opens:%n", level.word());
    for (HttpRoute route : spec.routes().routes()) {
      if (!route.level().isWiderThan(level)) {
        new RoutePlan(route).print(level, out);
      }
    }
  }
}
