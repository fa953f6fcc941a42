package org.openlockbox.gateway.testing;

import java.time.Instant;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.testing.MemoryLog;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.GatewayIdentity;

/// What a gateway records, as the next leaf of a log.
final class GatewayLeaf {
  private GatewayLeaf() {}

  static Bytes of(GatewayEntry entry, GatewayIdentity gateway, MemoryLog log) {
    var stamp =
        Json.object()
            .put("boot", gateway.boot())
            .put("id", gateway.id().value())
            .put("seq", entry.counter());
    entry.signature().ifPresent(signature -> stamp.put("sig", signature));
    Json leaf =
        Json.object()
            .put("body", entry.body().toJson())
            .put("gw", stamp.build())
            .put("origin", log.origin().value())
            .put("seq", log.size())
            .put("ts", Instant.now().toEpochMilli())
            .put("type", entry.body().type().word())
            .put("v", 1)
            .build();
    return Bytes.of(CanonicalJson.bytes(leaf));
  }
}
