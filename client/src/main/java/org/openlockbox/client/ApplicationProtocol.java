package org.openlockbox.client;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.client.resource.ApplicationResource;
import org.openlockbox.client.session.ApplicationSessions;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;

/// A protocol of a gateway whose clients are in the same process: it listens to nobody.
final class ApplicationProtocol implements GatewayProtocol {
  private final List<ApplicationResource> resources;
  private final Duration idle;
  private volatile @Nullable ApplicationSessions sessions;

  ApplicationProtocol(List<ApplicationResource> resources, Duration idle) {
    this.resources = List.copyOf(resources);
    this.idle = idle;
  }

  @Override
  public List<ApplicationResource> resources() {
    return resources;
  }

  @Override
  public void start() {}

  @Override
  public int listen(GatewayServices services) {
    sessions = new ApplicationSessions(services, idle);
    return 0;
  }

  ApplicationSessions sessions() {
    ApplicationSessions made = sessions;
    if (made == null) {
      throw new IllegalStateException("the gateway has not started");
    }
    return made;
  }

  @Override
  public void stopListening() {}

  @Override
  public void close() {
    ApplicationSessions made = sessions;
    if (made != null) {
      made.close();
    }
  }
}
