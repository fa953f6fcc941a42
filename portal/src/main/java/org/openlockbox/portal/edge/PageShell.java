package org.openlockbox.portal.edge;

import org.openlockbox.server.request.AccessRequests.RequestCounts;

/// What stands around every page: whose portal this is, how many requests wait, how many have
/// access right now, and how the reader wants to see it.
public record PageShell(String organisation, RequestCounts counts, Preferences preferences) {
  static PageShell bare(Preferences preferences) {
    return new PageShell("", RequestCounts.NONE, preferences);
  }
}
