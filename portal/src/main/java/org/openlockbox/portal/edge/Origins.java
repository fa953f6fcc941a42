package org.openlockbox.portal.edge;

import java.net.URI;
import java.util.Optional;

/// The two origins of the portal: of its pages, and of the one page where passkeys sign, if they
/// may.
public record Origins(URI portal, Optional<ApproveOrigin> approve) {
  /// A passkey that signs decisions is never used to sign in, so nobody signs in on its host.
  public Origins {
    if (approve
        .filter(page -> page.relyingParty().equalsIgnoreCase(portal.getHost()))
        .isPresent()) {
      throw new IllegalArgumentException("the approve origin is not a host of its own");
    }
  }
}
