package org.openlockbox.portal;

import org.openlockbox.portal.edge.Origins;
import org.openlockbox.server.Extension;
import org.openlockbox.server.Wiring;
import org.springframework.context.support.GenericApplicationContext;

/// The pages that people use in a browser: they plug into a server, on the same port as its API.
public final class Portal implements Extension {
  private final Origins origins;

  public Portal(Origins origins) {
    this.origins = origins;
  }

  @Override
  public void plugInto(Wiring server, GenericApplicationContext context) {
    var visits = new VisitWiring(server);
    visits.start(server.rounds());
    new PageWiring(server, origins, visits, context).register();
  }
}
