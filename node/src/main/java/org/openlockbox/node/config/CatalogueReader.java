package org.openlockbox.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.http.catalogue.ServiceReader;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// Reads `resources.yaml`: databases, and services that speak HTTP.
final class CatalogueReader {
  /// What the file lists.
  record ListedResources(Catalogue databases, List<HttpListing> services) {}

  private CatalogueReader() {}

  /// @throws YamlProblem naming the line of the first mistake
  static ListedResources read(String file, String text) {
    var top = YamlMap.parse(file, text);
    List<ResourceSpec> databases = new ArrayList<>();
    List<HttpListing> services = new ArrayList<>();
    for (YamlMap item : top.maps("resources")) {
      if (item.has("http")) {
        services.add(ServiceReader.read(item));
      } else {
        databases.add(Catalogue.resource(item));
      }
    }
    top.done();
    if (databases.isEmpty() && services.isEmpty()) {
      throw new YamlProblem(file, top.line(), "missing key 'resources', or it lists nothing");
    }
    requireApart(file, top.line(), databases, services);
    services.forEach(service -> requireMemory(file, top.line(), service, databases));
    return new ListedResources(new Catalogue(databases), List.copyOf(services));
  }

  private static void requireApart(
      String file, int line, List<ResourceSpec> databases, List<HttpListing> services) {
    List<ResourceId> ids =
        Stream.concat(
                databases.stream().map(ResourceSpec::id),
                services.stream().map(service -> service.spec().id()))
            .toList();
    if (ids.stream().distinct().count() < ids.size()) {
      throw new YamlProblem(file, line, "two resources have the same id");
    }
  }

  /// Gateways remember in one place what they saw of logs: one that no tenant has for itself.
  private static void requireMemory(
      String file, int line, HttpListing service, List<ResourceSpec> databases) {
    boolean fits =
        databases.stream()
            .anyMatch(
                database ->
                    database.id().equals(service.memory()) && database.places().size() == 1);
    if (!fits) {
      throw new YamlProblem(
          file,
          line,
          "%s: http.memory must name a database of this file that all its tenants share, not '%s'"
              .formatted(service.spec().id(), service.memory()));
    }
  }
}
