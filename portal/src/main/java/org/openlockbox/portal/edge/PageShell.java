package org.openlockbox.portal.edge;

import org.openlockbox.server.request.AccessRequests.RequestCounts;
import org.openlockbox.server.request.RequestPulse;

/// What stands around every page: whose portal this is, how many requests wait, how many have
/// access right now, how the reader wants to see it, and what people are called.
public record PageShell(
    String organisation, RequestPulse pulse, Preferences preferences, PersonNames names) {
  static PageShell bare(Preferences preferences) {
    return new PageShell(
        "", new RequestPulse(RequestCounts.NONE, ""), preferences, PersonNames.NONE);
  }

  public RequestCounts counts() {
    return pulse.counts();
  }
}
