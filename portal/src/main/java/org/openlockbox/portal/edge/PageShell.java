package org.openlockbox.portal.edge;

import java.util.Optional;
import org.openlockbox.server.request.AccessRequests.RequestCounts;
import org.openlockbox.server.request.RequestPulse;

/// What stands around every page: whose portal this is, how many requests wait, how many have
/// access right now, how the reader wants to see it, what people and tenants are called, and the
/// message that confirms what the reader has just done.
public record PageShell(
    String organisation,
    RequestPulse pulse,
    Preferences preferences,
    PersonNames names,
    TenantNames tenants,
    Optional<String> done) {
  static PageShell bare(Preferences preferences) {
    return new PageShell(
        "", RequestPulse.NONE, preferences, PersonNames.NONE, TenantNames.none(), Optional.empty());
  }

  public RequestCounts counts() {
    return pulse.counts();
  }

  /// How many things wait behind this link of the navigation.
  public long waiting(String href) {
    return switch (href) {
      case "/inbox" -> counts().pending();
      case "/keys" -> pulse.proposals();
      default -> 0;
    };
  }
}
