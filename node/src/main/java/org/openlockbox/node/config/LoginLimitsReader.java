package org.openlockbox.node.config;

import java.time.Duration;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.yaml.YamlMap;

/// Reads how many connections may be there that have not logged in yet (`gateway.logins`).
final class LoginLimitsReader {
  private LoginLimitsReader() {}

  static LoginLimits read(YamlMap logins) {
    LoginLimits usual = LoginLimits.STANDARD;
    int all = logins.optionalInteger("pending").orElse(usual.all());
    int network =
        logins.optionalInteger("pendingFromNetwork").orElse(Math.min(all, usual.fromNetwork()));
    int address =
        logins.optionalInteger("pendingFromAddress").orElse(Math.min(network, usual.fromAddress()));
    Duration within = logins.optionalDuration("within").orElse(usual.within());
    logins.done();
    try {
      return new LoginLimits(all, network, address, within);
    } catch (IllegalArgumentException e) {
      throw logins.problem(
          "pending",
          "1 <= pendingFromAddress <= pendingFromNetwork <= pending, and within above 0");
    }
  }
}
