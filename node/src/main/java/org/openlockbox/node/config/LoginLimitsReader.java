package org.openlockbox.node.config;

import java.time.Duration;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.login.TrustedProxies;
import org.openlockbox.gateway.yaml.YamlMap;

/// Reads how many connections may be there that have not logged in yet (`gateway.logins`).
final class LoginLimitsReader {
  private LoginLimitsReader() {}

  private static TrustedProxies proxies(YamlMap logins) {
    try {
      return TrustedProxies.parse(logins.texts("trustedProxies"));
    } catch (IllegalArgumentException e) {
      throw logins.problem(
          "trustedProxies", "must be addresses or ranges such as 10.0.0.0/8: " + e.getMessage());
    }
  }

  static LoginLimits read(YamlMap logins) {
    LoginLimits usual = LoginLimits.STANDARD;
    int all = logins.optionalInteger("pending").orElse(usual.all());
    int network =
        logins.optionalInteger("pendingFromNetwork").orElse(Math.min(all, usual.fromNetwork()));
    int address =
        logins.optionalInteger("pendingFromAddress").orElse(Math.min(network, usual.fromAddress()));
    Duration within = logins.optionalDuration("within").orElse(usual.within());
    TrustedProxies proxies = proxies(logins);
    logins.done();
    try {
      return new LoginLimits(all, network, address, within, proxies);
    } catch (IllegalArgumentException e) {
      throw logins.problem(
          "pending",
          "1 <= pendingFromAddress <= pendingFromNetwork <= pending, and within above 0");
    }
  }
}
