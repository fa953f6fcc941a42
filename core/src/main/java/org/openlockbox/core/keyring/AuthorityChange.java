package org.openlockbox.core.keyring;

import java.time.Duration;
import java.time.Instant;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.tenant.LogHost;

/// What the gateway authority in force and the new one sign together, so that the new one takes its
/// place. It names no tenant. Until `takesEffect` the quorum of a tenant can object, and then the
/// old authority stays in that tenant's log.
public record AuthorityChange(
    VerifyingKey authority, LogHost logHost, KeyId prev, Instant takesEffect) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.gateway-authority.v1+json";

  /// The shortest time from the entry's `ts` until the change takes effect.
  public static final Duration SHORTEST = Duration.ofDays(3);

  /// The longest.
  public static final Duration LONGEST = Duration.ofDays(30);

  private static final String WHAT = "gateway authority";

  public AuthorityChange {
    GatewayTrust.requireDirect(authority, WHAT);
  }

  /// Reads the change in this envelope; who signed it is not looked at.
  public static AuthorityChange parse(Envelope envelope) {
    envelope.require(PAYLOAD_TYPE, "a change of the gateway authority");
    var fields = Fields.of(envelope.payloadJson(), WHAT).version(1);
    var change =
        new AuthorityChange(
            VerifyingKey.parse(fields.object("authority")),
            fields.value("logHost", LogHost::new),
            fields.value("prev", KeyId::parse),
            fields.instant("takesEffect"));
    fields.done();
    return change;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("v", 1)
        .put("authority", authority.toJson())
        .put("logHost", logHost.value())
        .put("prev", prev.hex())
        .put("takesEffect", takesEffect)
        .build();
  }

  /// The change to sign: by the authority in force, and by the new one.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }
}
