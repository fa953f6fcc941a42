package org.openlockbox.core.keyring;

import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.LogHost;

/// What the gateway authority signs to end a gateway's key for good, in the logs of all tenants of
/// one host. It names no tenant: one signature serves all of them.
public record GatewayRevocation(GatewayId gateway, KeyId key, LogHost logHost, String reason) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.gateway-revocation.v1+json";

  private static final String WHAT = "gateway revocation";
  private static final int LONGEST_REASON = 500;

  public GatewayRevocation {
    if (reason.isBlank() || reason.length() > LONGEST_REASON) {
      throw new MalformedJson(WHAT + ": 'reason' is 1 to 500 characters");
    }
  }

  /// Reads the revocation in this envelope; who signed it is not looked at.
  public static GatewayRevocation parse(Envelope envelope) {
    envelope.require(PAYLOAD_TYPE, "a gateway revocation");
    var fields = Fields.of(envelope.payloadJson(), WHAT).version(1);
    var revocation =
        new GatewayRevocation(
            fields.value("gateway", GatewayId::new),
            fields.value("key", KeyId::parse),
            fields.value("logHost", LogHost::new),
            fields.text("reason"));
    fields.done();
    return revocation;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("v", 1)
        .put("gateway", gateway.value())
        .put("key", key.hex())
        .put("logHost", logHost.value())
        .put("reason", reason)
        .build();
  }

  /// The revocation to sign: `unsigned().signedBy(authority)`.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }
}
