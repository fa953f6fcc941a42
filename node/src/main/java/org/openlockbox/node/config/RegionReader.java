package org.openlockbox.node.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.node.config.CatalogueReader.ListedResources;
import org.openlockbox.node.config.NodeConfig.GatewayAddresses;
import org.openlockbox.node.config.NodeConfig.Listen;
import org.openlockbox.node.config.NodeConfig.RegionSettings;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// Reads where engineers reach gateways: `server.gatewayAddress`, `server.httpGatewayAddress` and
/// `server.regions`. Each database and each service that speaks HTTP has an address in the end.
final class RegionReader {
  private static final String POSTGRES = "gatewayAddress";
  private static final String HTTP = "httpGatewayAddress";
  private static final String RESOURCES = "resources";

  private RegionReader() {}

  static GatewayAddresses addresses(YamlMap map) {
    return new GatewayAddresses(address(map, POSTGRES), address(map, HTTP));
  }

  private static Optional<Listen> address(YamlMap map, String key) {
    return map.has(key) ? Optional.of(ConfigReader.listen(map, key)) : Optional.empty();
  }

  static List<RegionSettings> regions(YamlMap server, ListedResources listed) {
    var read = new ArrayList<RegionSettings>();
    Set<Region> names = new HashSet<>();
    for (YamlMap map : server.maps("regions")) {
      var region = region(map, listed);
      if (!names.add(region.name())) {
        throw map.problem("name", region.name() + " stands twice");
      }
      read.add(region);
    }
    return read;
  }

  private static RegionSettings region(YamlMap map, ListedResources listed) {
    var name = map.checked("name", () -> new Region(map.text("name")));
    var addresses = addresses(map);
    var resources =
        map.has(RESOURCES)
            ? named(map, addresses, listed)
            : Stream.concat(
                    addresses.postgres().stream().flatMap(_ -> listed.databaseIds()),
                    addresses.http().stream().flatMap(_ -> listed.serviceIds()))
                .toList();
    map.done();
    if (addresses.postgres().isEmpty() && addresses.http().isEmpty()) {
      throw map.problem("name", "%s has neither %s nor %s".formatted(name, POSTGRES, HTTP));
    }
    return new RegionSettings(name, addresses, resources);
  }

  private static List<ResourceId> named(
      YamlMap map, GatewayAddresses addresses, ListedResources listed) {
    var ids =
        map.checked(RESOURCES, () -> map.texts(RESOURCES).stream().map(ResourceId::new).toList());
    Set<ResourceId> databases = new HashSet<>(listed.databaseIds().toList());
    Set<ResourceId> services = new HashSet<>(listed.serviceIds().toList());
    for (ResourceId id : ids) {
      if (databases.contains(id) && addresses.postgres().isEmpty()) {
        throw map.problem(RESOURCES, "%s is a database: %s is needed".formatted(id, POSTGRES));
      }
      if (services.contains(id) && addresses.http().isEmpty()) {
        throw map.problem(RESOURCES, "%s speaks HTTP: %s is needed".formatted(id, HTTP));
      }
      if (!databases.contains(id) && !services.contains(id)) {
        throw map.problem(RESOURCES, "no gateway leads to %s".formatted(id));
      }
    }
    return ids;
  }

  /// @throws YamlProblem if engineers would not know where to go
  static void requireAddresses(NodeConfig config, int line) {
    if (config.server().isEmpty()) {
      return;
    }
    var gateways = config.server().get().gateways();
    if (gateways.usual().postgres().isEmpty()) {
      config.catalogue().resources().stream()
          .map(ResourceSpec::id)
          .filter(id -> gateways.leadingTo(id).isEmpty())
          .findFirst()
          .ifPresent(id -> refuse(config, line, id + ", a database", POSTGRES));
    }
    if (gateways.usual().http().isEmpty()) {
      config.services().stream()
          .map(service -> service.spec().id())
          .filter(id -> gateways.leadingTo(id).isEmpty())
          .findFirst()
          .ifPresent(id -> refuse(config, line, id + ", which speaks HTTP", HTTP));
    }
  }

  private static void refuse(NodeConfig config, int line, String resource, String key) {
    throw new YamlProblem(
        config.file().toString(),
        line,
        "the catalogue has %s: 'server.%s' is needed".formatted(resource, key));
  }
}
