package org.openlockbox.core.keyring;

import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.VerifyingKey;

/// The key with which one gateway signs the opening and closing of sessions.
public record GatewayKey(GatewayId id, VerifyingKey key) {
  public GatewayKey {
    if (key.scheme() != Scheme.ED25519 && key.scheme() != Scheme.ECDSA_P256) {
      throw new MalformedJson(
          "a gateway signs directly, not by %s: %s".formatted(key.scheme(), id));
    }
  }

  public static GatewayKey parse(Fields fields) {
    var gateway =
        new GatewayKey(
            fields.value("id", GatewayId::new), VerifyingKey.parse(fields.object("key")));
    fields.done();
    return gateway;
  }

  public Json.Object toJson() {
    return Json.object().put("id", id.value()).put("key", key.toJson()).build();
  }
}
