package org.openlockbox.server;

import java.time.Instant;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.server.TestServer.Answer;

/// What a gateway authority signs, as operators bring it.
public final class AuthoritySigned {
  public static final String PATH = "/v1/gateways:signed";
  private static final LogHost HOST = new LogHost(TestServer.LOG_HOST);

  private AuthoritySigned() {}

  public static Json revocation(String gateway, SoftwareKey key, SoftwareKey authority) {
    return TestTenant.envelope(signedRevocation(gateway, key, authority));
  }

  public static Envelope signedRevocation(String gateway, SoftwareKey key, SoftwareKey authority) {
    var id = new GatewayId(gateway);
    var revocation = new GatewayRevocation(id, key.key().keyId(), HOST, "its host was lost");
    return revocation.unsigned().signedBy(authority);
  }

  /// A change from the server's authority to the next one, signed by both.
  public static Json change(TestServer server, SoftwareKey next, Instant at) {
    var old = server.authority;
    var change = new AuthorityChange(next.key(), HOST, old.key().keyId(), at);
    return TestTenant.envelope(change.unsigned().signedBy(old).signedBy(next));
  }

  public static Answer bring(TestServer server, Json signed) {
    return server.post("operator", PATH, signed);
  }
}
