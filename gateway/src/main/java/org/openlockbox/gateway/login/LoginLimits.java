package org.openlockbox.gateway.login;

import java.time.Duration;

/// How many connections may be open that have not logged in, and how long each of them.
///
/// @param all in all; each has a thread
/// @param fromNetwork from 24 bits of IPv4, or 48 of IPv6
/// @param fromAddress from one IPv4 address, or 64 bits of IPv6; many people may share one
/// @param within how long a login may take in all
/// @param proxies who says where its clients are
public record LoginLimits(
    int all, int fromNetwork, int fromAddress, Duration within, TrustedProxies proxies) {
  public static final LoginLimits STANDARD = new LoginLimits(400, 300, 200, Duration.ofSeconds(10));

  /// Clients connect by themselves.
  public LoginLimits(int all, int fromNetwork, int fromAddress, Duration within) {
    this(all, fromNetwork, fromAddress, within, TrustedProxies.NONE);
  }

  public LoginLimits {
    if (fromAddress < 1 || fromNetwork < fromAddress || all < fromNetwork || !within.isPositive()) {
      throw new IllegalArgumentException(
          "1 <= fromAddress (%d) <= fromNetwork (%d) <= all (%d), and a time above 0 (%s)"
              .formatted(fromAddress, fromNetwork, all, within));
    }
  }
}
