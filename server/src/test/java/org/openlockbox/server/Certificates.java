package org.openlockbox.server;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.tenant.LogHost;

/// Certificates for gateways of a test's server.
final class Certificates {
  private Certificates() {}

  /// Valid from yesterday on, for the resources that the tests open sessions on.
  static Envelope of(String gateway, SoftwareKey key, SoftwareKey authority, Instant now) {
    return new GatewayCertificate(
            new GatewayId(gateway),
            key.key(),
            new LogHost(TestServer.LOG_HOST),
            List.of(
                new ResourceId("billing"),
                new ResourceId("helpdesk"),
                new ResourceId("helpdesk-api"),
                new ResourceId("ledger")),
            new Window(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(90))))
        .unsigned()
        .signedBy(authority);
  }
}
