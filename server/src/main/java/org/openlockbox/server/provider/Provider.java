package org.openlockbox.server.provider;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.signing.VerifyingKey;

/// Who runs the server: their name, what their engineers can ask for, and the key of their gateway
/// authority. Gateways that it certified may lease and append; each new tenant's genesis names it.
///
/// What can be asked for may be replaced while the server runs. Nobody may keep it for longer than
/// a call; requests that were made keep what they say.
public final class Provider {
  private final String name;
  private final VerifyingKey gatewayAuthority;
  private volatile List<Resource> resources;

  public Provider(String name, List<Resource> resources, VerifyingKey gatewayAuthority) {
    this.name = name;
    this.resources = List.copyOf(resources);
    this.gatewayAuthority = gatewayAuthority;
  }

  public String name() {
    return name;
  }

  public VerifyingKey gatewayAuthority() {
    return gatewayAuthority;
  }

  /// What can be asked for now.
  public List<Resource> resources() {
    return resources;
  }

  public Optional<Resource> resource(ResourceId id) {
    return resources.stream().filter(resource -> resource.id().equals(id)).findFirst();
  }

  /// From now on these can be asked for.
  public void offer(List<Resource> next) {
    resources = List.copyOf(next);
  }
}
