package org.openlockbox.gateway.controlplane;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.openlockbox.core.keyring.GatewayId;

/// Which gateway this is and which of its boots: 16 hex digits, new each time it starts.
public record GatewayIdentity(GatewayId id, String boot) {
  public static GatewayIdentity starting(GatewayId id, RandomGenerator random) {
    return new GatewayIdentity(id, HexFormat.of().toHexDigits(random.nextLong()));
  }
}
