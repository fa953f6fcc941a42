package org.openlockbox.postgres.database;

import java.util.regex.Pattern;
import org.openlockbox.core.keyring.GatewayId;

/// One start of one gateway. Roles of an earlier start of the same gateway are leftovers: the
/// sessions that used them died with the process.
public record GatewayBoot(GatewayId gateway, String boot) {
  private static final Pattern BOOT = Pattern.compile("[0-9a-f]{16}");

  public GatewayBoot {
    if (!BOOT.matcher(boot).matches()) {
      throw new IllegalArgumentException("not a gateway start: " + boot);
    }
  }

  /// `lockbox gw-1 0123456789abcdef`; the application name of the gateway's own connections.
  @Override
  public String toString() {
    return prefix() + boot;
  }

  String prefix() {
    return "lockbox " + gateway + " ";
  }
}
