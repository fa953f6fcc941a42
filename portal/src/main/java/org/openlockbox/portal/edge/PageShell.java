package org.openlockbox.portal.edge;

import org.openlockbox.server.request.AccessRequests.RequestCounts;
import org.openlockbox.server.request.RequestPulse;

/// What stands around every page: whose portal this is, how many requests wait, how many have
/// access right now, and how the reader wants to see it.
public record PageShell(String organisation, RequestPulse pulse, Preferences preferences) {
  static PageShell bare(Preferences preferences) {
    return new PageShell("", new RequestPulse(RequestCounts.NONE, ""), preferences);
  }

  public RequestCounts counts() {
    return pulse.counts();
  }
}
