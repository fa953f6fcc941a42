package org.openlockbox.portal.edge;

import java.net.URI;

/// The origin of the page where passkeys sign decisions, and nothing else: a host of its own, at
/// which nobody signs in. Its host is the relying party of every passkey made there.
public record ApproveOrigin(URI origin) {
  public ApproveOrigin {
    if (origin.getHost() == null || !origin.getRawPath().isEmpty()) {
      throw new IllegalArgumentException("an origin is scheme, host and port: " + origin);
    }
  }

  public String relyingParty() {
    return origin.getHost();
  }
}
