package org.openlockbox.postgres.catalogue;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;

/// The contents of `resources.yaml`: every database that this gateway protects. The provider's
/// platform team owns it; what it does not list does not exist for engineers.
public record Catalogue(List<ResourceSpec> resources) {
  public Catalogue {
    resources = List.copyOf(resources);
  }

  /// Reads the file's text; `file` is only the name that problems carry.
  ///
  /// @throws YamlProblem naming the line of the first mistake
  public static Catalogue parse(String file, String yaml) {
    var top = YamlMap.parse(file, yaml);
    var resources = top.maps("resources").stream().map(Catalogue::resource).toList();
    top.done();
    if (resources.isEmpty()) {
      throw new YamlProblem(file, top.line(), "missing key 'resources', or it lists nothing");
    }
    if (resources.stream().map(ResourceSpec::id).distinct().count() < resources.size()) {
      throw new YamlProblem(file, top.line(), "two resources have the same id");
    }
    return new Catalogue(resources);
  }

  /// Reads one item under `resources:`.
  ///
  /// @throws YamlProblem naming the line of the first mistake
  public static ResourceSpec resource(YamlMap item) {
    return new ResourceReader(item).read();
  }

  public Optional<ResourceSpec> resource(ResourceId id) {
    return resources.stream().filter(resource -> resource.id().equals(id)).findFirst();
  }
}
