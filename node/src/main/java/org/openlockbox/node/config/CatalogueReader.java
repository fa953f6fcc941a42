package org.openlockbox.node.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openlockbox.check.catalogue.CheckListing;
import org.openlockbox.check.catalogue.CheckReader;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.application.ApplicationListing;
import org.openlockbox.gateway.application.ApplicationReader;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.http.catalogue.ServiceReader;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// Reads `resources.yaml`: databases, services that speak HTTP, services that ask, and applications
/// that are their own gateway.
final class CatalogueReader {
  /// What the file lists.
  record ListedResources(
      Catalogue databases,
      List<HttpListing> services,
      List<CheckListing> checks,
      List<ApplicationListing> applications) {
    ListedResources {
      services = List.copyOf(services);
      checks = List.copyOf(checks);
      applications = List.copyOf(applications);
    }

    Stream<ResourceId> databaseIds() {
      return databases.resources().stream().map(ResourceSpec::id);
    }

    Stream<ResourceId> serviceIds() {
      return services.stream().map(service -> service.spec().id());
    }

    private List<ResourceId> ids() {
      return Stream.of(
              databaseIds(),
              serviceIds(),
              checks.stream().map(check -> check.spec().id()),
              applications.stream().map(application -> application.spec().id()))
          .flatMap(each -> each)
          .toList();
    }
  }

  private CatalogueReader() {}

  /// @throws YamlProblem naming the line of the first mistake
  static ListedResources read(String file, String text) {
    var top = YamlMap.parse(file, text);
    List<ResourceSpec> databases = new ArrayList<>();
    List<HttpListing> services = new ArrayList<>();
    List<CheckListing> checks = new ArrayList<>();
    List<ApplicationListing> applications = new ArrayList<>();
    for (YamlMap item : top.maps("resources")) {
      if (item.has("http")) {
        services.add(ServiceReader.read(item));
      } else if (item.has("check")) {
        checks.add(CheckReader.read(item));
      } else if (item.has(ApplicationReader.KEY)) {
        applications.add(ApplicationReader.read(item));
      } else {
        databases.add(Catalogue.resource(item));
      }
    }
    top.done();
    if (!top.has("resources")) {
      throw new YamlProblem(file, top.line(), "missing key 'resources'");
    }
    var listed = new ListedResources(new Catalogue(databases), services, checks, applications);
    requireApart(file, top.line(), listed.ids());
    requireOneMeaning(file, top.line(), checks);
    requireMemories(file, top.line(), listed);
    return listed;
  }

  private static void requireMemories(String file, int line, ListedResources listed) {
    List<ResourceSpec> databases = listed.databases().resources();
    listed
        .services()
        .forEach(
            each ->
                requireMemory(
                    file, line, each.spec().id() + ": http.memory", each.memory(), databases));
    listed
        .checks()
        .forEach(
            each ->
                requireMemory(
                    file, line, each.spec().id() + ": check.memory", each.memory(), databases));
  }

  /// A server may run before there is a resource, as on the day of its making. A gateway of nothing
  /// is a mistake; applications are no business of a gateway's.
  static void requireSomething(NodeConfig config) {
    if (config.gateway().isPresent()
        && config.catalogue().resources().isEmpty()
        && config.services().isEmpty()
        && config.checks().isEmpty()) {
      throw new YamlProblem(config.resources().toString(), 1, "'resources' lists nothing");
    }
  }

  private static void requireApart(String file, int line, List<ResourceId> ids) {
    if (ids.stream().distinct().count() < ids.size()) {
      throw new YamlProblem(file, line, "two resources have the same id");
    }
  }

  /// What a service asks about is one resource of one tenant, or nobody knows which is meant.
  private static void requireOneMeaning(String file, int line, List<CheckListing> checks) {
    Map<List<String>, ResourceId> taken = new HashMap<>();
    for (CheckListing each : checks) {
      CheckSpec spec = each.spec();
      for (String value : spec.tenants().values().stream().flatMap(List::stream).toList()) {
        ResourceId other = taken.put(List.of(spec.resourceType(), value), spec.id());
        if (other != null) {
          throw new YamlProblem(
              file,
              line,
              "%s and %s have the same check.resource and the same tenancy.ids value '%s'"
                  .formatted(other, spec.id(), value));
        }
      }
    }
  }

  /// Gateways remember in one place what they saw of logs: one that no tenant has for itself.
  private static void requireMemory(
      String file, int line, String key, ResourceId memory, List<ResourceSpec> databases) {
    boolean fits =
        databases.stream()
            .anyMatch(database -> database.id().equals(memory) && database.places().size() == 1);
    if (!fits) {
      throw new YamlProblem(
          file,
          line,
          "%s must name a database of this file that all its tenants share, not '%s'"
              .formatted(key, memory));
    }
  }
}
